import { describe, expect, it } from 'vitest'
import { callTool } from '../../../origin/call-tool.ts'
import type { Ports, StatsCatalogue } from '../../../origin/ports.ts'
import { loadSample } from '../../../origin/sample/load-sample.ts'
import { estimateTokens } from '../../../origin/tools/budget.ts'
import { searchEstatDataTool } from '../../../origin/tools/search-estat-data.ts'
import type { Fault } from '../../../shared/fault.ts'
import type * as z from 'zod'

type Answer = z.infer<typeof searchEstatDataTool.output>

const { catalogue } = loadSample()

/** Through the door that MCP and plain HTTP share. */
async function call(args: unknown, from: StatsCatalogue = catalogue): Promise<{ result: Answer; text: string }> {
  const { result, text } = await callTool(
    {
      tools: [searchEstatDataTool],
      ports: { catalogue: from, stats: { origin: from.origin } } as unknown as Ports,
      limits: { fetchRows: 100_000, millis: 20_000 },
      now: () => 0,
      newId: () => 'id',
    },
    {
      name: 'search_estat_data',
      args,
      caller: { id: 'test', tenant: 'estat', scopes: ['read'] },
      signal: new AbortController().signal,
    },
  )
  return { result: searchEstatDataTool.output.parse(result), text }
}

const refusal = (args: unknown): Promise<Fault> =>
  call(args).then(
    () => Promise.reject(new Error('was accepted')),
    (error: unknown) => error as Fault,
  )

describe('an answer', () => {
  it('lists the population table among the first five, with everything the contract names', async () => {
    const { result } = await call({ query: '人口' })
    expect(result.results).toHaveLength(5)
    const row = result.results.find(({ dataset_id }) => dataset_id === '0003410379')
    expect(row).toMatchObject({
      title: expect.stringContaining('男女別人口及び人口性比'),
      survey: '国勢調査',
      gov_org: '総務省',
      stats_code: '00200521',
      total_records: 4200,
      total_records_formatted: '4,200',
      requires_filtering: false,
      bundled: true,
      table_url: 'https://www.e-stat.go.jp/dbview?sid=0003410379',
    })
    expect(row?.rank).toBe(result.results.indexOf(row as Answer['results'][number]) + 1)
  })

  it('counts what matches, what it holds and what is left, and goes on by the cursor', async () => {
    const { result: first } = await call({ query: '人口', max_results: 2 })
    expect(first.counts).toEqual({ matched: first.counts.matched, returned: 2, truncated: true })
    expect(first.total_found).toBeGreaterThanOrEqual(first.counts.matched)
    expect(first.estat_listings).toBeGreaterThanOrEqual(first.total_found)
    const { result: second } = await call({ query: '人口', max_results: 2, cursor: first.next_cursor })
    expect(second.results.map(({ rank }) => rank)).toEqual([3, 4])
    const { result: last } = await call({ query: 'GDP' })
    expect(last).toMatchObject({ counts: { returned: 1, truncated: false }, next_cursor: null })
  })

  it('gives suggestions beside the results, or none where they are not wanted, with the same results', async () => {
    const { result: asked } = await call({ query: '給料' })
    const { result: quiet } = await call({ query: '給料', auto_suggest: false })
    expect(asked.suggestions[0]).toMatchObject({ from: '給料', to: '賃金' })
    expect(quiet.suggestions).toEqual([])
    expect(asked.results.length).toBeGreaterThan(0)
    expect(quiet.results).toEqual(asked.results)
  })

  it('says what it took the question to mean', async () => {
    const { result, text } = await call({ query: '令和2年 国勢調査 東京都の世帯' })
    expect(text).toContain('次の条件として解釈しました：2020年、東京都（都道府県 13）、調査「国勢調査」（00200521）')
    const english = await call({ query: '令和2年 国勢調査 東京都の世帯', lang: 'E' })
    expect(english.text).toContain('year 2020, 東京都 (prefecture 13), survey 国勢調査 (00200521)')
    expect(result.understood).toMatchObject({
      words: ['国勢調査', '世帯'],
      unknown_words: [],
      years: { from: 2020, to: 2020 },
      areas: [{ name: '東京都', prefecture_code: '13' }],
      surveys: [{ code: '00200521', name: '国勢調査' }],
    })
    expect((await call({ query: '2015年以降の人口' })).result.understood.years).toEqual({ from: 2015, to: null })
  })

  it('says in words, in both languages, that this is the sample and how to reach the rest', async () => {
    const { result, text } = await call({ query: '人口' })
    expect(result.source.origin).toBe('sample')
    expect(result.source.note).toMatch(/見本目録.*ESTAT_APP_ID/)
    expect(result.source.credit).toMatch(/国によって保証されたものではありません/)
    expect(text).toContain(result.source.note)
    expect(text).toContain(result.source.credit)
    const { result: english } = await call({ query: '人口', lang: 'E' })
    expect(english.source.note).toMatch(/sample catalogue.*ESTAT_APP_ID/)
    expect(english.results).toEqual(result.results)
  })

  it('says no such thing of a catalogue of e-Stat itself', async () => {
    const { result } = await call({ query: '人口', lang: 'E' }, { ...catalogue, origin: 'live' })
    expect(result.source).toMatchObject({ origin: 'live', note: expect.not.stringMatching(/sample/) })
  })

  it('finds nothing in so many words', async () => {
    const { result, text } = await call({ query: 'ビットコイン' })
    expect(result).toMatchObject({ success: true, total_found: 0, results: [], next_cursor: null })
    expect(result.understood.unknown_words).toEqual(['ビットコイン'])
    expect(text).toMatch(/該当する統計表がありません/)
    expect(text).toMatch(/ビットコイン/)
  })

  it('leaves dates that are not known null', async () => {
    const { result } = await call({ query: '騒音 苦情' })
    expect(result.results[0]).toMatchObject({
      survey_date: null,
      open_date: null,
      updated_date: null,
      total_records: null,
    })
    expect(result.results[0]).toMatchObject({ total_records_formatted: null, requires_filtering: null })
  })

  it('names other editions, and says how many there are', async () => {
    const { result, text } = await call({ query: '病院数 病床数' })
    expect(result.results[0]).toMatchObject({ editions_total: 2, newer_edition: null })
    expect(result.results[0]?.editions.map(({ dataset_id }) => dataset_id)).toEqual(['0003404862', '0003300509'])
    expect(text).toContain('ほかに2版')
  })
})

