/** analysis_type "advanced" on real figures, through the front door; expected figures are the ministry's own. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { planSlice } from '../../../origin/lake/sql/advanced.ts'
import type { Advanced } from '../../../origin/tools/advanced-analysis.ts'
import { execute, openOrigin, type TestOrigin } from '../support/origin.ts'

let origin: TestOrigin
beforeAll(async () => {
  origin = await openOrigin()
})
afterAll(() => origin.close())

async function analyse(dataset_id: string): Promise<Advanced['measures']> {
  const table_name = `d_${dataset_id}`
  const made = await execute(origin, 'transform_to_parquet', { dataset_id })
  await execute(origin, 'load_to_iceberg', { table_name, s3_parquet_path: made.result['s3_parquet_path'] })
  const { result } = await execute(origin, 'analyze_with_athena', { table_name, analysis_type: 'advanced', lang: 'E' })
  expect(result).toMatchObject({ success: true, analysis_type: 'advanced', basic: null, rows: [] })
  return (result['advanced'] as Advanced).measures
}

it('census: the course of the whole country, prefectures without it', async () => {
  const [population, ...others] = await analyse('0003410379')
  expect(others).toEqual([])
  expect(population).toMatchObject({ measure: '人口', unit: '人', kind: 'count', latest: '2020年', skipped: null })
  expect(population?.held).toEqual({ cat01: '総数 (only)', area: '全国 (total)' })
  expect(population?.trend).toHaveLength(21)
  expect(population?.trend[0]).toMatchObject({ time: '1920年', value: 55_963_053 })
  expect(population?.trend.at(-1)).toMatchObject({ time: '2020年', value: 126_146_099 })
  expect(population?.top_areas).toHaveLength(1)
  expect(population?.top_areas[0]).toMatchObject({
    areas: 47,
    top: [{ name: '東京都', value: 14_047_594 }, { name: '神奈川県' }, {}, {}, {}, {}, {}, {}, {}, {}],
  })
})

it('municipalities: a city with wards is a city among cities, and its wards are a list of their own', async () => {
  const [population] = await analyse('0000020201')
  expect(population?.top_areas.map(({ level, top }) => [level, top.slice(0, 2)])).toEqual([
    [
      2,
      [
        { code: '13100', name: '東京都 特別区部', value: 9_272_740 },
        { code: '14100', name: '神奈川県 横浜市', value: 3_724_844 },
      ],
    ],
    [
      3,
      [
        { code: '13112', name: '東京都 世田谷区', value: 903_346 },
        { code: '13120', name: '東京都 練馬区', value: 721_722 },
      ],
    ],
  ])
  expect(population?.trend, 'no area stands for all of them').toEqual([])
})

it('labour force: 総数 is taken, never added to 男 and 女', async () => {
  const [people] = await analyse('0003005798')
  expect(people?.held['cat03']).toBe('総数 (total)')
  expect(people?.trend.map(({ value }) => value)).toEqual([6877])
  expect(people?.top_categories).toEqual([
    {
      axis: 'cat03',
      categories: 2,
      top: [
        { code: '1', name: '男', value: 3774 },
        { code: '2', name: '女', value: 3103 },
      ],
    },
  ])
})

it('parts without a total are added, of a measure that may be', async () => {
  const [people] = await analyse('0003410380')
  expect(people?.held).toMatchObject({ cat01: 'sum of 2 parts', cat02: 'sum of 22 parts' })
  expect(
    people?.top_categories.find(({ axis }) => axis === 'cat01')?.top.map(({ name, value }) => [name, value]),
  ).toEqual([
    ['女', 63_455_823],
    ['男', 59_758_438],
  ])
})

it('rows that were appended twice are not added twice', async () => {
  const table_name = 'twice'
  const made = await execute(origin, 'transform_to_parquet', { dataset_id: '0003410380' })
  for (const mode of ['replace', 'append'])
    await execute(origin, 'load_to_iceberg', { table_name, s3_parquet_path: made.result['s3_parquet_path'], mode })
  const { result } = await execute(origin, 'analyze_with_athena', { table_name, analysis_type: 'advanced' })
  const [people] = (result['advanced'] as Advanced).measures
  expect(people?.held).toMatchObject({ cat01: '内訳2個の合計', cat02: '内訳22個の合計' })
  expect(people?.trend.at(-1)).toMatchObject({ time: '2020年', value: null })
  expect(people?.top_categories.flatMap(({ top }) => top).every(({ value }) => value === null)).toBe(true)
})

it('an index is never added', async () => {
  const [index] = await analyse('0004052037')
  expect(index).toMatchObject({ measure: '指数', kind: 'index', skipped: null })
  expect(Object.values(index?.held ?? {}).join()).not.toContain('sum')
})

it('a table without time has figures, and no course', async () => {
  const measures = await analyse('0003280145')
  expect(measures.map(({ measure, unit }) => [measure, unit])).toEqual([
    ['数量', 't'],
    ['金額', '百万円'],
    ['金額構成比', '％'],
  ])
  const first = measures[0]?.top_areas.find(({ level }) => level === 1)
  expect(first?.top.map(({ name }) => name)).toEqual(['上位５カ国以外計'])
  expect(measures[0]?.top_areas.find(({ level }) => level === 2)?.top[0]).toMatchObject({
    name: 'ブラジル',
    value: 137_860,
  })
})

describe('how an axis is held', () => {
  const measure = { datasetId: '1', unit: '人', count: 1, codes: [] }
  const code = (name: string, role: string | null, more: object = {}) => ({
    axis: 'cat01',
    code: name,
    name,
    role,
    level: null,
    parent: null,
    ...more,
  })

  it.each([
    ['roles that are not known', [code('a', 'unknown'), code('b', 'unknown')], true],
    ['two totals', [code('a', 'total'), code('b', 'total'), code('c', 'part')], true],
    ['parts of a measure that is never summed', [code('a', 'part'), code('b', 'part')], false],
    ['an of_which among the parts', [code('a', 'part'), code('b', 'of_which')], true],
  ])('is refused for %s', (_what, codes, summable) => {
    expect(planSlice(measure, codes, summable)).toEqual({
      J: expect.stringMatching(/cat01 には\d個のコードがあり/),
      E: expect.stringMatching(/cat01 has \d codes, no single total/),
    })
  })

  it('leaves the whole country out where prefectures name it as their parent, on one level', () => {
    const area = (name: string, role: string, parent: string | null) => ({
      ...code(name, role, { parent, level: '1' }),
      axis: 'area',
    })
    const slice = planSlice(
      measure,
      [area('00000', 'total', null), area('13000', 'part', '00000'), area('14100', 'total', '13000')],
      true,
    )
    expect(slice).toMatchObject({ wholes: ['00000'] })
  })
})
