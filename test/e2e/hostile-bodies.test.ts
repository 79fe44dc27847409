/**
 * Bodies that two readers might read in two ways, or that break one, through the edge to the real origin (issue 5,
 * "Hostile input"): what runs is what the edge judged, or nothing.
 */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type House, openHouse } from '../support/house.ts'

let house: House
let key: string
beforeAll(async () => {
  house = await openHouse()
  key = await house.issueKey('beta', ['read'])
})
afterAll(() => house.close())

const READS = '"get_estat_table_url"'
const WRITES = '"load_to_iceberg"'
const ARGUMENTS = '"arguments":{"dataset_id":"0003410379"}'
const call = (params: string, before = '"jsonrpc":"2.0","id":7,"method":"tools/call"'): string =>
  `{${before},"params":${params}}`

async function ask(path: string, body: string | Uint8Array<ArrayBuffer>, type = 'application/json') {
  const before = house.passed.length
  const response = await house.request(path, {
    method: 'POST',
    headers: { 'x-api-key': key, 'content-type': type, accept: 'application/json, text/event-stream' },
    body,
  })
  const text = await response.text()
  return { status: response.status, text, asked: house.passed.length - before }
}

it.each([
  ['the name twice', '/k/mcp', call(`{"name":${READS},"name":${WRITES},${ARGUMENTS}}`)],
  ['the name twice, once escaped', '/k/mcp', call(`{"name":${READS},"n\\u0061me":${WRITES},${ARGUMENTS}}`)],
  ['the parameters twice', '/k/mcp', call(`{"name":${READS}},"params":{"name":${WRITES},"arguments":{}}`)],
  [
    'the method twice',
    '/k/mcp',
    call(`{"name":${WRITES},"arguments":{}}`, '"jsonrpc":"2.0","id":7,"method":"ping","method":"tools/call"'),
  ],
  ['one of a batch', '/k/mcp', `[${call(`{"name":${READS},${ARGUMENTS}}`)},${call(`{"name":${WRITES}}`)}]`],
  ['behind a byte order mark', '/k/mcp', `\ufeff${call(`{"name":${WRITES},"arguments":{}}`)}`],
  ['the tool twice', '/execute', `{"tool_name":${READS},"tool_name":${WRITES},"arguments":{}}`],
  ['as text', '/execute', `{"tool_name":${WRITES},"arguments":{}}`, 'text/plain'],
])('a tool beyond the scope is refused and the origin not asked: %s', async (_what, path, body, type?: string) => {
  const { status, text, asked } = await ask(path, body, type)
  expect([status, /FORBIDDEN/.test(text), asked]).toEqual([403, true, 0])
})

it.each([
  ['the name twice', '/k/mcp', call(`{"name":${WRITES},"name":${READS},${ARGUMENTS}}`)],
  ['behind a byte order mark', '/k/mcp', `\ufeff${call(`{"name":${READS},${ARGUMENTS}}`)}`],
  ['the tool twice', '/execute', `{"tool_name":${WRITES},"tool_name":${READS},${ARGUMENTS}}`],
])('the last of two members is what is judged and what runs: %s', async (_what, path, body) => {
  const { status, text } = await ask(path, body)
  expect([status, text.includes('dbview?sid=0003410379')]).toEqual([200, true])
})

const utf16 = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(`\ufeff${text}`, 'utf16le'))
const latin1 = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(text, 'latin1'))
const DEEP = 100_000
it.each([
  ['UTF-16', utf16(call(`{"name":${WRITES},"arguments":{}}`)), 'application/json; charset=utf-16'],
  ['invalid UTF-8 in a name', latin1(call('{"name":"load_to_iceberg\xff","arguments":{}}'))],
  ['invalid UTF-8 in an argument', latin1(call(`{"name":${READS},"arguments":{"dataset_id":"\xc3\x28"}}`))],
  ['a surrogate alone', call(`{"name":${READS},"arguments":{"dataset_id":"\\ud800"}}`)],
  ['nested lists', call(`{"name":${READS},"arguments":${'['.repeat(DEEP)}${']'.repeat(DEEP)}}`)],
  ['nested objects', call(`{"name":${READS},"arguments":${'{"a":'.repeat(DEEP)}1${'}'.repeat(DEEP)}}`)],
  [
    'nested lists in filters',
    call(
      `{"name":"fetch_dataset_filtered","arguments":{"dataset_id":"0003280145","filters":{"area":${'['.repeat(DEEP)}${']'.repeat(DEEP)}}}}`,
    ),
  ],
  ['nested batches', `${'['.repeat(DEEP)}${']'.repeat(DEEP)}`],
  ['nested lists without an end', '['.repeat(DEEP)],
  ['a name of every object', call('{"name":"constructor","arguments":{}}')],
  ['a prototype', `{"__proto__":{"tool_name":${WRITES}},"jsonrpc":"2.0","id":1,"method":"tools/call"}`],
  ['numbers without measure', call(`{"name":${READS},"arguments":{"dataset_id":1e999}}`)],
  ['nothing but blanks', ' '.repeat(900_000)],
])('what is no call is refused in plain words, by either way in: %s', async (_what, body, type?: string) => {
  for (const path of ['/k/mcp', '/execute']) {
    const { status, text } = await ask(path, body, type)
    expect(status).toBeLessThan(500)
    expect(JSON.parse(text)).toBeDefined()
    expect(text).toMatch(/"error"|"isError":true/)
    expect(text).not.toMatch(/INTERNAL_ERROR|RangeError|stack/)
  }
})

it.each([51, 10_000])('a batch of %d is refused before anything of it is done', async (count) => {
  const { status, text, asked } = await ask('/k/mcp', `[${Array(count).fill('{"jsonrpc":"2.0","id":1}').join()}]`)
  expect([status, asked, text.includes('INVALID_PARAMETER'), text.length < 1_000]).toEqual([400, 0, true, true])
})

it('nothing of this was a failure of ours', () => {
  expect(house.origin.reported).toEqual([])
})
