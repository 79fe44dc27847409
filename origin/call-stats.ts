/**
 * e-Stat as one call sees it: asked within the call's time and with its caller's ID, and with class lists and rows of
 * one and the same version of a table. Tools need not know of any of this.
 */
import type { Ask, StatsSource } from './ports.ts'

export interface CallTerms {
  /** Milliseconds since the epoch; what an ask says itself comes first. Absent: no end. */
  readonly deadline?: number
  /** The caller's own application ID: the figures are live then, whatever is configured. */
  readonly appId: string | null
  /** False: rows of another version than the class lists pass. */
  readonly oneVersion: boolean
}

/** The class lists this call was given are older or newer than its rows: the call has to begin anew. */
export class MetadataChanged extends Error {
  override readonly name = 'MetadataChanged'
}

/** @throws MetadataChanged from `page`, with `oneVersion`, where UPDATED_DATE is not the one that `describe` told. */
export function statsForCall(stats: StatsSource, { deadline, appId, oneVersion }: CallTerms): StatsSource {
  const told = new Map<string, string | null>()
  const completed = (ask: Ask): Ask => ({
    ...(deadline === undefined ? {} : { deadline }),
    ...(appId === null ? {} : { appId }),
    ...ask,
  })
  return {
    ...stats,
    origin: appId === null ? stats.origin : 'live',
    async describe(id, ask) {
      const meta = await stats.describe(id, completed(ask))
      told.set(`${id} ${ask.lang}`, meta.info.updatedDate)
      return meta
    },
    count: (query, ask) => stats.count(query, completed(ask)),
    async page(query, range, ask) {
      const page = await stats.page(query, range, completed(ask))
      const before = told.get(`${query.id} ${ask.lang}`) ?? null
      const { updatedDate: now } = page.info
      if (oneVersion && before !== null && now !== null && before !== now) throw new MetadataChanged()
      return page
    },
  }
}
