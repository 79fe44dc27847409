import type { Handler, MiddlewareHandler } from 'hono'
import * as z from 'zod'
import { PURGE_SECONDS, type PurgeScope } from '../../shared/cache-generation.ts'
import { Fault, fault } from '../../shared/fault.ts'
import { hasScope } from '../../shared/scope.ts'
import type { ToolManifest } from '../domain/tools.ts'
import type { EdgeEnv, Report } from '../env.ts'
import type { Generations } from '../generation.ts'
import { within } from '../within.ts'

/** What an administrator asks, counted like a call that changes something: refused while the limits cannot be counted. */
const ADMINISTRATION = { name: 'administration', version: 1, scope: 'admin', weight: 1, cache: null } as const

/** @throws Fault FORBIDDEN without the scope `admin`. */
export function administrator(): MiddlewareHandler<EdgeEnv> {
  return async function administrator(c, next) {
    if (!hasScope(c.get('caller'), 'admin')) {
      c.set('lacking', ['admin'])
      throw fault('FORBIDDEN', 'Administration needs the scope "admin".')
    }
    c.set('asked', [{ tool: ADMINISTRATION, weight: ADMINISTRATION.weight }])
    await next()
  }
}

export interface PurgeOptions {
  readonly generations: Pick<Generations, 'bump'>
  readonly manifest: ToolManifest
  /** How long the store may take. */
  readonly timeoutMs: number
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly report: Report
}

const Body = z.union([
  z.strictObject({}),
  z.strictObject({ tool: z.string() }),
  z.strictObject({ dataset_id: z.string().regex(/^\d{10}$/) }),
])

/**
 * `POST /admin/purge`: `{}` or no body empties the search cache, `{"tool"}` takes away one tool's answers,
 * `{"dataset_id"}` those to calls that named that dataset. Answers the new generation and when it holds everywhere.
 *
 * @throws Fault INVALID_PARAMETER for another body; ESTAT_UNAVAILABLE where nothing was purged.
 */
export function purge({ generations, manifest, timeoutMs, now, report }: PurgeOptions): Handler<EdgeEnv> {
  const kept = manifest.tools.filter(({ cache }) => cache !== null).map(({ name }) => name)

  function scopeOf(json: unknown, empty: boolean): PurgeScope {
    const body = Body.safeParse(empty ? {} : json)
    if (!body.success)
      throw fault('INVALID_PARAMETER', 'The body is {}, {"tool": name} or {"dataset_id": ten digits}.', {
        hint: 'An empty object purges everything.',
      })
    if ('dataset_id' in body.data) return { dataset: body.data.dataset_id }
    if (!('tool' in body.data)) return {}
    const { tool } = body.data
    if (kept.includes(tool)) return { tool }
    throw fault('INVALID_PARAMETER', 'There is no such tool whose answers are kept.', {
      candidates: kept.map((name) => ({ code: name, name })),
    })
  }

  return async function purge(c) {
    const scope = scopeOf(c.get('json'), c.get('body').length === 0)
    try {
      const generation = await within(timeoutMs, generations.bump(scope))
      const holds = new Date(now() + PURGE_SECONDS * 1000).toISOString()
      return c.json({ success: true, result: { purged: sayScope(scope), generation, holds_everywhere_from: holds } })
    } catch (error) {
      if (error instanceof Fault) throw error
      report(error, 'cache generation')
      throw fault('ESTAT_UNAVAILABLE', 'The cache cannot be purged at present.', { hint: 'Call again in a minute.' })
    }
  }
}

function sayScope({ tool, dataset }: PurgeScope): object {
  if (tool !== undefined) return { tool }
  return dataset === undefined ? { all: true } : { dataset_id: dataset }
}
