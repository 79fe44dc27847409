import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { plainToolCall, toolOf } from '../../../edge/domain/json-rpc.ts'
import { askedBy } from '../../../edge/domain/tools.ts'
import { MANIFEST, toolCall } from '../fixture.ts'

const legacy = new Headers({ 'content-type': 'application/json; charset=utf-8' })
const plain = toolCall('find_tables', { query: 'a' }) as Record<string, unknown>
const params = plain['params'] as object

const meta = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
}
const modern = { ...plain, params: { ...params, _meta: meta } }
const modernHeaders = {
  'content-type': 'application/json',
  'mcp-protocol-version': '2026-07-28',
  'mcp-method': 'tools/call',
  'mcp-name': 'find_tables',
}

describe('plainToolCall', () => {
  it.each([undefined, '2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25'])('is legacy under %s', (revision) => {
    const headers = new Headers(legacy)
    if (revision) headers.set('mcp-protocol-version', revision)
    const call = { id: 1, era: 'legacy', tool: 'find_tables', args: { query: 'a' } }
    expect(plainToolCall(plain, headers)).toEqual(call)
    expect(plainToolCall({ ...plain, params: { ...params, _meta: { progressToken: 7 } } }, headers)).toEqual(call)
  })

  it('is modern only where every header matches the body', () => {
    expect(plainToolCall(modern, new Headers(modernHeaders))).toMatchObject({ era: 'modern', tool: 'find_tables' })
    const wrong: readonly (readonly [string, string | null])[] = [
      ['mcp-protocol-version', null],
      ['mcp-protocol-version', '2025-11-25'],
      ['mcp-protocol-version', '2099-01-01'],
      ['mcp-method', null],
      ['mcp-method', 'tools/list'],
      ['mcp-name', null],
      ['mcp-name', 'fetch_rows'],
      ['mcp-param-area', '13'],
      ['content-type', 'text/plain'],
    ]
    for (const [name, value] of wrong) {
      const headers = new Headers(modernHeaders)
      if (value === null) headers.delete(name)
      else headers.set(name, value)
      expect(plainToolCall(modern, headers)).toBeNull()
    }
  })

  it.each([
    ['without its envelope', plain],
    [
      'of another revision inside',
      { ...plain, params: { ...params, _meta: { ...meta, 'io.modelcontextprotocol/protocolVersion': '2025-11-25' } } },
    ],
    [
      'without capabilities',
      { ...plain, params: { ...params, _meta: { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' } } },
    ],
  ])('is nothing under modern headers %s', (_name, body) => {
    expect(plainToolCall(body, new Headers(modernHeaders))).toBeNull()
  })

  it.each([
    ['a batch', [plain]],
    ['a notification', { jsonrpc: '2.0', method: 'tools/call', params }],
    ['another version', { ...plain, jsonrpc: '1.0' }],
    ['a null id', { ...plain, id: null }],
    ['another method', { ...plain, method: 'tools/list' }],
    ['a task', { ...plain, params: { ...params, task: { ttl: 1 } } }],
    ['an input response', { ...plain, params: { ...params, inputResponses: {} } }],
    ['no name', { ...plain, params: { arguments: {} } }],
    ['a strange _meta', { ...plain, params: { ...params, _meta: [] } }],
    ['nothing', undefined],
  ])('is nothing for %s', (_name, body) => {
    expect(plainToolCall(body, legacy)).toBeNull()
  })

  it('takes any JSON without failing', () => {
    fc.assert(fc.property(fc.jsonValue(), (body) => plainToolCall(body, legacy) === null && toolOf(body) === null))
  })
})

describe('askedBy', () => {
  const weights = (path: string, body: unknown) => askedBy(path, body, MANIFEST).map(({ weight }) => weight)

  it('counts every member of a batch with its weight', () => {
    const batch = [toolCall('fetch_rows', {}), toolCall('load_table', {}), { jsonrpc: '2.0', id: 3, method: 'ping' }, 7]
    expect(weights('/mcp', batch)).toEqual([3, 5, 1, 1])
    expect(weights('/mcp', toolCall('not_known', {}))).toEqual([1])
    expect(weights('/execute', { tool_name: 'load_table' })).toEqual([5])
  })

  it('never asks for nothing', () => {
    fc.assert(fc.property(fc.jsonValue(), (body) => weights('/mcp', body).every((weight) => weight >= 1)))
    expect([weights('/mcp', []), weights('/mcp', undefined), weights('/execute', [])]).toEqual([[1], [1], [1]])
  })
})
