/**
 * The Worker of the edge's bench: the production edge, bare Hono routes, and the edge's chain of middleware cut off
 * after so many, as BENCH tells each service. All of them run in one workerd.
 */
import { Hono, type MiddlewareHandler } from 'hono'
import production, { CallerLimit, Flight } from '../../edge/platform/cloudflare.ts'
import { type Env, report, workerParts } from '../../edge/platform/cloudflare/parts.ts'
import { edgeOptions } from '../../edge/platform/edge-of.ts'
import { EdgeConfig, parseConfig } from '../../shared/config.ts'
import { chainOf } from './edge-chain.ts'

export { CallerLimit, Flight }

interface BenchEnv extends Env {
  /** `edge`, `bare`, `sized`, or the number of middlewares to run. */
  readonly BENCH: string
}

type App = {
  readonly fetch: (request: Request, env: BenchEnv, context: ExecutionContext) => Response | Promise<Response>
}

/** The least that answers JSON. */
const bare = new Hono()
bare.all('*', (c) => c.json({ ok: true }))

/** JSON read, and JSON of the size of a cached search written. */
let sample: object = {}
const sized = new Hono()
sized.put('*', async (c) => {
  sample = await c.req.json()
  return c.json({ ok: true })
})
sized.post('*', async (c) => {
  await c.req.json()
  return c.json(sample)
})

function cut(env: BenchEnv): App {
  const options = edgeOptions(parseConfig(EdgeConfig, env), workerParts(env))
  const app = new Hono()
  const chain = chainOf(options).slice(0, Number(env.BENCH))
  for (const [, middleware] of chain) app.use(middleware as unknown as MiddlewareHandler)
  app.onError((error, c) => {
    report(error, 'bench')
    return c.json({ ok: false }, 500)
  })
  app.all('*', (c) => c.json({ ok: true }))
  return app
}

let app: App | undefined

export default {
  fetch(request: Request, env: BenchEnv, context: ExecutionContext): Response | Promise<Response> {
    app ??= choose(env)
    return app.fetch(request, env, context)
  },
}

function choose(env: BenchEnv): App {
  if (env.BENCH === 'bare') return bare
  if (env.BENCH === 'sized') return sized
  return env.BENCH === 'edge' ? (production as unknown as App) : cut(env)
}
