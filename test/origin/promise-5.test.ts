/**
 * Promise 5 through the front door: 総数 is never added to 男 and 女 in the recorded labour-force table, index numbers
 * and rates are never summed, and what is refused is refused with its reason.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Executed, execute, openOrigin, type TestOrigin } from './support/origin.ts'

const LABOUR = '0003005798'
const PRICES = '0004052037'
const COFFEE = '0003280145'
const GDP = '0003109741'

interface Described {
  readonly axes: readonly {
    readonly id: string
    readonly unknown_roles: number | null
    readonly shown: readonly { readonly code: string; readonly name: string; readonly role: string }[]
    readonly evidence: readonly { readonly role: string; readonly because: string; readonly codes: readonly string[] }[]
  }[]
  readonly measures: readonly { readonly name: string; readonly kind: string; readonly summable: boolean; readonly because: string }[] // biome-ignore format: one line
}
type Rows = { readonly columns: readonly string[]; readonly rows: readonly (readonly unknown[])[] }

let origin: TestOrigin
beforeAll(async () => {
  origin = await openOrigin()
})
afterAll(() => origin.close())

async function call<Result>(tool: string, args: object): Promise<Result> {
  const { result, error } = await execute(origin, tool, args)
  if (error !== undefined) throw new Error(`${error.code}: ${error.message}`)
  return result as Result
}
const described = (dataset_id: string) => call<Described>('describe_dataset', { dataset_id })
const rolesOf = ({ axes }: Described, id: string): Record<string, string> =>
  Object.fromEntries(axes.find((axis) => axis.id === id)?.shown.map(({ name, role }) => [name, role]) ?? [])
const fetched = (dataset_id: string, filters: object, more: object = {}) =>
  call<Rows>('fetch_dataset_filtered', { dataset_id, filters, save_to_s3: false, ...more })
const refused = (dataset_id: string, filters: object, derive: string): Promise<Executed> =>
  execute(origin, 'fetch_dataset_filtered', { dataset_id, filters, derive, save_to_s3: false })
const column = ({ columns, rows }: Rows, name: string) => rows.map((row) => row[columns.indexOf(name)])

describe('総数, 男 and 女 of the labour-force table', () => {
  it('are a total and its two parts, though all stand at level 1 without a parent, and it says why', async () => {
    const answer = await described(LABOUR)
    expect(rolesOf(answer, 'cat03')).toEqual({ 総数: 'total', 男: 'part', 女: 'part' })
    expect(answer.axes.find(({ id }) => id === 'cat03')?.evidence).toEqual([
      { role: 'total', because: '名称が「総数」', codes: ['0'] },
      { role: 'part', because: '名称から、男女の別', codes: ['1', '2'] },
    ])
  })

  it('shares are of 総数, which is no part of itself', async () => {
    const answer = await fetched(LABOUR, { cat02: '就業者' }, { derive: 'share' })
    const [whole, men, women] = column(answer, 'share').map(Number)
    expect([whole, (men ?? 0) + (women ?? 0)]).toEqual([100, expect.closeTo(100, 1)])
    expect(column(answer, 'value')).toEqual([6714, 3682, 3032])
  })

  it('ranks leave 総数 out', async () => {
    expect(column(await fetched(LABOUR, { cat02: '就業者' }, { derive: 'rank' }), 'rank')).toEqual([null, 1, 2])
  })

  it('in the lake the parts alone make 総数, and adding all three is warned of', async () => {
    const lake = await call<{ s3_json_path: string }>('fetch_dataset_auto', { dataset_id: LABOUR })
    const { s3_parquet_path } = await call<{ s3_parquet_path: string }>('transform_to_parquet', { s3_json_path: lake.s3_json_path }) // biome-ignore format: one line
    await call('load_to_iceberg', { table_name: 'labour', s3_parquet_path })
    const sum = (where: string) =>
      call<Pick<Rows, 'rows'> & { warnings: string[] }>('analyze_with_athena', {
        table_name: 'labour',
        analysis_type: 'custom',
        custom_query: `SELECT cat02_code, sum(value) AS persons FROM labour ${where} GROUP BY cat02_code ORDER BY cat02_code`,
      })
    const parts = await sum("WHERE cat03_role = 'part'")
    const totals = column(await fetched(LABOUR, { cat03: '総数' }), 'value').map(Number)
    // Each is rounded to 万人.
    for (const [index, total] of totals.entries())
      expect(Math.abs(Number(parts.rows[index]?.[1]) - total)).toBeLessThanOrEqual(1.5)
    expect((await sum('')).warnings.join(' ')).toMatch(/合計とその内訳を区別せずに.*cat03_role/)
  })

  it('a wide file and a summary hold the cells that there are, and no sum of them', async () => {
    const { s3_path } = await call<{ s3_path: string }>('save_dataset_as_csv', { dataset_id: LABOUR, layout: 'wide', spread: 'cat03' }) // biome-ignore format: one line
    const { content } = await call<{ content: string }>('download_csv_from_s3', { s3_path, return_content: true })
    const [heading, first] = content.trim().split(/\r?\n/)
    expect(heading).toMatch(/,unit,総数,男,女,annotation$/)
    expect(first).toMatch(/,万人,10993,5311,5682,$/)
    const { basic } = await call<{ basic: { measures: { count: number; max: number }[] } }>('analyze_with_athena', { table_name: 'labour' }) // biome-ignore format: one line
    expect(basic.measures).toMatchObject([{ count: 15, max: 10993 }])
  })

  it('what nothing tells is unknown, and it says so', async () => {
    const answer = await described(LABOUR)
    expect(answer.axes.find(({ id }) => id === 'cat02')?.unknown_roles).toBe(4)
    const { text } = await execute(origin, 'describe_dataset', { dataset_id: LABOUR })
    expect(text).toContain('うち4件は内訳かどうか不明です。足し合わせないでください。')
    const english = await execute(origin, 'describe_dataset', { dataset_id: LABOUR, lang: 'E' })
    expect(english.text).toContain('roles unknown for 4 of them: do not add those up')
  })
})

describe('roles by what adds up', () => {
  it.each([
    [COFFEE, 'area', '上位５カ国以外計', 'part', /sum: 6 codes add up to 09100 in all 2/],
    [GDP, 'cat01', '国内総生産(支出側)', 'total', /sum: 12 \+ 15 .* in all 114/],
    [GDP, 'cat01', '財貨・サービス_輸入', 'of_which', /21 is 22 less 23/],
    ['0003410380', 'cat02', '85歳以上', 'part', /without gap or overlap/],
  ])('%s %s %s is %s', async (dataset_id, axis, name, role, because) => {
    const answer = await call<Described>('describe_dataset', { dataset_id, axis, lang: 'E' })
    const one = answer.axes[0]
    const code = one?.shown.find((item) => item.name === name)?.code ?? ''
    expect(rolesOf(answer, axis)[name]).toBe(role)
    expect(one?.evidence.find(({ codes }) => codes.includes(code))?.because).toMatch(because)
  })
})

describe('index numbers, rates, ranks and prices', () => {
  it('are never summable, and it says why', async () => {
    const measures = [...(await described(PRICES)).measures, ...(await described(COFFEE)).measures]
    const never = measures.filter(({ kind }) => kind === 'index' || kind === 'rate' || kind === 'unknown')
    expect(never.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['指数', '前年同月比', '金額構成比', '価格', '順位']),
    )
    expect(never.filter(({ summable }) => summable)).toEqual([])
    expect(never.every(({ because }) => because.length > 0)).toBe(true)
    expect(measures.filter(({ summable }) => summable).map(({ name, kind }) => `${name} ${kind}`)).toEqual([
      '数量 quantity',
      '金額 money',
    ])
  })

  it('are not summed by SQL either, and their mean is', async () => {
    const { s3_json_path } = await call<{ s3_json_path: string }>('fetch_dataset_auto', { dataset_id: COFFEE })
    const { s3_parquet_path } = await call<{ s3_parquet_path: string }>('transform_to_parquet', { s3_json_path })
    await call('load_to_iceberg', { table_name: 'coffee', s3_parquet_path })
    const asked = (sql: string) =>
      execute(origin, 'analyze_with_athena', { table_name: 'coffee', analysis_type: 'custom', custom_query: sql })
    for (const where of ["cat01_name = '金額構成比'", "unit = '%'"]) {
      const { error } = await asked(`SELECT sum(value) FROM coffee WHERE ${where}`)
      expect([error.code, error.message]).toEqual(['QUERY_REJECTED', expect.stringMatching(/a rate.*never summed/)])
      expect((await asked(`SELECT avg(value) FROM coffee WHERE ${where}`)).error).toBeUndefined()
    }
    const all = await asked('SELECT cat01_name, unit, sum(value) FROM coffee GROUP BY cat01_name, unit')
    expect(all.text).toMatch(/金額構成比/)
    expect((all.result as { warnings: string[] }).warnings.join()).toMatch(/比率や指数（金額構成比/)
  })

  it.each([
    [
      PRICES,
      { tab: '指数', area: '全国', time: '2026年8月' },
      'share',
      /derive share is refused.*"指数".*index.*never summed/,
    ],
    [PRICES, { tab: '指数', cat01: '総合', time: '2026年8月' }, 'rank', /derive rank is refused.*index.*own base/],
    [COFFEE, { cat01: '金額構成比' }, 'share', /derive share is refused.*rate.*never summed/],
    [COFFEE, { cat01: '順位' }, 'rank', /derive rank is refused.*is a rank/],
    [COFFEE, { area: '合計' }, 'rank', /holds 4 measures or units|holds 5 measures or units/],
    [LABOUR, { cat02: '就業者', cat03: ['男', '女'] }, 'share', /needs the parts together with their total/],
    [LABOUR, { cat03: '総数' }, 'share', /needs the parts together with their total/],
  ])('%s %j %s is refused with the reason and what to do', async (dataset_id, filters, derive, says) => {
    const { error } = await refused(dataset_id, filters, derive)
    expect([error.code, error.message]).toEqual(['INVALID_PARAMETER', expect.stringMatching(says)])
    expect(error.hint.length).toBeGreaterThan(20)
  })
})
