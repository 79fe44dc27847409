/** An HTTP server on a free port of this machine that reads whole requests. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface WireServer {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string
  close(): Promise<void>
}

export type Handler = (request: IncomingMessage, body: Buffer, response: ServerResponse) => Promise<void>

export async function wireServer(handle: Handler, port = 0): Promise<WireServer> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => void chunks.push(chunk))
    request.on('end', () => {
      handle(request, Buffer.concat(chunks), response).catch((error: unknown) => {
        process.stderr.write(`wire server: ${String(error)}\n`)
        response.destroy()
      })
    })
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
