/**
 * Thirty questions end in a checked figure, with its unit and its citation, through MCP calls alone (issue 3). Calls
 * and tokens (o200k_base of js-tiktoken) are counted and printed.
 */
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { getEncoding } from 'js-tiktoken'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openOrigin, type TestOrigin } from '../origin/support/origin.ts'
import { readCells, recordingsPresent } from '../recordings.ts'
import { type Call, pursue, type Reply } from './thirty-questions-agent.ts'
import { QUESTIONS, type Question } from './thirty-questions-asked.ts'

interface Spent {
  readonly ask: string
  readonly calls: readonly string[]
  /** What the model sends and reads: arguments and text twins. */
  readonly tokens: number
}

const encoding = getEncoding('o200k_base')
const tokensOf = (text: string): number => encoding.encode(text).length

/** Searching, describing, fetching; one more search and a look at two axes. */
const MOST_CALLS = 6
/** A question whose answers fill more than this was not answered in small answers. */
const MOST_TOKENS = 8_000

let origin: TestOrigin
let client: Client
const spent: Spent[] = []

beforeAll(async () => {
  origin = await openOrigin()
  const through: typeof fetch = (input, init) => origin.fetch(new Request(input, init))
  const requestInit = { headers: { 'x-api-key': origin.adminKey } }
  client = new Client({ name: 'thirty', version: '0' }, { versionNegotiation: { mode: 'auto' } })
  await client.connect(new StreamableHTTPClientTransport(new URL('http://origin/mcp'), { fetch: through, requestInit }))
  // A client that has read the list holds every answer to the schema that is shown of it.
  await client.listTools()
})
afterAll(async () => {
  await client?.close()
  await origin?.close()
  process.stdout.write(`${tableOf(spent)}\n`)
})

/** Calls through MCP, and keeps account. */
function counted(): { readonly call: Call; readonly calls: string[]; readonly tokens: () => number } {
  const calls: string[] = []
  let tokens = 0
  const call: Call = async (name, args) => {
    const reply = await client.callTool({ name, arguments: args })
    const text = reply.content.map((block) => (block.type === 'text' ? block.text : '')).join('\n')
    calls.push(name)
    tokens += tokensOf(JSON.stringify(args)) + tokensOf(text)
    return { isError: reply.isError ?? false, result: (reply.structuredContent ?? {}) as Reply['result'], text }
  }
  return { call, calls, tokens: () => tokens }
}

/** The one row of an answer, `fixed` and columns together. */
function onlyRow({ result }: Reply): Record<string, unknown> {
  const { columns, rows, fixed } = result as { columns: string[]; rows: unknown[][]; fixed: Record<string, unknown> }
  expect(rows).toHaveLength(1)
  return { ...fixed, ...Object.fromEntries(columns.map((name, at) => [name, rows[0]?.[at]])) }
}

describe('a question ends in its figure', () => {
  it('thirty of them', () => expect(new Set(QUESTIONS.map(({ ask }) => ask)).size).toBe(30))

  it.each(QUESTIONS.map((question) => [question.ask, question] as const))('%s', async (ask, question) => {
    const { call, calls, tokens } = counted()
    const reply = await pursue(question, call)
    spent.push({ ask, calls, tokens: tokens() })
    const row = onlyRow(reply)
    expect([row['value'], row['unit'] ?? null]).toEqual([question.value, question.unit])
    const { citation, table_url } = reply.result['source'] as Record<string, string>
    expect(table_url).toBe(`https://www.e-stat.go.jp/dbview?sid=${reply.id}`)
    expect(citation).toMatch(/^出典：/)
    expect(citation).toContain(table_url)
    expect(reply.text).toContain(citation)
    expect(reply.text).toContain(String(question.value))
    expect(calls.length).toBeLessThanOrEqual(MOST_CALLS)
    expect(tokens()).toBeLessThan(MOST_TOKENS)
  })
})

describe.runIf(recordingsPresent)('the figure is e-Stat’s own', () => {
  const cells = new Map<string, ReturnType<typeof readCells>['cells']>()
  const cellsOf = (file: string) => cells.get(file) ?? cells.set(file, readCells(file).cells).get(file) ?? []

  it.each(QUESTIONS.map((question) => [question.ask, question] as const))('%s', (_ask, question: Question) => {
    const [file, ...names] = question.recorded
    const found = cellsOf(file).filter((cell) => {
      const held = Object.values(cell.names ?? {})
      return names.every((name) => held.includes(name))
    })
    // The pyramid was kept without its unit.
    expect(found.map(({ value, unit }) => [value, unit ?? question.unit])).toEqual([[question.value, question.unit]])
  })
})

function tableOf(rows: readonly Spent[]): string {
  const short = (name: string): string => name.split('_')[0] ?? name
  const lines = rows.map(
    ({ ask, calls, tokens }) =>
      `${String(calls.length).padStart(5)} ${String(tokens).padStart(6)}  ${ask} (${calls.map(short).join(' ')})`,
  )
  const sum = (of: (row: Spent) => number): number => rows.reduce((total, row) => total + of(row), 0)
  const calls = sum((row) => row.calls.length)
  const tokens = sum((row) => row.tokens)
  const mean = (total: number): string => (total / Math.max(rows.length, 1)).toFixed(1)
  return [
    'calls tokens  question (o200k_base: arguments and text twins)',
    ...lines,
    `${String(calls).padStart(5)} ${String(tokens).padStart(6)}  all ${rows.length}: ${mean(calls)} calls, ${mean(tokens)} tokens each`,
  ].join('\n')
}
