/** What a final STATUS of e-Stat means to a caller, in our words. */
import { type Fault, fault } from '../../shared/fault.ts'
import type { Ask, SourceOrigin } from '../ports.ts'

interface Known {
  readonly origin: SourceOrigin
  /** Ids that the sample's catalogue lists. */
  readonly knownIds?: ReadonlySet<string>
}

const ISSUED = 'an ID is issued free of charge at https://www.e-stat.go.jp/api/.'

export const noAppId = (): Fault =>
  fault('ESTAT_API_ERROR', 'There is no application ID to ask e-Stat with.', {
    hint: `Send your own as X-Estat-App-Id, or have ESTAT_APP_ID set; ${ISSUED}`,
  })

/** STATUS 100 and up (reference/estat-api.md, 4). e-Stat's own ERROR_MSG is upstream text and stays out. */
export function refusal(status: number, id: string, known: Known, { appId }: Ask): Fault {
  if (status === 300) return unknownTable(id, known)
  if (status === 100)
    return fault('ESTAT_API_ERROR', 'e-Stat refused the application ID.', {
      hint: `Check ${appId === undefined ? 'ESTAT_APP_ID' : 'X-Estat-App-Id'} for missing or extra characters; ${ISSUED}`,
    })
  return fault('ESTAT_API_ERROR', `e-Stat refused the request (status ${status}).`, {
    hint: 'Check the table id and the codes with describe_dataset.',
  })
}

export function unknownTable(id: string, { origin, knownIds }: Known): Fault {
  if (origin === 'live') return fault('NOT_FOUND', `e-Stat has no table ${id}.`)
  if (knownIds?.has(id))
    return fault('NO_DATA', `Table ${id} exists at e-Stat, but its figures are not bundled.`, {
      hint: 'Set ESTAT_APP_ID, or send your own ID as X-Estat-App-Id, to ask e-Stat itself; or search for tables marked as bundled.',
    })
  return fault('NOT_FOUND', `Table ${id} is neither bundled nor in the bundled catalogue.`, {
    hint: 'Find an id with search_estat_data; to ask e-Stat itself set ESTAT_APP_ID or send X-Estat-App-Id.',
  })
}
