/** Parameters of calls as clients and models write them, from the message to the tool or prompt. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { meantBody } from '../../origin/meant-body.ts'
import { openOrigin, type TestOrigin } from './support/origin.ts'

let origin: TestOrigin
beforeAll(async () => {
  origin = await openOrigin()
})
afterAll(() => origin?.close())

const frame = (method: string, params: unknown) => ({ jsonrpc: '2.0', id: 1, method, params })

async function answered(
  method: string,
  params: object,
): Promise<{ readonly result?: unknown; readonly error?: unknown }> {
  const headers = { 'content-type': 'application/json', accept: 'application/json', 'x-api-key': origin.adminKey }
  const body = JSON.stringify(frame(method, params))
  const response = await origin.fetch(new Request('http://origin/mcp', { method: 'POST', headers, body }))
  return (await response.json()) as { result?: unknown; error?: unknown }
}

const TABLE = { dataset_id: '0003410379' }

describe('is taken as meant', () => {
  it.each<[what: string, method: string, params: object, result: object]>([
    ['no arguments as null', 'tools/call', { name: 'lake_tables', arguments: null }, { structuredContent: {} }],
    [
      'JSON text for all arguments',
      'tools/call',
      { name: 'get_estat_table_url', arguments: JSON.stringify(TABLE) },
      { structuredContent: TABLE },
    ],
    [
      'numbers and null in arguments of a prompt',
      'prompts/get',
      { name: 'region_profile', arguments: { area: 13000, themes: null } },
      { messages: [{ role: 'user' }] },
    ],
    [
      'a number to complete',
      'completion/complete',
      { ref: { type: 'ref/prompt', name: 'region_profile' }, argument: { name: 'area', value: 13000 } },
      { completion: { values: ['東京都'] } },
    ],
  ])('%s', async (_what, method, params, result) => {
    expect(await answered(method, params)).toMatchObject({ result })
  })

  it('in a batch too', () => {
    const [first] = meantBody([frame('tools/call', { name: 'a', arguments: null })]) as readonly unknown[]
    expect(first).toEqual(frame('tools/call', { name: 'a' }))
  })
})

it.each([
  ['tools/call', { name: 'lookup', arguments: ['area'] }],
  ['tools/call', { name: 'lookup', arguments: 'area' }],
  ['tools/call', { name: 'lookup', arguments: '["area"]' }],
  ['tools/call', { name: 'lookup', arguments: `{"find":${'['.repeat(100_000)}` }],
])('%s with other arguments is refused', async (method, params) => {
  expect(await answered(method, params)).toMatchObject({ error: { code: -32_602 } })
})

it('changes nothing else', () => {
  const bodies = [null, 'x', [], frame('tools/list', {}), frame('tools/call', null), frame('toString', { a: 1 })]
  for (const body of [...bodies, frame('tools/call', { name: 'a', arguments: { b: null } })])
    expect(meantBody(body)).toEqual(body)
})
