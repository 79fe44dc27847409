/** What the checks ask with: plain fetch, and a socket for what fetch would not send. */
import assert from 'node:assert/strict'
import { connect } from 'node:net'
import type { Grant, Target } from '../target.ts'

export { assert }

export const READ: Grant = { scopes: ['read'] }
export const ALL: Grant = { scopes: ['read', 'lake', 'admin'] }
export type Sent = Readonly<Record<string, string>>

export const call = (name: string, args: object, id: string | number = 1, meta?: object): object => ({
  jsonrpc: '2.0',
  id,
  method: 'tools/call',
  params: { name, arguments: args, ...(meta ? { _meta: meta } : {}) },
})

const BOTH = 'application/json, text/event-stream'

export function post({ url }: Target, path: string, body: unknown, headers: Sent = {}): Promise<Response> {
  return fetch(`${url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: BOTH, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
}

/** Plain HTTP's way to call a tool; fails with the refusal's text. */
export async function execute(target: Target, key: string, tool_name: string, args: object) {
  const response = await post(target, '/execute', { tool_name, arguments: args }, { 'x-api-key': key })
  const text = await response.text()
  assert.equal(response.status, 200, text.slice(0, 300))
  return { response, ...(JSON.parse(text) as { success: true; result: Record<string, unknown>; text: string }) }
}

/** A question that nobody asked before. */
export const freshQuery = (): string => `人口 ${crypto.randomUUID().slice(0, 8)}`

/** What the origin was asked on behalf of the request with this answer. */
export function passedFor({ relay }: Target, { headers }: Response) {
  const id = headers.get('x-request-id')
  const passed = relay.passed.find((one) => one.headers['x-request-id'] === id)
  assert.ok(passed, 'the origin saw no request with the id that was answered')
  return passed
}

/** Sends text as it is; answers what came until the server closed, or until `until` is in it. */
export function raw(target: Target, text: string, until?: string): Promise<string> {
  const { hostname, port } = new URL(target.url)
  return new Promise((resolve, reject) => {
    let heard = ''
    const socket = connect(Number(port), hostname, () => socket.write(text))
    socket.on('data', (chunk) => {
      heard += chunk.toString()
      if (until !== undefined && heard.includes(until)) socket.destroy()
    })
    socket.on('close', () => resolve(heard))
    socket.on('error', reject)
  })
}
