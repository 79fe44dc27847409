/** StatsSource over e-Stat's HTTP interface 3.0: real HTTP, or the stand-in through the same `send`. */
import { fault } from '../../shared/fault.ts'
import { decodeMetadata, decodeTotal } from '../estat/decode-answer.ts'
import type { Extent, TableMeta } from '../estat/model.ts'
import type { Ask, SourceOrigin, StatsQuery, StatsSource } from '../ports.ts'
import type { Received, Send } from './stats-http-attempt.ts'
import { type ReadBody, readJson, readPacked } from './stats-http-body.ts'
import { ALWAYS_CLOSED, circuitBreaker } from './stats-http-breaker.ts'
import { timedCache } from './stats-http-cache.ts'
import { type FlightTerms, flights } from './stats-http-flight.ts'
import { type Pacer, pacer, UNPACED } from './stats-http-pace.ts'
import { checkRange, inconsistent, pageOf, type Range } from './stats-http-page.ts'
import { countRequest, type Endpoint, ESTAT_BASE_URL, metaRequest, pageRequest } from './stats-http-request.ts'
import { noAppId, refusal, unknownTable } from './stats-http-refusal.ts'
import { RETRY, type RetryPolicy } from './stats-http-retry.ts'
import { ask as askEstat } from './stats-http-send.ts'

export interface StatsHttpOptions {
  readonly send: Send
  /** Scheme and host; e-Stat's own where absent. */
  readonly baseUrl?: string
  /** Application ID, in no message and no log. Null: only callers with one of their own are served. */
  readonly appId: string | null
  readonly origin: SourceOrigin
  /** What a sample holds of the tables it has only in part. */
  readonly extents?: ReadonlyMap<string, Extent>
  /** When a sample's tables were recorded, ISO 8601; a table without an entry has no known date. */
  readonly recorded?: ReadonlyMap<string, string>
  /** Ids that the sample's catalogue lists: unknown to the sample is not unknown to e-Stat. */
  readonly knownIds?: ReadonlySet<string>
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Shared by whatever else asks e-Stat; absent: no pace, for a source in this process. */
  readonly pacer?: Pacer
  /** `RETRY` where absent. */
  readonly retry?: RetryPolicy
  /** Milliseconds for one attempt; 30 s where absent: e-Stat takes long on a bad day (reference/estat-api.md, 7.19). */
  readonly attemptMs?: number
  /** From 0 to below 1; `Math.random` where absent. */
  readonly random?: () => number
  /** When failures in a row open the circuit breaker; `BREAKER` where absent. */
  readonly breaker?: { readonly threshold: number; readonly openMs: number }
}

/**
 * Class lists change when a table is updated, a few times a year. Some have tens of thousands of codes and weigh
 * megabytes: what counts is codes, at some 200 bytes each, and a table itself as much as 500 of them.
 */
const META_CACHE = {
  most: 150_000,
  weigh: ({ axes }: TableMeta): number => axes.reduce((sum, { items }) => sum + items.length, 500),
  ttlMs: 10 * 60_000,
}
/** Two questions in a row without an answer, and a probe twice a minute until there is one. */
const BREAKER = { threshold: 5, openMs: 30_000 }

