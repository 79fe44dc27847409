/** A wire, as between an edge and its origin, that passes everything on and remembers what was asked. */
import { createServer, type IncomingHttpHeaders, request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Passed {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  /** Resolves when the edge leaves before the answer ends. */
  readonly left: Promise<void>
}

export interface Relay {
  readonly url: string
  readonly passed: readonly Passed[]
  close(): Promise<void>
}

export interface RelayOptions {
  /** Under which the far end is asked; as the near end was where absent. */
  readonly host?: string
  /** Told of the head of each answer. */
  readonly answered?: (headers: IncomingHttpHeaders) => void
}

export async function startRelay(originUrl: string, { host, answered }: RelayOptions = {}): Promise<Relay> {
  const passed: Passed[] = []
  const { hostname, port } = new URL(originUrl)
  const server = createServer((asked, answer) => {
    const { method = '', url: path = '', headers } = asked
    const left = new Promise<void>((resolve) => answer.once('close', () => answer.writableFinished || resolve()))
    passed.push({ method, path, headers, left })
    const passedOn = host === undefined ? headers : { ...headers, host }
    const onward = httpRequest({ hostname, port, method, path, headers: passedOn }, (response) => {
      answered?.(response.headers)
      answer.writeHead(response.statusCode ?? 502, response.headers)
      response.pipe(answer)
      response.on('error', () => answer.destroy())
    })
    onward.on('error', () => answer.destroy())
    answer.once('close', () => answer.writableFinished || onward.destroy())
    asked.pipe(onward)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    passed,
    close() {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
