/** The edge on Bun. */
import { boot } from './common/boot.ts'

/** What is used of Bun, whose own types would change those of Node for the whole project. */
declare const Bun: {
  serve(options: {
    readonly hostname: string
    readonly port: number
    readonly idleTimeout: number
    readonly maxRequestBodySize: number
    readonly tls?: { readonly cert: string; readonly key: string }
    readonly fetch: (request: Request, server: BunServer) => Promise<Response>
    readonly error: () => Response
  }): BunServer
}
interface BunServer {
  readonly port: number
  requestIP(request: Request): { readonly address: string } | null
  /** Resolves when the last connection has ended. */
  stop(closeActiveConnections: boolean): Promise<void>
}

/** Seconds without a byte: more than any call takes (50 s), and a stream has a comment every 15 s. */
const SILENCE_S = 90
/** The app's own bound answers; this one is for a body that claims to be far over it. */
const MAX_BODY_BYTES = 2_000_000

await boot(async ({ edge, host, port, certificate }) => {
  const server = Bun.serve({
    hostname: host,
    port,
    idleTimeout: SILENCE_S,
    maxRequestBodySize: MAX_BODY_BYTES,
    ...(certificate ? { tls: certificate() } : {}),
    fetch: (request, server) => edge.fetch(request, { address: server.requestIP(request)?.address ?? null }),
    error: () => new Response(null, { status: 500 }),
  })
  return { port: server.port, close: () => server.stop(false) }
})
