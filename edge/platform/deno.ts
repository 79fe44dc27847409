/** The edge on Deno: `deno run --no-remote --cached-only --node-modules-dir=manual --allow-net --allow-env --allow-read=.` */
import { boot } from './common/boot.ts'

/** What is used of Deno, whose own types would change those of Node for the whole project. */
declare const Deno: {
  serve(
    options: {
      readonly hostname: string
      readonly port: number
      readonly cert?: string
      readonly key?: string
      readonly onListen: () => void
      readonly onError: () => Response
    },
    handler: (
      request: Request,
      info: { readonly remoteAddr: { readonly hostname?: string } },
    ) => Response | Promise<Response>,
  ): DenoServer
}
interface DenoServer {
  readonly addr: { readonly port: number }
  /** Resolves when the last answer has ended. */
  shutdown(): Promise<void>
}

await boot(async ({ edge, host, port, certificate }) => {
  const server = Deno.serve(
    {
      hostname: host,
      port,
      ...certificate?.(),
      onListen: () => undefined,
      onError: () => new Response(null, { status: 500 }),
    },
    (request, { remoteAddr }) => edge.fetch(request, { address: remoteAddr.hostname ?? null }),
  )
  return { port: server.addr.port, close: () => server.shutdown() }
})