it('is small: structured content and text each under 2,500 tokens by default', async () => {
  for (const query of [
    '人口',
    '東京都の人口の推移',
    '市区町村 世帯',
    '国勢調査 2015年 年齢',
    'population by prefecture',
    '事業所数',
  ]) {
    const { result, text } = await call({ query })
    expect(estimateTokens(JSON.stringify(result)), query).toBeLessThan(2_500)
    expect(estimateTokens(text), query).toBeLessThan(2_500)
  }
})

it('shows ids, titles and pages in the text as in the result', async () => {
  const { result, text } = await call({ query: '人口', max_results: 20 })
  for (const { dataset_id, title, table_url, rank } of result.results)
    for (const part of [`${rank}. ${dataset_id} ${title}`, table_url]) expect(text).toContain(part)
  expect(text).toContain(result.next_cursor)
})

describe('wrong calls', () => {
  it.each<[string, unknown, RegExp]>([
    ['an empty query', { query: '　' }, /empty/],
    ['no query', {}, /query/],
    ['max_results 0', { query: '人口', max_results: 0 }, /max_results/],
    ['max_results 1000', { query: '人口', max_results: 1000 }, /max_results/],
    ['text where a number goes', { query: '人口', max_results: 'many' }, /max_results/],
    ['an unknown argument', { query: '人口', dataset_id: '0003410379' }, /dataset_id/],
    ['a damaged cursor', { query: '人口', cursor: 'x' }, /cursor/],
  ])('%s', async (_what, args, words) => {
    const fault = await refusal(args)
    expect(fault).toMatchObject({ code: 'INVALID_PARAMETER' })
    expect(fault.message).toMatch(words)
    expect(fault.hint).not.toBe('')
  })
})
