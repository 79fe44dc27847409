/**
 * Promise 7, in tokens of o200k_base (js-tiktoken): answers stay within 8,000 for structured content and for text and
 * 25,000 together, on the largest recorded metadata (1,913 areas) and on the table of 15,313 values; our estimate
 * errs on the safe side. What packing saves: `packed-tokens.test.ts`.
 */
import { getEncoding } from 'js-tiktoken'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { statsHttp } from '../../origin/adapters/stats-http.ts'
import type { TableMeta } from '../../origin/estat/model.ts'
import { createStandin } from '../../origin/standin/standin.ts'
import { estimateTokens } from '../../origin/tools/budget.ts'
import { recordingsPresent } from '../recordings.ts'
import { tableOfRecording } from '../standin/table-of-recording.ts'
import { ask, axis, sampleIds, sampleStats, table } from './estat/tables.ts'
import { execute, openOrigin, type TestOrigin } from './support/origin.ts'

const encoding = getEncoding('o200k_base')
const tokens = (text: string): number => encoding.encode(text).length

const EACH = 8_000
const TOGETHER = 25_000

async function within(origin: TestOrigin, tool: string, args: object): Promise<Record<string, unknown>> {
  const { result, text, error } = await execute(origin, tool, args)
  if (error !== undefined) throw new Error(`${tool} ${JSON.stringify(args)}: ${error.code} ${error.message}`)
  const structured = JSON.stringify(result)
  const [inResult, inText] = [tokens(structured), tokens(text)]
  expect(inResult, `${tool} structured`).toBeLessThanOrEqual(EACH)
  expect(inText, `${tool} text`).toBeLessThanOrEqual(EACH)
  expect(inResult + inText).toBeLessThanOrEqual(TOGETHER)
  expect(estimateTokens(structured), 'the estimate').toBeGreaterThanOrEqual(inResult)
  return result
}

/** Rows or codes. */
const returned = ({ counts, axes }: Record<string, unknown>): number =>
  (counts as { returned: number } | undefined)?.returned ??
  (axes as { shown: unknown[] }[]).reduce((sum, { shown }) => sum + shown.length, 0)

describe('the table of 15,313 values', () => {
  const id = { dataset_id: '0000020201', save_to_s3: false, max_rows: 5000 }
  let origin: TestOrigin
  beforeAll(async () => {
    origin = await openOrigin()
  })
  afterAll(() => origin.close())

  it.each<[tool: string, args: object]>([
    ['describe_dataset', { dataset_id: id.dataset_id, axis: 'area' }],
    ['describe_dataset', { dataset_id: id.dataset_id, axis: 'area', find: '区' }],
    ['fetch_dataset_auto', id],
    ['fetch_dataset_auto', { ...id, convert_to_japanese: false }],
    ['fetch_dataset_filtered', { ...id, filters: { time: '2010年度' } }],
    ['fetch_dataset_filtered', { ...id, filters: { time: '2010年度' }, derive: ['rank', 'change', 'change_pct'] }],
    ['fetch_dataset_filtered', { ...id, filters: { area: { level: '2-3' } }, layout: 'wide' }],
    ['fetch_dataset_filtered', { ...id, filters: { area: { level: 3 } }, lang: 'E' }],
  ])('%s %j', async (tool, args) => {
    const result = await within(origin, tool, args)
    // A budget kept by showing next to nothing would be no budget.
    expect(returned(result)).toBeGreaterThan(100)
  })

  it.each(sampleIds)('whole and described: %s', async (dataset_id) => {
    await within(origin, 'fetch_dataset_auto', { dataset_id, save_to_s3: false, max_rows: 5000 })
    await within(origin, 'describe_dataset', { dataset_id })
  })
})

describe.runIf(recordingsPresent)('the largest recorded metadata', () => {
  let origin: TestOrigin
  const id = { dataset_id: '0000020202' }
  beforeAll(async () => {
    const recorded = tableOfRecording('statsdata_0000020202_limit10.json')
    const held = { ...recorded, rows: { ...recorded.rows, count: () => 403_227 } }
    const send = createStandin({ tables: [held], accepts: ['local'], now: () => 0 })
    origin = await openOrigin({ ports: { stats: statsHttp({ send, appId: 'local', origin: 'live', now: () => 0 }) } })
  })
  afterAll(() => origin.close())

  it.each<[tool: string, args: object]>([
    ['describe_dataset', id],
    ['describe_dataset', { ...id, axis: 'area' }],
    ['describe_dataset', { ...id, axis: 'area', find: '町' }],
    ['describe_dataset', { ...id, axis: 'cat01' }],
    ['describe_dataset', { ...id, axis: 'time', lang: 'E' }],
    // Ten rows were recorded.
    ['fetch_dataset_auto', { ...id, save_to_s3: false, max_rows: 10 }],
  ])('%s %j', async (tool, args) => {
    await within(origin, tool, args)
  })

  it('is paged to its end: 1,913 areas, each once', async () => {
    const seen: string[] = []
    let cursor: unknown = null
    do {
      const more = cursor === null ? {} : { cursor }
      const result = await within(origin, 'describe_dataset', { ...id, axis: 'area', ...more })
      const [shown] = result['axes'] as { shown: { code: string }[] }[]
      seen.push(...(shown?.shown.map(({ code }) => code) ?? []))
      cursor = result['next_cursor']
    } while (cursor !== null)
    expect([seen.length, new Set(seen).size]).toEqual([1913, 1913])
  })
})

it('a table made to be large, fifteen categories of long names, is described within the budget', async () => {
  const long = '製造業（食料品製造業，飲料・たばこ・飼料製造業，繊維工業を除く）のうち従業者300人以上の事業所'
  const axes = Array.from({ length: 15 }, (_, n) =>
    axis(`cat${String(n + 1).padStart(2, '0')}`, `${long}の区分${n}`, Array.from({ length: 300 }, (_, item) => [`${item}`, `${item} ${long}`] as const)),
  ) // biome-ignore format: one statement
  const meta: TableMeta = table(axes)
  const page = await sampleStats.page({ id: '0003280145', narrow: [] }, { start: 1, limit: 1 }, ask)
  const notes = [{ symbol: '***', meaning: long.repeat(40) }]
  const stats = { ...sampleStats, describe: async () => meta, page: async () => ({ ...page, total: 9e6, notes }) }
  const origin = await openOrigin({ ports: { stats } })
  try {
    await within(origin, 'describe_dataset', { dataset_id: '0000000001' })
    await within(origin, 'describe_dataset', { dataset_id: '0000000001', axis: 'cat03' })
  } finally {
    await origin.close()
  }
})

describe('our estimate', () => {
  it.each([
    ['12345678901234567890'],
    ['-0.3,-12.5,100.0'],
    ['北海道 札幌市 中央区'],
    ['The quick brown fox jumps over the lazy dog.'],
    ['1994年1～3月期'],
    ['https://www.e-stat.go.jp/dbview?sid=0003410379'],
    ['[["01100","1980100000",1401757],["01100","1985100000",1542979]]'],
    ['ｱｲｳｴｵ①②Ⅲ'],
  ])('of %s is not below', (text) => {
    expect(estimateTokens(text)).toBeGreaterThanOrEqual(tokens(text))
    expect(estimateTokens(text)).toBeLessThanOrEqual(2.2 * tokens(text) + 4)
  })
})
