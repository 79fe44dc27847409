/**
 * What breaks clients of e-Stat: the twenty pitfalls of reference/estat-api.md, section 7, one test each by its number,
 * through the front door. Where one cannot be fallen into by construction, the test shows why.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { MAX_ROWS } from '../../origin/adapters/stats-http-request.ts'
import { decodeTableList } from '../../origin/estat/decode-table-list.ts'
import { loadSample } from '../../origin/sample/load-sample.ts'
import { always, firstTimes } from '../../origin/standin/faults.ts'
import { generatedTable } from '../../origin/standin/generate/table.ts'
import { createStandin } from '../../origin/standin/standin.ts'
import { TOY_ID, toyTable } from './standin/toy.ts'
import {
  describeTable,
  type Described,
  type Fetched,
  fetchAll,
  fetchRows,
  resultOf,
  rowsOf,
  sent,
} from './support/answers.ts'
import { oneCell, otherTable } from './support/small-answers.ts'
import { APP_ID, openUpstream, type Upstream, type UpstreamOptions } from './support/upstream.ts'

const open: Upstream[] = []
afterAll(async () => {
  for (const one of open) await one.close()
})
async function upstream(options: UpstreamOptions): Promise<Upstream> {
  const opened = await openUpstream(options)
  open.push(opened)
  return opened
}

/** A small table with everything that recordings show, and the bundled ones, as e-Stat itself would give them. */
let toy: Upstream
let bundled: Upstream
beforeAll(async () => {
  toy = await upstream({ tables: [toyTable()] })
  bundled = await upstream({ tables: loadSample().tables })
})

it('1: one element comes bare, not in an array', async () => {
  const at = await upstream({ tables: [oneCell()] })
  expect(await describeTable(at)).toMatchObject({
    rows: 1,
    axes: [{ id: 'cat01', codes: 1, shown: [{ code: '01', name: '総数' }] }],
    symbols: { X: '秘匿' },
  })
  expect(rowsOf(await fetchAll(at))).toEqual([expect.objectContaining({ value: 7, unit: '人' })])
})

it('2: STATUS 1 is an empty answer: neither a failure of e-Stat nor data', async () => {
  const at = toy
  const { status, error } = await at.call('fetch_dataset_filtered', {
    dataset_id: TOY_ID,
    filters: { tab: '2', cat01: '#H1' },
  })
  expect([status, error.code]).toEqual([404, 'NO_DATA'])
  expect(error.hint).toContain('describe_dataset')
  expect(at.reported).toEqual([])
})

it('3: HTTP 403 with STATUS 100 is the application ID, and a line end after it does no harm', async () => {
  const refused = await upstream({ tables: [toyTable()], appId: 'f'.repeat(40) })
  const { error } = await refused.call('describe_dataset', { dataset_id: TOY_ID })
  expect([error.code, error.message]).toEqual(['ESTAT_API_ERROR', 'e-Stat refused the application ID.'])
  expect(error.hint).toContain('https://www.e-stat.go.jp/api/')
  expect(refused.asked).toHaveLength(1)
  expect((await describeTable(await upstream({ tables: [toyTable()], appId: ` ${APP_ID}\n` }))).rows).toBe(9)
  const walled = await upstream({ tables: [toyTable()], plan: always({ kind: 'waf' }) })
  const wall = await walled.call('describe_dataset', { dataset_id: TOY_ID })
  expect([wall.error.code, wall.error.message]).toEqual(['ESTAT_UNAVAILABLE', expect.stringContaining('HTTP 403')])
})

it('4: the cut at 100,000 rows is followed to the end', async () => {
  const rows = MAX_ROWS + 7
  const at = await upstream({ tables: [generatedTable({ id: TOY_ID, seed: 7, rows, axes: ['cat01', 'cat02'] })] })
  const kept = await resultOf<Fetched>(at, 'fetch_dataset_auto', { dataset_id: TOY_ID })
  expect([kept.total_records, kept.counts.matched, kept.counts.truncated]).toEqual([rows, rows, true])
  const key = String(kept.s3_json_path).replace('s3://', '')
  const manifest = JSON.parse(await readFile(join(at.dataDir, key), 'utf8')) as { pages: { rows: number }[] }
  expect(manifest.pages.map((page) => page.rows)).toEqual([MAX_ROWS, 7])
  for (const query of sent(at, 'getStatsData')) expect(Number(query.get('limit') ?? 0)).toBeLessThanOrEqual(MAX_ROWS)
})

