/**
 * An e-Stat of our own: a pure function from Request to Response over parsed tables. It answers where there is no
 * application ID, and it is the upstream of the tests. It follows reference/estat-api.md.
 *
 * Served so far: the JSON forms of getStatsList, getMetaInfo and getStatsData, API 3.0. A further format is one more
 * writer of the same tree, a further operation one more entry in `OPERATIONS`.
 */
import { getMetaInfo } from './operations/get-meta-info.ts'
import { getStatsData } from './operations/get-stats-data.ts'
import { getStatsList } from './operations/get-stats-list.ts'
import type { Operation, World } from './operations/operation.ts'
import { httpStatusOf, NOT_AUTHENTICATED, type Outcome, resultElement } from './outcome.ts'
import { parameterElement, readParameters } from './parameters.ts'
import type { StandinListing, StandinTable } from './table.ts'
import { branch } from './tree.ts'
import { writeJson } from './write-json.ts'

export interface StandinOptions {
  readonly tables: readonly StandinTable[]
  /** Tables that lists show though no data is held, after `tables`. Gone through anew for each list: may be generated. */
  readonly listed?: Iterable<StandinListing>
  /** Application IDs that it takes. */
  readonly accepts: readonly string[]
  /** Milliseconds since the epoch, for DATE. */
  readonly now: () => number
}

export type Standin = (request: Request) => Promise<Response>

const OPERATIONS: readonly Operation[] = [getStatsList, getMetaInfo, getStatsData]
const JSON_PATH = '/rest/3.0/app/json/'

/** @returns Answers as e-Stat gives them; 404 for a path it does not serve, 405 for another method than GET. */
export function createStandin({ tables, listed = [], accepts, now }: StandinOptions): Standin {
  const world: World = {
    tables: new Map(tables.map((table) => [table.id, table])),
    listings: bothOf(tables, listed),
  }
  return async (request) => {
    const { pathname, searchParams } = new URL(request.url)
    const operation = OPERATIONS.find(({ path }) => pathname === `${JSON_PATH}${path}`)
    if (operation === undefined) return new Response('Not Found', { status: 404 })
    if (request.method !== 'GET') return new Response('Method Not Allowed', { status: 405, headers: { allow: 'GET' } })

    const sent = readParameters(searchParams)
    // STATUS 100 comes before any other check, on every operation; the ID is compared as it was sent.
    const known = accepts.includes(sent.get('appId') ?? '')
    const outcome = known ? operation.answer(sent, world) : NOT_AUTHENTICATED
    return reply(operation, outcome, searchParams, now())
  }
}

const bothOf = (first: Iterable<StandinListing>, second: Iterable<StandinListing>): Iterable<StandinListing> => ({
  *[Symbol.iterator]() {
    yield* first
    yield* second
  },
})

function reply(operation: Operation, outcome: Outcome, query: URLSearchParams, now: number): Response {
  // Recorded errors of authentication echo no START_POSITION.
  const echo =
    outcome === NOT_AUTHENTICATED
      ? operation.echo.filter((member) => !('name' in member) || member.name !== 'START_POSITION')
      : operation.echo
  const parameters = parameterElement(readParameters(query), echo)
  const root = branch(operation.root, [resultElement(outcome, now), parameters, ...outcome.body])
  return new Response(writeJson(root), {
    status: httpStatusOf(outcome.status),
    headers: { 'content-type': 'application/json;charset=utf-8', 'access-control-allow-origin': '*' },
  })
}
