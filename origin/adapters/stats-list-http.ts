/**
 * StatsLists over e-Stat's HTTP interface 3.0. One attempt for each question: the build of the catalogue comes again
 * by itself, and a search has no time for a second one. URLs hold the application ID and are in no message (promise 10).
 */
import { fault } from '../../shared/fault.ts'
import { decodeEnvelope } from '../estat/decode-answer.ts'
import { decodeTableList } from '../estat/decode-table-list.ts'
import { REQUEST_HEADERS } from './stats-http-request.ts'
import type { ListPage, ListQuery, StatsLists } from '../ports.ts'

export interface StatsListHttpOptions {
  /** Real `fetch`, or the stand-in's function. */
  readonly send: (request: Request) => Promise<Response>
  /** Scheme and host; e-Stat's own where absent. */
  readonly baseUrl?: string
  readonly appId: string
  /** Milliseconds for one answer; e-Stat's lists take half a minute uncached (reference/estat-api.md, 5). */
  readonly timeoutMs?: number
}

const ESTAT = 'https://api.e-stat.go.jp'
const TIMEOUT_MS = 120_000

export function statsListHttp({
  send,
  baseUrl = ESTAT,
  appId,
  timeoutMs = TIMEOUT_MS,
}: StatsListHttpOptions): StatsLists {
  return {
    async list(query, signal) {
      const url = new URL('/rest/3.0/app/json/getStatsList', baseUrl)
      url.search = new URLSearchParams({ appId: appId.trim(), ...parametersOf(query) }).toString()
      const limit = AbortSignal.timeout(timeoutMs)
      const both = AbortSignal.any([signal, limit])
      const request = new Request(url, { headers: REQUEST_HEADERS, signal: both })
      const answer = await Promise.race([receive(send, request), aborted(both)]).catch(() => null)
      if (signal.aborted) throw fault('CANCELLED', 'The call was cancelled.')
      if (limit.aborted) throw fault('TIMEOUT_ERROR', 'e-Stat did not answer in time.')
      const envelope = answer === null ? null : decodeEnvelope(answer)
      if (envelope === null || (envelope.status >= 200 && envelope.status <= 299))
        throw fault('ESTAT_UNAVAILABLE', 'e-Stat did not answer with a list of tables.')
      if (envelope.status >= 100) throw fault('ESTAT_API_ERROR', `e-Stat refused the list (status ${envelope.status}).`)
      return pageOf(envelope.root, query)
    },
  }
}

async function receive(send: StatsListHttpOptions['send'], request: Request): Promise<unknown> {
  const response = await send(request)
  return await response.json()
}

/** Rejects once the signal aborts, for a sender that does not listen to it. */
const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    if (signal.aborted) reject(new Error('aborted'))
    else signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true })
  })

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
