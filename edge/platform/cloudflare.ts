/**
 * The edge on Cloudflare Workers (workerd): reads the environment, builds the adapters, serves.
 *
 * API keys, revoked links and the cache's generation are records in Workers KV, which `npm run keys` writes by
 * Cloudflare's REST API (`--platform cloudflare`), or for `wrangler dev` into the KV on this disk (`--platform local`).
 */
import { ConfigError, EdgeConfig, parseConfig } from '../../shared/config.ts'
import { faultReply } from '../../shared/fault.ts'
import { FlightObject } from '../adapters/flights-durable-object.ts'
import { type Env, now, report, send, workerParts } from './cloudflare/parts.ts'
import { edgeOf, runOf } from './edge-of.ts'

export { CallerLimit } from '../adapters/counter-durable-object.ts'

/** Flights of this Worker, flown by its own settings. */
export class Flight extends FlightObject<Env> {
  protected override readonly run = runOf(parseConfig(EdgeConfig, this.env), { send, now, report })
}

/** One for each isolate: bindings and settings change with a deploy, and then the isolate is new. */
let edge: ReturnType<typeof build> | undefined
const build = (env: Env) => edgeOf(parseConfig(EdgeConfig, env), workerParts(env))

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
