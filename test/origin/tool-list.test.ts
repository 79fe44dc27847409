/**
 * The list of tools as a client with all scopes gets it, to the byte: every conversation begins with it, so it is held
 * to a number of tokens (o200k_base of js-tiktoken), and what each tool takes of them is printed.
 */
import { getEncoding } from 'js-tiktoken'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openOrigin, type TestOrigin } from './support/origin.ts'

interface Face {
  readonly name: string
  readonly description: string
  readonly inputSchema: object
  readonly outputSchema: object
}

const MOST_TOKENS = 7_000

const encoding = getEncoding('o200k_base')
const tokens = (part: unknown): number => encoding.encode(typeof part === 'string' ? part : JSON.stringify(part)).length

const REVISIONS = {
  '2025-11-25': { headers: {}, meta: {} },
  '2026-07-28': {
    headers: { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/list' },
    meta: {
      _meta: {
        'io.modelcontextprotocol/protocolVersion': '2026-07-28',
        'io.modelcontextprotocol/clientCapabilities': {},
        'io.modelcontextprotocol/clientInfo': { name: 'list', version: '0' },
      },
    },
  },
} as const

let origin: TestOrigin
beforeAll(async () => {
  origin = await openOrigin()
})
afterAll(() => origin?.close())

async function listed(revision: keyof typeof REVISIONS): Promise<{ readonly tools: readonly Face[] }> {
  const { headers, meta } = REVISIONS[revision]
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: meta })
  const sent = { 'content-type': 'application/json', accept: 'application/json', 'x-api-key': origin.adminKey }
  const response = await origin.fetch(
    new Request('http://origin/mcp', { method: 'POST', headers: { ...sent, ...headers }, body }),
  )
  const { result } = (await response.json()) as { result: { tools: readonly Face[] } }
  return result
}

it.each(Object.keys(REVISIONS) as readonly (keyof typeof REVISIONS)[])(
  'fits into 7,000 tokens: %s',
  async (revision) => {
    const result = await listed(revision)
    expect(result.tools.length).toBeGreaterThan(20)
    const all = tokens(result)
    process.stdout.write(
      `${tableOf(result.tools)}\n${String(all).padStart(6)}  tools/list of ${revision}, whole result\n`,
    )
    expect(all).toBeLessThan(MOST_TOKENS)
  },
)

function tableOf(tools: readonly Face[]): string {
  const lines = tools.map(({ name, description, inputSchema, outputSchema, ...rest }) =>
    [tokens({ name, description, inputSchema, outputSchema, ...rest }), description, inputSchema, outputSchema]
      .map((part) => String(typeof part === 'number' ? part : tokens(part)).padStart(6))
      .concat(` ${name}`)
      .join(''),
  )
  return ['   all  text    in   out tool (o200k_base)', ...lines].join('\n')
}
