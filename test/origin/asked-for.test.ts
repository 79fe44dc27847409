/** The short way to a message's era and to what it can reach, held to the SDK's own long way. */
import { isLegacyRequest } from '@modelcontextprotocol/server'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { askedFor, namesItsRevision } from '../../origin/asked-for.ts'

const REVISION = 'io.modelcontextprotocol/protocolVersion'
const value = fc.oneof(fc.constant('2026-07-28'), fc.constant(null), fc.integer(), fc.constant('1999-01-01'))
const meta = fc.oneof(fc.record({ [REVISION]: value }, { requiredKeys: [] }), fc.constant([]), fc.constant(null))
const message = fc.record(
  {
    jsonrpc: fc.constantFrom('2.0', '1.0'),
    id: fc.oneof(fc.integer(), fc.constant('a'), fc.constant(null)),
    method: fc.oneof(
      fc.constantFrom('tools/call', 'tools/list', 'ping', 'initialize', 'notifications/x'),
      fc.integer(),
    ),
    params: fc.oneof(fc.record({ _meta: meta, name: fc.string() }, { requiredKeys: [] }), fc.constant(null)),
    result: fc.constant({}),
    error: fc.constant({ code: 1, message: 'x' }),
  },
  { requiredKeys: [] },
)
const body = fc.oneof(message, fc.array(message, { maxLength: 3 }), fc.jsonValue())
const headers = fc.constantFrom<Record<string, string>>({}, { 'mcp-protocol-version': '2026-07-28' })

it('calls nothing modern that the SDK calls legacy', async () => {
  await fc.assert(
    fc.asyncProperty(body, headers, async (sent, more) => {
      fc.pre(sent !== undefined)
      const request = new Request('http://x/mcp', { method: 'POST', headers: more })
      expect(namesItsRevision(sent) && (await isLegacyRequest(request, sent))).toBe(false)
    }),
    { numRuns: 500 },
  )
})

it('knows a request of 2026-07-28 by its envelope', () => {
  const params = { name: 'lookup', _meta: { [REVISION]: '2026-07-28' } }
  expect(namesItsRevision({ jsonrpc: '2.0', id: 1, method: 'tools/call', params })).toBe(true)
})

it.each([
  [
    { method: 'tools/call', params: { name: 'lookup' } },
    { tool: 'lookup', beyondTools: false },
  ],
  [
    { method: 'tools/call', params: null },
    { tool: null, beyondTools: false },
  ],
  [{ method: 'tools/list' }, { tool: null, beyondTools: false }],
  [{ method: 'resources/list' }, { tool: null, beyondTools: true }],
  [[{ method: 'tools/call', params: { name: 'lookup' } }], { tool: null, beyondTools: true }],
  [undefined, { tool: null, beyondTools: true }],
])('of %j', (sent, expected) => expect(askedFor(sent)).toEqual(expected))
