import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FakeOrigin, fakeOrigin, sendJson } from './fake-origin.ts'
import { type RunningEdge, startEdge } from './workerd.ts'

let origin: FakeOrigin
let edge: RunningEdge
beforeAll(async () => {
  origin = await fakeOrigin()
  edge = await startEdge({ originUrl: origin.url })
  origin.trust(edge.publicKey)
})
afterAll(async () => {
  await edge?.close()
  await origin?.close()
})

const call = (id: number, name: string, args: object) => ({
  jsonrpc: '2.0',
  id,
  method: 'tools/call',
  params: { name, arguments: args },
})
const post = (path: string, key: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${edge.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json', 'x-api-key': key, ...headers },
    body: JSON.stringify(body),
  })

describe('the edge on workerd', () => {
  it('lets exactly the limit through', async () => {
    origin.answer((_heard, response) => sendJson(response, 200, { jsonrpc: '2.0', id: 1, result: {} }))
    const { text, id } = await edge.issueKey()
    const before = origin.heard.length
    const answers = await Promise.all(
      Array.from({ length: 150 }, (_, at) => post('/mcp', text, call(at, 'describe_dataset', {}))),
    )
    const passed = answers.filter(({ status }) => status === 200).length
    expect({ passed, heard: origin.heard.length - before }).toEqual({ passed: 100, heard: 100 })
    const refused = answers.find(({ status }) => status === 429)
    expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(50)
    expect(await refused?.json()).toMatchObject({ jsonrpc: '2.0', error: { data: { code: 'RATE_LIMITED' } } })
    await edge.evictCounter(id)
    expect((await post('/mcp', text, call(1, 'describe_dataset', {}))).status).toBe(429)
  })
})
