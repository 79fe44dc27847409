/** StatsSource over e-Stat's HTTP interface 3.0: real HTTP, or the stand-in through the same `send`. */
import { type Fault, fault } from '../../shared/fault.ts'
import { type DataAnswer, decodeData, decodeMetadata, decodeTotal } from '../estat/decode-answer.ts'
import type { Extent, TableMeta } from '../estat/model.ts'
import type { SourceOrigin, StatsPage, StatsSource } from '../ports.ts'
import { timedCache } from './stats-http-cache.ts'
import {
  countRequest,
  type Endpoint,
  ESTAT_BASE_URL,
  MAX_ROWS,
  metaRequest,
  pageRequest,
} from './stats-http-request.ts'
import { ask, BACKOFF_MS, type Received, type Send } from './stats-http-send.ts'

export interface StatsHttpOptions {
  readonly send: Send
  /** Scheme and host; e-Stat's own where absent. */
  readonly baseUrl?: string
  /** Application ID, in no message and no log. */
  readonly appId: string
  readonly origin: SourceOrigin
  /** What a sample holds of the tables it has only in part. */
  readonly extents?: ReadonlyMap<string, Extent>
  /** When a sample's tables were recorded, ISO 8601; a table without an entry has no known date. */
  readonly recorded?: ReadonlyMap<string, string>
  /** Ids that the sample's catalogue lists: unknown to the sample is not unknown to e-Stat. */
  readonly knownIds?: ReadonlySet<string>
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Milliseconds for one question with its retries; 30 s where absent. */
  readonly timeoutMs?: number
  /** Milliseconds before each further attempt; `BACKOFF_MS` where absent. */
  readonly backoffMs?: readonly number[]
}

/** Class lists change when a table is updated, a few times a year; some weigh megabytes. */
const META_CACHE = { size: 50, ttlMs: 10 * 60_000 }

/** @throws Fault INVALID_PARAMETER from `page` for a range that e-Stat has not; the rest as StatsSource says. */
export function statsHttp(options: StatsHttpOptions): StatsSource {
  const { origin, extents, now, appId, baseUrl = ESTAT_BASE_URL } = options
  const endpoint: Endpoint = { baseUrl, appId }
  const metas = timedCache<TableMeta>({ ...META_CACHE, now })
  const sending = {
    send: options.send,
    timeoutMs: options.timeoutMs ?? 30_000,
    backoffMs: options.backoffMs ?? BACKOFF_MS,
  }

  async function answer(id: string, request: () => Request, signal: AbortSignal): Promise<Received> {
    const received = await ask(request, sending, signal)
    if (received.status >= 100) throw refusal(received.status, id, options)
    return received
  }

  return {
    origin,
    async describe(id, { lang, signal }) {
      const key = `${id} ${lang}`
      const known = metas.get(key)
      if (known !== undefined) return known
      const { root, status } = await answer(id, () => metaRequest(endpoint, id, lang), signal)
      if (status === 1) throw unknownTable(id, options)
      const decoded = decodeMetadata(root)
      if (decoded?.info.id !== id || decoded.axes.length === 0) throw inconsistent('metadata')
      const sample = origin === 'sample' ? { recordedAt: options.recorded?.get(id) ?? null } : {}
      const meta: TableMeta = { ...decoded, extent: extents?.get(id) ?? null, ...sample }
      metas.set(key, meta)
      return meta
    },
    async count(query, { lang, signal }) {
      const { root, status } = await answer(query.id, () => countRequest(endpoint, query, lang), signal)
      const total = status === 1 ? 0 : decodeTotal(root)
      if (total === null) throw inconsistent('a count')
      return total
    },
    async page(query, range, { lang, signal }) {
      checkRange(range)
      const { root, status, body } = await answer(query.id, () => pageRequest(endpoint, query, range, lang), signal)
      if (status === 1) throw fault('NO_DATA', `No row of table ${query.id} matches.`)
      return { body, ...pageOf(decodeData(root), query.id, range) }
    },
  }
}

interface Range {
  readonly start: number
  readonly limit: number
}

function checkRange({ start, limit }: Range): void {
  if (!Number.isSafeInteger(start) || start < 1 || !Number.isSafeInteger(limit) || limit < 1 || limit > MAX_ROWS)
    throw fault('INVALID_PARAMETER', `A page starts at row 1 or later and has 1 to ${MAX_ROWS} rows.`)
}

/** A page is whole or nothing: rows lost between e-Stat and here must not pass for a complete answer. */
function pageOf(data: DataAnswer | null, id: string, { start, limit }: Range): Omit<StatsPage, 'body'> {
  if (data === null || data.info.id !== id) throw inconsistent('data')
  const { total, from, to, nextKey, info, notes, annotations, values } = data
  const last = Math.min(start + limit - 1, total)
  const holds = from === start && to === last && values.length === to - from + 1
  const continues = nextKey === (to < total ? to + 1 : null)
  if (!holds || !continues) throw inconsistent('rows')
  return { total, from, to, nextKey, info, notes, annotations, values }
}

const inconsistent = (what: string): Fault =>
  fault('ESTAT_UNAVAILABLE', `e-Stat answered with ${what} that do not agree with what was asked.`)

/** STATUS 100 and up (reference/estat-api.md, 4). e-Stat's own ERROR_MSG is upstream text and stays out. */
function refusal(status: number, id: string, options: StatsHttpOptions): Fault {
  if (status === 300) return unknownTable(id, options)
  if (status === 100)
    return fault('ESTAT_API_ERROR', 'e-Stat refused the application ID.', {
      hint: 'Check ESTAT_APP_ID for missing or extra characters; an ID is issued free of charge at https://www.e-stat.go.jp/api/.',
    })
  return fault('ESTAT_API_ERROR', `e-Stat refused the request (status ${status}).`, {
    hint: 'Check the table id and the codes with describe_dataset.',
  })
}

function unknownTable(id: string, { origin, knownIds }: StatsHttpOptions): Fault {
  if (origin === 'live') return fault('NOT_FOUND', `e-Stat has no table ${id}.`)
  if (knownIds?.has(id))
    return fault('NO_DATA', `Table ${id} exists at e-Stat, but its figures are not bundled.`, {
      hint: 'Set ESTAT_APP_ID to ask e-Stat itself, or search for tables marked as bundled.',
    })
  return fault('NOT_FOUND', `Table ${id} is neither bundled nor in the bundled catalogue.`, {
    hint: 'Find an id with search_estat_data, or set ESTAT_APP_ID to ask e-Stat itself.',
  })
}
