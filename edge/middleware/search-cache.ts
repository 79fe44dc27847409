import type { Context, MiddlewareHandler } from 'hono'
import type { Asking, Served } from '../cached-answers.ts'
import { type CacheableTools, planCall } from '../domain/call-plan.ts'
import { readToolsets } from '../../shared/toolsets.ts'
import type { EdgeEnv } from '../env.ts'
import { timed } from '../timings.ts'

export interface SearchCacheOptions extends CacheableTools {
  readonly answer: (asking: Asking) => Promise<Served>
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Work that may outlive the reply. It never rejects. */
  readonly background: (c: Context, task: Promise<void>) => void
}

/**
 * Answers calls of cacheable tools from what is kept of them, and passes on everything else. What is kept is the domain
 * result; each caller gets it in the form of its own protocol revision. `X-Cache` and `Age` say where an answer came
 * from.
 */
export function searchCache(options: SearchCacheOptions): MiddlewareHandler<EdgeEnv> {
  const { answer, now, background } = options
  return async function searchCache(c, next) {
    const { path, raw } = c.req
    const { scopes } = c.get('caller')
    const toolsets = path === '/mcp' ? readToolsets(raw.url) : null
    const plan = planCall({ path, json: c.get('json'), headers: raw.headers, scopes, toolsets }, options)
    if (!plan) {
      c.get('head')['x-cache'] = 'BYPASS'
      await next()
      return undefined
    }
    const served = await answer({
      plan,
      from: { caller: c.get('caller'), requestId: c.get('requestId'), trace: c.get('trace') },
      signal: raw.signal,
      background: (task) => background(c, task),
      time: (part, task) => timed(c, part, now, task),
    })
    const { outcome } = served
    const { status, body, headers } = outcome.ok
      ? plan.form.answer(outcome.answer)
      : plan.form.failure(outcome.failure, outcome.status)
    c.set('reply', { status, body, headers: { ...headers, ...cacheHeaders(served) } })
    return undefined
  }
}

/** Where an answer came from (PRODUCT.md section 5); `Age` as RFC 9111 section 5.1 has it. */
export const cacheHeaders = ({ state, age }: Pick<Served, 'state' | 'age'>): Record<string, string> => ({
  'x-cache': state,
  ...(age === null ? {} : { age: String(age) }),
})
