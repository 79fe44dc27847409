/**
 * An origin of one process that says what it was asked. It keeps the hard promise of the real one: it verifies the
 * edge's token, and a token of a POST works once.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { JWK } from 'jose'
import { type VerifiedCaller, verifyCallerToken } from '../../shared/caller-token.ts'
import { CALLER_HEADER } from '../../shared/server-info.ts'

export interface Heard {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: Buffer
  readonly verified: VerifiedCaller
  /** Settles when the connection of this request ends before its answer does. */
  readonly left: Promise<void>
}

export type Answering = (heard: Heard, response: ServerResponse) => void | Promise<void>

export interface FakeOrigin {
  readonly url: string
  readonly heard: readonly Heard[]
  /** How it answers from now on. */
  answer(answering: Answering): void
  trust(key: JWK): void
  close(): Promise<void>
}

export async function fakeOrigin(): Promise<FakeOrigin> {
  const heard: Heard[] = []
  const keys: JWK[] = []
  const used = new Set<string>()
  let answering: Answering = (_heard, response) => sendJson(response, 200, { ok: true })

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const { method = '', url: path = '', headers } = request
    if (path === '/health') return sendJson(response, 200, { status: 'healthy' })
    const body = Buffer.concat(chunks)
    const bound = { method, path, body: new Uint8Array(body) }
    const token = String(headers[CALLER_HEADER] ?? '')
    const verified = await verifyCallerToken(token, { keys, request: bound, now: Date.now() })
    if (method === 'POST' && used.has(verified.jti)) throw new Error('the token was used before')
    used.add(verified.jti)
    const left = new Promise<void>((resolve) => response.once('close', () => response.writableFinished || resolve()))
    const one = { method, path, headers: headers as Heard['headers'], body, verified, left }
    heard.push(one)
    return answering(one, response)
  }

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => sendJson(response, 401, { error: String(error) }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    heard,
    answer: (next) => void (answering = next),
    trust: (key) => void keys.push(key),
    close() {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
