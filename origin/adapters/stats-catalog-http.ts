/**
 * StatsFiles over e-Stat's HTTP interface 3.0 (getDataCatalog), by the same retries and circuit breaker as the lists.
 * The data catalogue takes more than a minute on a bad day (reference/estat-api.md, 5). Nothing is kept. URLs hold the
 * application ID and are in no message (promise 10).
 */
import { Fault, fault } from '../../shared/fault.ts'
import type { Answer } from '../estat/decode-answer.ts'
import { decodeDataCatalog } from '../estat/decode-data-catalog.ts'
import type { Ask, FilesPage, FilesQuery, StatsFiles } from '../ports.ts'
import { type ListsOptions, listsAsker } from './stats-lists-ask.ts'

/** One question that e-Stat thinks about for long, rather than two that it does not answer. */
const TIMEOUT_MS = 120_000

export function statsCatalogHttp(options: ListsOptions): StatsFiles {
  const askEstat = listsAsker('getDataCatalog', { attemptMs: TIMEOUT_MS, hastyMs: TIMEOUT_MS, ...options })
  return {
    configured: options.appId !== null,
    async find(query, ask, waitMs) {
      const limit = AbortSignal.timeout(waitMs)
      const terms = { ...ask, signal: AbortSignal.any([ask.signal, limit]), deadline: options.now() + waitMs }
      try {
        return pageOf(await askEstat(parametersOf(query, ask), terms), query)
      } catch (error) {
        const isLate = error instanceof Fault && error.code === 'TIMEOUT_ERROR'
        if (isLate && !ask.signal.aborted) return null
        throw error
      }
    },
  }
}

const parametersOf = (query: FilesQuery, { lang }: Ask): Record<string, string> => ({
  lang,
  explanationGetFlg: 'N',
  searchWord: query.words.join(' AND '),
  ...(query.statsCode === null ? {} : { statsCode: query.statsCode }),
  ...(query.formats.length === 0 ? {} : { dataType: query.formats.join(',') }),
  startPosition: String(query.start),
  limit: String(query.limit),
})

function pageOf({ root, status }: Answer, { start, limit }: FilesQuery): FilesPage {
  if (status >= 100)
    throw fault('ESTAT_API_ERROR', `e-Stat refused the request (status ${status}).`, {
      hint: 'Check stats_code with lookup, and use plain words.',
    })
  const page = decodeDataCatalog(root)
  const end = start - 1 + page.datasets.length
  // A next page that does not follow on this one would lose or repeat files.
  const joins = page.nextKey === null ? page.datasets.length === 0 || end >= page.total : page.nextKey === end + 1
  if (page.datasets.length > limit || !joins)
    throw fault('ESTAT_UNAVAILABLE', 'e-Stat answered with a list of files whose pages do not join.')
  return page
}
