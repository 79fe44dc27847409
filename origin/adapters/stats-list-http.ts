/**
 * StatsLists over e-Stat's HTTP interface 3.0, by the same retries and circuit breaker as the figures. URLs hold the
 * application ID and are in no message (promise 10).
 */
import { fault } from '../../shared/fault.ts'
import { decodeTableList } from '../estat/decode-table-list.ts'
import type { ListPage, ListQuery, StatsLists } from '../ports.ts'
import { type ListsOptions, listsAsker } from './stats-lists-ask.ts'

/** Of a whole page; e-Stat's lists take half a minute uncached (reference/estat-api.md, 5). */
const TIMEOUT_MS = 120_000
/** Of a search that somebody waits for: what takes longer comes too late, and counts as a failure. */
const HASTY_MS = 7_000

export function statsListHttp(options: ListsOptions): StatsLists {
  const ask = listsAsker('getStatsList', { attemptMs: TIMEOUT_MS, hastyMs: HASTY_MS, ...options })
  return {
    configured: options.appId !== null,
    async list(query, terms) {
      const { root, status } = await ask(parametersOf(query), terms)
      if (status >= 100) throw fault('ESTAT_API_ERROR', `e-Stat refused the list (status ${status}).`)
      return pageOf(root, query)
    },
  }
}

const parametersOf = ({ searchWord, searchKind, updatedDate, start, limit }: ListQuery): Record<string, string> => ({
  lang: 'J',
  explanationGetFlg: 'N',
  ...(searchWord === undefined ? {} : { searchWord }),
  ...(searchKind === undefined ? {} : { searchKind }),
  ...(updatedDate === undefined ? {} : { updatedDate }),
  startPosition: String(start),
  limit: String(limit),
})

/** A page is whole or nothing: a next page that does not follow on this one would lose tables. */
function pageOf(root: unknown, { start }: ListQuery): ListPage {
  const { total, listings, nextKey, tables } = decodeTableList(root)
  const end = start - 1 + listings
  if (nextKey === null ? listings > 0 && end < total : nextKey !== end + 1)
    throw fault('ESTAT_UNAVAILABLE', 'e-Stat answered with a list whose pages do not join.')
  return { total, nextKey, tables }
}
