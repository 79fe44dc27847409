/**
 * The Cloudflare adapters over HTTP, so that the contract suites, which run in Node, reach them inside workerd. Each
 * call brings the time with it. (.mts: checked with the Worker's types, not with Node's.)
 */
import { memoryCache } from '../../edge/adapters/cache-memory.ts'
import { workersCache } from '../../edge/adapters/cache-workers.ts'
import { CallerLimit, durableObjectCounter } from '../../edge/adapters/counter-durable-object.ts'
import { recordKeys } from '../../edge/adapters/keys-records.ts'
import { kvRecords } from '../../edge/adapters/records-kv.ts'
import { recentRecords } from '../../edge/recent-records.ts'
import type { Ask, KeptResult, KeyStore, Records, ResultCache } from '../../edge/ports.ts'

/** An alarm cannot be called from outside. The isolate's clock is the tests' own. */
export class TestLimit extends CallerLimit {
  protected override now(): number {
    return time
  }

  clean(): Promise<void> {
    return this.alarm()
  }
}

interface Env {
  readonly KEYS: KVNamespace
  readonly LIMITER: DurableObjectNamespace<TestLimit>
}

type Call = { readonly now: number } & (
  | { readonly do: 'spend'; readonly caller: string; readonly ask: Ask }
  | { readonly do: 'clean'; readonly caller: string }
  | { readonly do: 'find'; readonly id: string }
  | { readonly do: 'get'; readonly key: string }
  /** As another isolate of the same data centre would. */
  | { readonly do: 'getElsewhere'; readonly key: string }
  | {
      readonly do: 'records'
      readonly method: Exclude<keyof Records, 'getMany'>
      readonly args: Parameters<Records['put']>
    }
  /** Many at once: a request each would take long. */
  | { readonly do: 'putRecords'; readonly names: readonly string[] }
  | { readonly do: 'put'; readonly key: string; readonly kept: KeptResult; readonly keepSeconds: number }
)

let time = 0
const now = (): number => time
const isolate = (): ResultCache => workersCache({ cache: caches.default, front: memoryCache({ now }), now })
const cache = isolate()
let keys: KeyStore | undefined
const report = (): void => {}

async function run(call: Call, env: Env): Promise<unknown> {
  keys ??= recordKeys({ records: recentRecords({ records: kvRecords(env.KEYS), now, report }), report })
  switch (call.do) {
    case 'spend':
      return durableObjectCounter(env.LIMITER).spend(call.caller, call.ask)
    case 'clean':
      await env.LIMITER.get(env.LIMITER.idFromName(call.caller)).clean()
      break
    case 'find':
      return keys.find(call.id)
    case 'get':
      return cache.get(call.key)
    case 'getElsewhere':
      return isolate().get(call.key)
    case 'records':
      return (await kvRecords(env.KEYS)[call.method](...call.args)) ?? null
    case 'putRecords':
      await Promise.all(call.names.map((name) => kvRecords(env.KEYS).put(name, 'x')))
      break
    case 'put':
      await cache.put(call.key, call.kept, call.keepSeconds)
  }
  return null
}

export default {
  async fetch(request, env) {
    const call = await request.json<Call>()
    time = call.now
    return Response.json(await run(call, env))
  },
} satisfies ExportedHandler<Env>