it('5: TITLE and SURVEY_DATE come in several types', async () => {
  const shapes: readonly (readonly [object, string, string | null])[] = [
    [{ TITLE: '人口', SURVEY_DATE: 201710 }, '人口', '201710'],
    [{ TITLE: { '@no': '1-1', $: '世帯' }, SURVEY_DATE: '201601-201612' }, '世帯', '201601-201612'],
    [{ TITLE: 2020, SURVEY_DATE: 0 }, '2020', null],
  ]
  for (const [changed, title, date] of shapes) {
    const described = await describeTable(await upstream({ tables: [toyTable({ ...changed })] }))
    expect([described.title, described.survey_date]).toEqual([title, date])
  }
})

it('6: ids and codes are text: no leading zero is lost, and a number is refused', async () => {
  const at = toy
  const rows = rowsOf(await fetchRows(at, { cat01: ['000', '020'], tab: '1' }))
  expect(new Set(rows.map((row) => row['cat01_code']))).toEqual(new Set(['000', '020']))
  expect(at.asked.every(({ searchParams }) => searchParams.get('statsDataId') === TOY_ID)).toBe(true)
  const { error } = await at.call('describe_dataset', { dataset_id: 1 })
  expect(error.code).toBe('INVALID_PARAMETER')
})

it('7: $ is no number: symbols stay null with their meaning, a zero is a zero', async () => {
  const at = toy
  const fetched = await fetchAll(at)
  const cells = rowsOf(fetched).map(({ value, symbol }) => [value, symbol ?? null])
  expect(cells).toEqual([
    [100, null],
    [90, null],
    [null, '***'],
    [0, null],
    [null, '-'],
    [null, ''],
    [1, null],
    [-0.3, null],
    [null, 'Ｘ'],
  ])
  expect(fetched.symbols).toMatchObject({ '***': '不詳' })
})

it('8: a list repeats a table for each COLLECT_AREA: tables are counted once', async () => {
  const repeated = { ...toyTable(), collectAreas: ['全国', '都道府県', '市区町村'] }
  const standin = createStandin({ tables: [repeated], accepts: [APP_ID], now: () => 0 })
  const url = `https://api.e-stat.go.jp/rest/3.0/app/json/getStatsList?appId=${APP_ID}`
  const body = (await (await standin(new Request(url))).json()) as { GET_STATS_LIST: unknown }
  const { total, listings, tables } = decodeTableList(body.GET_STATS_LIST)
  expect([total, listings, tables.map(({ id }) => id)]).toEqual([3, 3, [TOY_ID]])
  expect(tables[0]?.collectArea).toEqual(['全国', '都道府県', '市区町村'])
  const at = await upstream({})
  const found = await resultOf<{ total_found: number; estat_listings: number; results: { dataset_id: string }[] }>(
    at,
    'search_estat_data',
    { query: '国勢調査 人口', max_results: 20 },
  )
  expect(found.total_found).toBeLessThan(found.estat_listings)
  expect(new Set(found.results.map((row) => row.dataset_id)).size).toBe(found.results.length)
})

it('9: OVERALL_TOTAL_NUMBER is not believed: the rows that match are counted', async () => {
  for (const OVERALL_TOTAL_NUMBER of [0, 99_999]) {
    const at = await upstream({ tables: [toyTable({ OVERALL_TOTAL_NUMBER })] })
    expect((await describeTable(at)).rows).toBe(9)
    expect((await fetchAll(at)).counts).toEqual({ matched: 9, returned: 9, truncated: false })
  }
})

it('10: the latest period is the latest with a value, not the last of the metadata', async () => {
  const at = toy
  expect((await describeTable(at)).time?.last).toBe('2020年')
  const rows = rowsOf(await fetchRows(at, { tab: '1', cat01: '020', time: 'latest' }))
  expect(rows).toEqual([expect.objectContaining({ time_code: '2015000000', value: 0 })])
})

