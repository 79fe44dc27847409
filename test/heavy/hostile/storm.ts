/** Sends generated requests, many at once, and says what came back. */
import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Hostile } from './arbitraries.ts'

export interface Reply {
  /** 0 where the server closed the connection without an answer. */
  readonly status: number
  readonly type: string
  readonly body: string
}

export interface Sent {
  readonly asked: Hostile
  readonly reply: Reply
}

const WITHIN_MS = 15_000

/** @throws Error where no answer came in time: that is a hang. */
export function send(url: string, asked: Hostile, agent?: Agent): Promise<Reply> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      asking.destroy()
      reject(new Error(`no answer within ${WITHIN_MS / 1000} s: ${describe(asked)}`))
    }, WITHIN_MS)
    const done = (reply: Reply): void => {
      clearTimeout(timer)
      resolve(reply)
    }
    const { method, path, body } = asked
    // Node frames no body of DELETE and OPTIONS by itself: what follows would be read as the next request.
    const headers = { ...asked.headers, ...(body ? { 'content-length': String(body.length) } : {}) }
    const asking = request({ hostname, port, method, path, headers, ...(agent ? { agent } : {}) }, (response) => {
      const chunks: Buffer[] = []
      const reply = (): Reply => {
        const type = response.headers['content-type'] ?? ''
        return { status: response.statusCode ?? 0, type, body: Buffer.concat(chunks).toString() }
      }
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk)
        // The stream that GET /mcp opens stays open: its beginning is the answer.
        if (method === 'GET' && reply().type.startsWith('text/event-stream')) {
          done(reply())
          asking.destroy()
        }
      })
      response.on('end', () => done(reply()))
      response.on('error', () => done(reply()))
    })
    asking.on('error', () => done({ status: 0, type: '', body: '' }))
    asking.end(body ?? undefined)
  })
}

/** Sends them all, `atOnce` at a time; each reply is told as it comes. */
export async function storm(
  url: string,
  requests: readonly Hostile[],
  atOnce: number,
  heard: (sent: Sent) => void,
): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce })
  const queue = requests.values()
  async function worker(): Promise<void> {
    for (const asked of queue) heard({ asked, reply: await send(url, asked, agent) })
  }
  try {
    await Promise.all(Array.from({ length: atOnce }, worker))
    await sleep(0)
  } finally {
    agent.destroy()
  }
}

export const describe = ({ method, path, headers, body }: Hostile): string =>
  `${method} ${path} ${JSON.stringify(headers).slice(0, 400)} ${body?.toString('latin1').slice(0, 300) ?? ''}`
