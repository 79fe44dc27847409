/**
 * StatsFiles over e-Stat's HTTP interface 3.0 (getDataCatalog). One attempt for each question: the data catalogue takes
 * more than a minute on a bad day (reference/estat-api.md, 5), and no call has time for a second one. Nothing is kept.
 * URLs hold the application ID and are in no message (promise 10).
 */
import { type Fault, fault } from '../../shared/fault.ts'
import { decodeEnvelope } from '../estat/decode-answer.ts'
import { decodeDataCatalog } from '../estat/decode-data-catalog.ts'
import type { Ask, FilesPage, FilesQuery, StatsFiles } from '../ports.ts'
import { abortFault, untilAborted } from './stats-http-abort.ts'
import type { Send } from './stats-http-attempt.ts'
import { noAppId, refusal } from './stats-http-refusal.ts'
import { ESTAT_BASE_URL, REQUEST_HEADERS } from './stats-http-request.ts'

export interface StatsCatalogHttpOptions {
  /** Real `fetch` in its turn, or the stand-in's function. */
  readonly send: Send
  /** Scheme and host; e-Stat's own where absent. */
  readonly baseUrl?: string
  /** Null: only callers who bring their own are answered. */
  readonly appId: string | null
}

export function statsCatalogHttp({ send, baseUrl = ESTAT_BASE_URL, appId }: StatsCatalogHttpOptions): StatsFiles {
  return {
    configured: appId !== null,
    async find(query, ask, waitMs) {
      const id = ask.appId ?? appId
      if (id === null) throw noAppId()
      const url = new URL('/rest/3.0/app/json/getDataCatalog', baseUrl)
      url.search = new URLSearchParams({ appId: id.trim(), ...parametersOf(query, ask) }).toString()
      const limit = AbortSignal.timeout(waitMs)
      const signal = AbortSignal.any([ask.signal, limit])
      const request = new Request(url, { headers: REQUEST_HEADERS, signal })
      const answer = await untilAborted(receive(send, request), signal).catch(() => null)
      if (ask.signal.aborted) throw abortFault(ask.signal)
      if (answer === null && limit.aborted) return null
      return pageOf(answer, query, ask)
    },
  }
}

async function receive(send: Send, request: Request): Promise<unknown> {
  const response = await send(request)
  return await response.json()
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

function pageOf(answer: unknown, { start, limit }: FilesQuery, ask: Ask): FilesPage {
  const envelope = decodeEnvelope(answer)
  if (envelope === null || (envelope.status >= 200 && envelope.status <= 299))
    throw fault('ESTAT_UNAVAILABLE', 'e-Stat did not answer with a list of files.')
  if (envelope.status >= 100) throw refusalOf(envelope.status, ask)
  const page = decodeDataCatalog(envelope.root)
  const end = start - 1 + page.datasets.length
  // A next page that does not follow on this one would lose or repeat files.
  const joins = page.nextKey === null ? page.datasets.length === 0 || end >= page.total : page.nextKey === end + 1
  if (page.datasets.length > limit || !joins)
    throw fault('ESTAT_UNAVAILABLE', 'e-Stat answered with a list of files whose pages do not join.')
  return page
}

function refusalOf(status: number, ask: Ask): Fault {
  if (status === 100) return refusal(status, '', { origin: 'live' }, ask)
  return fault('ESTAT_API_ERROR', `e-Stat refused the request (status ${status}).`, {
    hint: 'Check stats_code with lookup, and use plain words.',
  })
}
