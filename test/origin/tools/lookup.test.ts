/** `lookup` and `apply_keyword_suggestions` through the door that MCP and plain HTTP share. */
import { expect, it } from 'vitest'
import { callTool } from '../../../origin/call-tool.ts'
import type { Ports } from '../../../origin/ports.ts'
import { loadSample } from '../../../origin/sample/load-sample.ts'
import { applyKeywordSuggestions } from '../../../origin/tools/apply-keyword-suggestions.ts'
import { estimateTokens } from '../../../origin/tools/budget.ts'
import { lookup } from '../../../origin/tools/lookup.ts'

const { catalogue } = loadSample()

async function call(name: string, args: unknown) {
  const { result, text } = await callTool(
    {
      tools: [lookup, applyKeywordSuggestions],
      ports: { catalogue, stats: { origin: 'sample' } } as unknown as Ports,
      limits: { fetchRows: 100_000, millis: 20_000 },
      now: () => 0,
      newId: () => 'id',
    },
    {
      name,
      args,
      caller: { id: 'test', tenant: 'estat', scopes: ['read'] },
      signal: new AbortController().signal,
    },
  )
  return { result, text }
}

it('names both cities of one name, and says to choose', async () => {
  const { result, text } = await call('lookup', { kind: 'area', find: '府中市' })
  expect(lookup.output.parse(result)).toMatchObject({
    matches: [
      { code: '13206', name: '東京都 府中市', level: 2, parent_code: '13000', exact: true },
      { code: '34208', name: '広島県 府中市' },
    ],
    counts: { matched: 2, returned: 2, truncated: false },
    hint: expect.stringMatching(/複数あります/),
  })
  expect(text).toContain('34208 | 広島県 府中市')
})

it('says of a survey whether the database has its tables', async () => {
  const { result } = await call('lookup', { kind: 'survey', find: '国勢調査' })
  expect(result['matches']).toMatchObject([
    { code: '00200521', name: '国勢調査', organisation: '総務省', in_database: true, exact: true },
  ])
})

it('gives long lists in pages that join without gap, each small', async () => {
  const seen: unknown[] = []
  let cursor: string | undefined
  for (;;) {
    const { result, text } = await call('lookup', { kind: 'area', find: '中', ...(cursor ? { cursor } : {}) })
    expect(estimateTokens(JSON.stringify(result)) + estimateTokens(text)).toBeLessThan(8_000)
    const { matches, next_cursor } = lookup.output.parse(result)
    seen.push(...matches.map(({ code }) => code))
    if (next_cursor === null) break
    cursor = next_cursor
  }
  expect(new Set(seen).size).toBe(seen.length)
})

it('rewrites, and searches where asked to', async () => {
  const asked = { original_query: '給料の推移', accepted_keywords: { 給料: '賃金', 家賃: '借家' } }
  expect((await call('apply_keyword_suggestions', asked)).result).toMatchObject({
    rewritten_query: '賃金の推移',
    applied: ['給料'],
    missing: ['家賃'],
    search: null,
  })
  const { result, text } = await call('apply_keyword_suggestions', { ...asked, search: true })
  const { search } = applyKeywordSuggestions.output.parse(result)
  expect(search?.query).toBe('賃金の推移')
  expect(search?.results.length).toBeGreaterThan(0)
  expect(text).toContain(search?.results[0]?.dataset_id)
})
