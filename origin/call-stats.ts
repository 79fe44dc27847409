/**
 * e-Stat as one call sees it: asked within the call's time and with its caller's ID, and with class lists and rows of
 * one and the same version of a table. Tools need not know of any of this.
 */
import { Fault } from '../shared/fault.ts'
import type { TableInfo } from './estat/model.ts'
import { keepsChanging } from './jobs/keeps-changing.ts'
import type { Ask, StatsSource } from './ports.ts'

export interface CallTerms {
  /** Milliseconds since the epoch; what an ask says itself comes first. Absent: no end. */
  readonly deadline?: number
  /** The caller's own application ID: the figures are live then, whatever is configured. */
  readonly appId: string | null
  /** False: rows of another version than the class lists pass, but still of one alone. */
  readonly oneVersion: boolean
}

/** The class lists this call was given are older or newer than its rows: the call has to begin anew. */
export class MetadataChanged extends Error {
  override readonly name = 'MetadataChanged'
}

/**
 * @throws MetadataChanged from `page`, `packed` and `count`, with `oneVersion`, where UPDATED_DATE is not the one that
 *   `describe` told; Fault ESTAT_UNAVAILABLE, without, where it is not the one that the first rows had.
 */
export function statsForCall(stats: StatsSource, { deadline, appId, oneVersion }: CallTerms): StatsSource {
  const told = new Map<string, string | null>()
  const completed = (ask: Ask): Ask => ({
    ...(deadline === undefined ? {} : { deadline }),
    ...(appId === null ? {} : { appId }),
    ...ask,
  })
  function check(id: string, now: string | null, ask: Ask): void {
    const before = told.get(`${id} ${ask.lang}`) ?? null
    if (before === null) told.set(`${id} ${ask.lang}`, now)
    else if (now !== null && before !== now) throw oneVersion ? new MetadataChanged() : keepsChanging()
  }
  /** One row of the table: its date, which a count does not have. */
  async function look(id: string, ask: Ask): Promise<void> {
    const { info } = await stats.page({ id, narrow: [] }, { start: 1, limit: 1 }, completed(ask))
    check(id, info.updatedDate, ask)
  }
  /** An empty answer has no date that can be relied on: a row of the table has. Else codes that an update took away would pass for rows that never were. */
  async function checkEmpty(id: string, ask: Ask): Promise<void> {
    if (told.has(`${id} ${ask.lang}`)) await look(id, ask)
  }
  async function checked<Page extends { readonly info: TableInfo }>(
    id: string,
    asking: Promise<Page>,
    ask: Ask,
  ): Promise<Page> {
    const page = await asking.catch(async (error: unknown) => {
      if (error instanceof Fault && error.code === 'NO_DATA') await checkEmpty(id, ask)
      throw error
    })
    check(id, page.info.updatedDate, ask)
    return page
  }
  return {
    ...stats,
    origin: appId === null ? stats.origin : 'live',
    async describe(id, ask) {
      const meta = await stats.describe(id, completed(ask))
      if (oneVersion) told.set(`${id} ${ask.lang}`, meta.info.updatedDate)
      return meta
    },
    async count(query, ask) {
      // What is counted lies between two dated answers, or rows of another version would be counted with these.
      if (!oneVersion && !told.has(`${query.id} ${ask.lang}`)) await look(query.id, ask)
      const total = await stats.count(query, completed(ask))
      if (total === 0) await checkEmpty(query.id, ask)
      return total
    },
    page: (query, range, ask) => checked(query.id, stats.page(query, range, completed(ask)), ask),
    packed: (query, range, ask) => checked(query.id, stats.packed(query, range, completed(ask)), ask),
  }
}
