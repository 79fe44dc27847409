/**
 * The edge on Cloudflare Workers (workerd): reads the environment, builds the adapters, serves.
 *
 * An API key is a record in Workers KV: `wrangler kv key put --remote --binding KEYS key:<id> '<record>'`. Into the KV
 * that `wrangler dev --persist-to DIR` reads, the same with `--local --persist-to DIR` (1.2 s), or through miniflare,
 * as `infra/scripts/start/put-key.ts` does before the Worker starts.
 */
import manifest from '../../shared/tool-manifest.json' with { type: 'json' }
import { CACHEABLE } from '../../shared/cacheable/index.ts'
import { ConfigError, EdgeConfig, parseConfig } from '../../shared/config.ts'
import { faultReply } from '../../shared/fault.ts'
import { memoryCache } from '../adapters/cache-memory.ts'
import { workersCache } from '../adapters/cache-workers.ts'
import { type CallerLimit, durableObjectCounter } from '../adapters/counter-durable-object.ts'
import { memoryCounter } from '../adapters/counter-memory.ts'
import { kvKeys } from '../adapters/keys-kv.ts'
import { createEdge } from '../app.ts'
import { isLoopback } from '../domain/hosts.ts'
import { ToolManifest } from '../domain/tools.ts'

export { CallerLimit } from '../adapters/counter-durable-object.ts'

interface Env extends Readonly<Record<string, unknown>> {
  readonly KEYS: KVNamespace
  readonly LIMITER: DurableObjectNamespace<CallerLimit>
}

/** One for each isolate: bindings and settings change with a deploy, and then the isolate is new. */
let edge: ReturnType<typeof build> | undefined

export default {
  async fetch(request, env, context) {
    try {
      edge ??= build(env)
      return await edge.fetch(request, env, context)
    } catch (error) {
      report(error, error instanceof ConfigError ? 'configuration' : 'worker')
      return Response.json(faultReply(error, null), { status: 500 })
    }
  },
} satisfies ExportedHandler<Env>

function build(env: Env) {
  const config = parseConfig(EdgeConfig, env)
  const now = (): number => Date.now()
  return createEdge({
    originUrl: config.ORIGIN_URL,
    mode: config.AUTH_MODE,
    allowOpen: config.ALLOW_OPEN === '1',
    allowedHosts: config.ALLOWED_HOSTS,
    allowedOrigins: config.ALLOWED_ORIGINS,
    perMinute: config.RATE_LIMIT_PER_MINUTE,
    signingKey: config.CALLER_SIGNING_KEY,
    manifest: ToolManifest.parse(manifest),
    cacheables: CACHEABLE,
    keys: kvKeys({ kv: env.KEYS, now, report }),
    counter: durableObjectCounter(env.LIMITER),
    localCounter: memoryCounter({ now }),
    cache: workersCache({ cache: caches.default, front: memoryCache({ now }), now }),
    cacheGeneration: config.CACHE_GENERATION,
    clientAddress,
    send: (request) => fetch(request),
    now,
    newId: () => crypto.randomUUID(),
    background: (c, task) => c.executionCtx.waitUntil(task),
    report,
  })
}

/**
 * Cloudflare writes CF-Connecting-IP itself, over anything a client sends. Only `wrangler dev` lets a client's own
 * through: there the host is loopback, which Cloudflare never serves, and the client is this machine.
 */
function clientAddress(request: Request): string | null {
  if (isLoopback(new URL(request.url).hostname)) return '127.0.0.1'
  return request.headers.get('cf-connecting-ip')
}

/** Names and messages are our own or the runtime's; none of them holds a value of the environment. */
function report(error: unknown, where: string): void {
  const { name, message } = error instanceof Error ? error : { name: typeof error, message: '' }
  // oxlint-disable-next-line no-console -- the log of a Worker
  console.error(JSON.stringify({ level: 'error', where, name, message }))
}
