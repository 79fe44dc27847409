/** A wire to the edge that shows what a program on its way keeps to itself: headers sent, and `X-Cache` of answers. */
import { createServer, type IncomingHttpHeaders, request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface WatchedWire {
  /** Without a trailing slash. */
  readonly url: string
  /** Of the last answer that had one. */
  readonly seen: { cache: string | null }
  /** Every request, the first first. */
  readonly sent: readonly { readonly path: string; readonly headers: IncomingHttpHeaders }[]
  close(): Promise<void>
}

export async function watchWire(edgeUrl: string): Promise<WatchedWire> {
  const { hostname, port, host } = new URL(edgeUrl)
  const seen: WatchedWire['seen'] = { cache: null }
  const sent: WatchedWire['sent'][number][] = []
  const server = createServer((asked, answer) => {
    const { method = '', url: path = '', headers } = asked
    sent.push({ path, headers })
    const onward = httpRequest({ hostname, port, method, path, headers: { ...headers, host } }, (response) => {
      seen.cache = response.headers['x-cache']?.toString() ?? seen.cache
      answer.writeHead(response.statusCode ?? 502, response.headers)
      response.pipe(answer)
    })
    onward.on('error', () => answer.destroy())
    answer.once('close', () => answer.writableFinished || onward.destroy())
    asked.pipe(onward)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    sent,
    close() {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
