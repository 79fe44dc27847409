/** Many calls at once from one key over several instances of the edge, and what may be said about those that passed. */
import { Agent, request } from 'node:http'

export interface Call {
  /** When it was sent and when its answer was whole, milliseconds since the epoch: it was counted in between. */
  readonly sent: number
  readonly done: number
  readonly status: number
  readonly retryAfter: number | null
}

const PING = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' })

/** @param urls Of the instances: the calls go to them by turns. */
export async function callAtOnce(urls: readonly string[], key: string, count: number): Promise<readonly Call[]> {
  const agent = new Agent({ keepAlive: true })
  const calls = Array.from({ length: count }, (_, at) => call(`${urls[at % urls.length]}/mcp`, key, agent))
  try {
    return await Promise.all(calls)
  } finally {
    agent.destroy()
  }
}

function call(url: string, key: string, agent: Agent): Promise<Call> {
  const headers = { 'content-type': 'application/json', accept: 'application/json', 'x-api-key': key }
  const sent = Date.now()
  return new Promise((resolve, reject) => {
    const asked = request(url, { method: 'POST', headers, agent }, (response) => {
      const wait = response.headers['retry-after']
      response.on('error', reject)
      response.resume().on('end', () =>
        resolve({
          sent,
          done: Date.now(),
          status: response.statusCode ?? 0,
          retryAfter: wait === undefined ? null : Number(wait),
        }),
      )
    })
    asked.on('error', reject)
    asked.end(PING)
  })
}

/** How many passed within `spanMs`, at the most: in any interval, those that lie in it from being sent to their answer. */
export function mostWithin(calls: readonly Call[], spanMs: number): number {
  const passed = calls.filter(({ status }) => status === 200)
  const inside = (start: number): number =>
    passed.filter(({ sent, done }) => sent >= start && done <= start + spanMs).length
  return Math.max(0, ...passed.map(({ sent }) => inside(sent)))
}