it('11: an id is one edition: others are listed beside it, and no other table’s rows are taken for it', async () => {
  const at = await upstream({ send: async () => await Promise.resolve(otherTable()) })
  const { error } = await at.call('describe_dataset', { dataset_id: '0003427113' })
  expect([error.code, error.message]).toEqual(['ESTAT_UNAVAILABLE', expect.stringContaining('do not agree')])
  const { results } = await resultOf<{ results: { dataset_id: string; editions: { dataset_id: string }[] }[] }>(
    at,
    'search_estat_data',
    { query: '工業統計', max_results: 20 },
  )
  const series = results.find(({ editions }) => editions.length > 0)
  expect(series?.editions.map(({ dataset_id }) => dataset_id)).not.toContain(series?.dataset_id)
  // SURVEY_DATE can be formulaic: periods come from the time axis.
  const dated = await describeTable(await upstream({ tables: [toyTable({ SURVEY_DATE: 201910 })] }))
  expect([dated.survey_date, dated.time]).toMatchObject(['201910', { first: '2015年', last: '2020年' }])
})

it('12: no axis is assumed: measures stand in cat01, areas are countries', async () => {
  const at = bundled
  const coffee = await describeTable(at, '0003280145')
  expect(coffee.axes.map(({ id, is_measure }) => [id, is_measure])).toEqual([
    ['cat01', true],
    ['area', false],
  ])
  expect(coffee.measures.map(({ kind, unit }) => [kind, unit])).toContainEqual(['money', '百万円'])
  expect(coffee.time).toBeNull()
  const { error } = await at.call('fetch_dataset_filtered', { dataset_id: '0003280145', filters: { area: '東京都' } })
  expect(error.code).toBe('INVALID_PARAMETER')
  const [row] = rowsOf(await fetchRows(at, { cat01: '金額', area: 'ブラジル' }, '0003280145'))
  expect(row).toMatchObject({ area_code: '41000', unit: '百万円' })
})

it('13: totals inside an axis are told from their parts', async () => {
  const { axes } = await describeTable(bundled, '0003005798')
  const sex = axes.find(({ id }) => id === 'cat03')?.shown ?? []
  expect(sex.map(({ name, role }) => [name, role])).toEqual([
    ['総数', 'total'],
    ['男', 'part'],
    ['女', 'part'],
  ])
  const age = (await describeTable(toy)).axes.find(({ id }) => id === 'cat01')?.shown ?? []
  expect(age.map(({ code, role }) => [code, role])).toContainEqual(['#H1', 'of_which'])
})

