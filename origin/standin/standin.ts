/**
 * An e-Stat of our own: a pure function from Request to Response over parsed tables. It answers where there is no
 * application ID, and it is the upstream of the tests. It follows reference/estat-api.md.
 *
 * Served: the operations of API 3.0 in `OPERATIONS`, as JSON, JSONP, XML and CSV (getSimple...) where e-Stat has them. A
 * format is a writer of the same tree, an operation one entry. Out of scope: getSimpleStatsDatas, whose form is not on
 * record, and the older versions.
 */
import { getDataCatalog } from './operations/get-data-catalog.ts'
import { getMetaInfo } from './operations/get-meta-info.ts'
import { getStatsData } from './operations/get-stats-data.ts'
import { getStatsDatas } from './operations/get-stats-datas.ts'
import { getStatsList } from './operations/get-stats-list.ts'
import type { Operation } from './operations/operation.ts'
import { postDataset } from './operations/post-dataset.ts'
import { refDataset } from './operations/ref-dataset.ts'
import { badParameter, NOT_AUTHENTICATED } from './outcome.ts'
import { readParameters } from './parameters.ts'
import { type Format, isCallback, reply } from './reply.ts'
import type { StandinListing, StandinTable } from './table.ts'
import type { Element } from './tree.ts'

export interface StandinOptions {
  readonly tables: readonly StandinTable[]
  /** Tables that lists show though no data is held, after `tables`. Gone through anew for each list: may be generated. */
  readonly listed?: Iterable<StandinListing>
  /** DATA_CATALOG_INF of the files that getDataCatalog lists; gone through anew for each answer. */
  readonly files?: Iterable<Element>
  /** Application IDs that it takes. */
  readonly accepts: readonly string[]
  /** Milliseconds since the epoch, for DATE. */
  readonly now: () => number
}

export type Standin = (request: Request) => Promise<Response>

const OPERATIONS: readonly Operation[] = [
  getStatsList,
  getMetaInfo,
  getStatsData,
  getStatsDatas,
  postDataset,
  refDataset,
  getDataCatalog,
]

interface Route {
  readonly operation: Operation
  readonly format: Format
}

/** Path below `/rest/3.0/app/` to what it asks for. */
const ROUTES: ReadonlyMap<string, Route> = new Map(OPERATIONS.flatMap(routesOf))

function routesOf(operation: Operation): [path: string, route: Route][] {
  const { path, formats, simple } = operation
  // JSONP is for script elements, which only get.
  const all: readonly Format[] =
    operation.method === 'GET' && formats.includes('json') ? [...formats, 'jsonp'] : formats
  const routes = all.map((format): [string, Route] => [
    `${format === 'xml' ? '' : `${format}/`}${path}`,
    { operation, format },
  ])
  return simple === undefined ? routes : [...routes, [simple.path, { operation, format: 'csv' }]]
}

const BASE = '/rest/3.0/app/'

/** @returns Answers as e-Stat gives them; 404 for a path it does not serve, 405 for another method than the operation's. */
export function createStandin({ tables, listed = [], files = [], accepts, now }: StandinOptions): Standin {
  const world = {
    tables: new Map(tables.map((table) => [table.id, table])),
    listings: bothOf(tables, listed),
    files,
    datasets: new Map(),
  }
  return async (request) => {
    const { pathname, searchParams } = new URL(request.url)
    const route = pathname.startsWith(BASE) ? ROUTES.get(pathname.slice(BASE.length)) : undefined
    if (route === undefined) return new Response('Not Found', { status: 404 })
    const { operation, format } = route
    if (request.method !== operation.method)
      return new Response('Method Not Allowed', { status: 405, headers: { allow: operation.method } })

    const form = operation.method === 'POST' ? new URLSearchParams(await request.text()) : []
    const sent = readParameters(new URLSearchParams([...searchParams, ...form]))
    const forced = format === 'csv' ? Object.entries(operation.simple?.forced ?? {}) : []
    // STATUS 100 comes before any other check, on every operation; the ID is compared as it was sent.
    const known = accepts.includes(sent.get('appId') ?? '')
    const moment = now()
    const asked = new Map([...sent, ...forced])
    const callable = format !== 'jsonp' || isCallback(sent.get('callback'))
    const outcome = !known
      ? NOT_AUTHENTICATED
      : callable
        ? operation.answer(asked, { ...world, now: moment })
        : badParameter('callbackの指定が正しくありません。')
    return reply(operation, callable ? format : 'json', outcome, sent, moment)
  }
}

const bothOf = (first: Iterable<StandinListing>, second: Iterable<StandinListing>): Iterable<StandinListing> => ({
  *[Symbol.iterator]() {
    yield* first
    yield* second
  },
})