/** @throws Fault INVALID_PARAMETER from `page` and `packed` for a range that e-Stat has not; the rest as StatsSource says. */
export function statsHttp(options: StatsHttpOptions): StatsSource {
  const { origin, extents, now } = options
  const metas = timedCache<TableMeta>({ ...META_CACHE, now })
  const describing = flights<TableMeta>()
  const shared = circuitBreaker({ ...(options.breaker ?? BREAKER), now })
  const sending = {
    send: options.send,
    pacer: options.pacer ?? pacer(UNPACED),
    retry: options.retry ?? RETRY,
    attemptMs: options.attemptMs ?? 30_000,
    now,
    random: options.random ?? Math.random,
  }

  /** A caller's own ID has the same pace, and no part in the circuit breaker: its failures are its own. */
  async function answer<Body>(
    id: string,
    request: (endpoint: Endpoint) => Request,
    read: ReadBody<Body>,
    ask: Ask,
  ): Promise<Received<Body>> {
    const endpoint = endpointFor(options, ask)
    const breaker = ask.appId === undefined ? shared : ALWAYS_CLOSED
    const received = await askEstat(() => request(endpoint), read, sending, breaker, ask)
    if (received.status >= 100) throw refusal(received.status, id, options, ask)
    return received
  }

  async function load(id: string, ask: Ask): Promise<TableMeta> {
    const { root, status } = await answer(id, (endpoint) => metaRequest(endpoint, id, ask.lang), readJson, ask)
    if (status === 1) throw unknownTable(id, options)
    const decoded = decodeMetadata(root)
    if (decoded?.info.id !== id || decoded.axes.length === 0) throw inconsistent('metadata')
    const sample = origin === 'sample' ? { recordedAt: options.recorded?.get(id) ?? null } : {}
    return { ...decoded, extent: extents?.get(id) ?? null, ...sample }
  }

  async function fly(id: string, lang: Ask['lang'], flight: FlightTerms): Promise<TableMeta> {
    const ask = {
      lang,
      signal: flight.signal,
      get deadline() {
        return flight.deadline
      },
    }
    const meta = await load(id, ask)
    metas.set(keyOf(id, lang), meta)
    return meta
  }

  /** Every page says when its table was updated: metadata of another day is forgotten, at no cost. */
  function revalidate(id: string, updatedDate: string | null, { lang, appId }: Ask): void {
    const known = appId === undefined ? metas.get(keyOf(id, lang))?.info.updatedDate : undefined
    if (known !== undefined && updatedDate !== null && known !== updatedDate) metas.delete(keyOf(id, lang))
  }

  async function rowsOf<Body>(
    query: StatsQuery,
    range: Range,
    read: ReadBody<Body>,
    ask: Ask,
  ): Promise<Received<Body>> {
    checkRange(range)
    const request = (endpoint: Endpoint): Request => pageRequest(endpoint, query, range, ask.lang)
    const received = await answer(query.id, request, read, ask)
    if (received.status === 1) throw fault('NO_DATA', `No row of table ${query.id} matches.`)
    return received
  }

  return {
    origin,
    condition: () => shared.condition(),
    async describe(id, ask) {
      // What a caller's own ID brings serves that request alone: it is neither kept nor shared.
      if (ask.appId !== undefined) return load(id, ask)
      const { lang } = ask
      const key = keyOf(id, lang)
      const known = metas.get(key)
      if (known !== undefined) return known
      return describing.join(key, (flight) => fly(id, lang, flight), ask)
    },
    async count(query, ask) {
      const request = (endpoint: Endpoint): Request => countRequest(endpoint, query, ask.lang)
      const { root, status } = await answer(query.id, request, readJson, ask)
      const total = status === 1 ? 0 : decodeTotal(root)
      if (total === null) throw inconsistent('a count')
      return total
    },
    async page(query, range, ask) {
      const { root } = await rowsOf(query, range, readJson, ask)
      const page = pageOf(root, query.id, range)
      revalidate(query.id, page.info.updatedDate, ask)
      return page
    },
    async packed(query, range, ask) {
      const { root, body } = await rowsOf(query, range, readPacked, ask)
      const { values, annotations: _, ...page } = pageOf(root, query.id, range, body.rows)
      revalidate(query.id, page.info.updatedDate, ask)
      return { ...page, rows: values.length + body.rows, packed: body.packed }
    },
  }
}

const keyOf = (id: string, lang: string): string => `${id} ${lang}`

function endpointFor({ baseUrl = ESTAT_BASE_URL, appId }: StatsHttpOptions, ask: Ask): Endpoint {
  const id = ask.appId ?? appId
  if (id === null) throw noAppId()
  return { baseUrl, appId: id }
}