it('14: e-Stat’s CSV is never read, and columns of ours never share a name', async () => {
  const { axes, ...table } = toyTable({ TITLE: '一行目\n二行目' })
  const at = await upstream({ tables: [{ ...table, axes: axes.map((axis) => ({ ...axis, name: 'unit' })) }] })
  const { s3_path } = await resultOf<{ s3_path: string }>(at, 'save_dataset_as_csv', { dataset_id: TOY_ID })
  const text = await readFile(join(at.dataDir, s3_path.replace('s3://', '')), 'utf8')
  const header = (text.split('\r\n')[0] ?? '').replace('\uFEFF', '').split(',')
  expect(new Set(header).size).toBe(header.length)
  expect(header).toContain('unit')
  expect(text.trimEnd().split('\r\n')).toHaveLength(10)
  for (const { pathname } of at.asked) expect(pathname).toMatch(/^\/rest\/3\.0\/app\/json\//)
})

it('15: replaceSpChars is sent, spelled as e-Stat echoes it, and leaves symbols as they are', async () => {
  const at = toy
  await fetchAll(at)
  const queries = sent(at, 'getStatsData').filter((query) => query.get('cntGetFlg') === 'N')
  expect(queries.length).toBeGreaterThan(0)
  expect(queries.map((query) => [query.get('replaceSpChars'), query.get('replaceSpChar')])).toEqual(
    queries.map(() => ['0', null]),
  )
})

it('16: # is encoded, and more than 100 codes go in several questions', async () => {
  const at = await upstream({ tables: [toyTable(), generatedTable({ id: '0000000002', seed: 1, rows: 9000 })] })
  expect((await fetchRows(at, { cat01: '#H1' })).counts.matched).toBe(2)
  expect(at.asked.at(-1)?.search).toContain('cdCat01=%23H1')
  const { axes } = await describeTable(at, '0000000002')
  const wide = axes.toSorted((a, b) => b.codes - a.codes)[0]
  expect(wide?.codes).toBeGreaterThan(101)
  const listed = await resultOf<Described>(at, 'describe_dataset', { dataset_id: '0000000002', axis: wide?.id })
  const codes = (listed.axes[0]?.shown ?? []).slice(0, 101).map(({ code }) => String(code))
  const parts = codes.map((code) => fetchRows(at, { [wide?.id ?? '']: code }, '0000000002'))
  const sum = (await Promise.all(parts)).reduce((total, { counts }) => total + counts.matched, 0)
  expect((await fetchRows(at, { [wide?.id ?? '']: codes }, '0000000002')).counts.matched).toBe(sum)
  const lists = at.asked.flatMap(({ searchParams }) => [...searchParams].filter(([name]) => name.startsWith('cd')))
  expect(Math.max(...lists.map(([, list]) => list.split(',').length))).toBe(100)
})

it('17: class lists are asked for once, never with the rows', async () => {
  const at = bundled
  await describeTable(at, '0000020201')
  await fetchRows(at, { area: '北海道 札幌市' }, '0000020201')
  const metadata = sent(at, 'getMetaInfo').filter((query) => query.get('statsDataId') === '0000020201')
  expect(metadata).toHaveLength(1)
  for (const query of sent(at, 'getStatsData')) expect(query.get('metaGetFlg')).toBe('N')
})

it('18: full-width text is matched by what it means, and given back as it is', async () => {
  const at = bundled
  const { axes } = await describeTable(at, '0000020201')
  expect(axes.find(({ id }) => id === 'cat01')?.name).toBe('Ａ　人口・世帯')
  const filters = { 'A 人口・世帯': 'Ａ１１０１＿総人口', area: '北海道　札幌市', 調査年: '２０１５年度' }
  const rows = rowsOf(await fetchRows(at, filters, '0000020201'))
  expect(rows).toEqual([expect.objectContaining({ area_code: '01100', time_code: '2015100000' })])
})

it('19: silence, a failing server and a maintenance page are asked again, then told as what they are', async () => {
  for (const kind of [
    { kind: 'silence' },
    { kind: 'maintenance', status: 200 },
    { kind: 'http', status: 502 },
  ] as const) {
    const once = await upstream({ tables: [toyTable()], plan: firstTimes(1, kind), attemptMs: 60 })
    expect((await describeTable(once)).rows).toBe(9)
  }
  const down = await upstream({ tables: [toyTable()], plan: always({ kind: 'maintenance', status: 200 }) })
  const { status, error } = await down.call('describe_dataset', { dataset_id: TOY_ID })
  expect([status, error.code, down.asked.length]).toEqual([503, 'ESTAT_UNAVAILABLE', 3])
  expect(`${error.message}${error.hint}`).not.toContain('メンテナンス')
})

it('20: no URL of e-Stat, and so no application ID, is in an error, an answer or a report', async () => {
  const send = async (request: Request): Promise<Response> =>
    await Promise.reject(new TypeError(`fetch failed: ${request.url}`, { cause: new Error(request.url) }))
  const broken = await upstream({ send })
  const reply = await broken.call('describe_dataset', { dataset_id: TOY_ID })
  expect(reply.error.code).toBe('ESTAT_UNAVAILABLE')
  const at = await upstream({ tables: [toyTable()] })
  const told = [
    reply,
    await at.call('describe_dataset', { dataset_id: TOY_ID }),
    await at.call('fetch_dataset_auto', { dataset_id: TOY_ID }),
    ...broken.reported.map((error) => [String(error), (error as Error).stack, String((error as Error).cause)]),
  ]
  expect(broken.reported).toHaveLength(1)
  expect(JSON.stringify(told)).not.toMatch(new RegExp(`${APP_ID}|appId=|api\\.e-stat\\.go\\.jp`))
  expect(broken.asked[0]?.searchParams.get('appId')).toBe(APP_ID)
})
