/**
 * The main job, step by step, through the front door. Each step calls, checks, and says what came back.
 * On the bundled sample it knows the figures; on e-Stat itself it holds the answer to e-Stat's own count.
 */
import type { Reply, Session } from './session.ts'
import { check, column, firstRows, millis, oneLine, rowsOf, show } from './show.ts'

export interface TourState {
  readonly session: Session
  readonly say: (line: string) => void
  /** Told by the first answer: `sample` or `live`. */
  origin: string
  /** `s3_json_path` of the fetch that is kept. */
  raw: string
  parquet: string
  rows: number
  firstSearch: Reply | null
}

export interface Step {
  readonly title: string
  run(state: TourState): Promise<void>
}

const CENSUS = '0003410379'
const MUNICIPALITIES = '0000020201'
/** A table of the tour's own: on a deployment in use, `d_<id>` is somebody's whole dataset. */
const LAKE_TABLE = `tour_${MUNICIPALITIES}`
const SEARCH = { query: '人口', max_results: 5 }

async function call(state: TourState, name: string, args: Record<string, unknown>): Promise<Reply> {
  const reply = await state.session.call(name, args, (message) => state.say(`  ... ${message}`))
  check(!reply.isError, `${name} failed: ${oneLine(reply.text)}`)
  return reply
}

export const STEPS: readonly Step[] = [
  {
    title: 'Search: 人口',
    async run(state) {
      const reply = await call(state, 'search_estat_data', SEARCH)
      state.firstSearch = reply
      const found = reply.result['results'] as readonly Record<string, unknown>[]
      check(found.length === 5, `5 results were asked for, ${found.length} came`)
      for (const { dataset_id, title, gov_org } of found)
        state.say(`  ${show(dataset_id)}  ${show(title)} (${show(gov_org)})`)
      state.say(`  ${show(reply.result['total_found'])} tables in all; X-Cache ${reply.cache}, ${millis(reply)}`)
    },
  },
  {
    title: `Describe: ${CENSUS}`,
    async run(state) {
      const { result } = await call(state, 'describe_dataset', { dataset_id: CENSUS })
      const axes = result['axes'] as readonly { id: string; name: string; codes: number }[]
      state.origin = show((result['source'] as { origin?: string }).origin)
      check(axes.length >= 3, 'the table shows its axes')
      state.say(`  ${show(result['title'])}, ${show(result['rows'])} rows, from ${state.origin}`)
      for (const { id, name, codes } of axes) state.say(`  ${id.padEnd(6)} ${name}: ${codes} codes`)
    },
  },
  {
    title: 'Fetch by name: 人口, 総数, 東京都, 1920 to 2020',
    async run(state) {
      const filters = { tab: '人口', cat01: '総数', area: '東京都', time: { from: '1920年', to: '2020年' } }
      const { result, text } = await call(state, 'fetch_dataset_filtered', {
        dataset_id: CENSUS,
        filters,
        save_to_s3: false,
      })
      const rows = rowsOf(result)
      const counts = result['counts'] as { matched: number; returned: number }
      check(rows.length === counts.matched, `${rows.length} rows came, ${counts.matched} match`)
      const of = (year: string) => rows.find((row) => show(row['time_name'] ?? row['time_code']).startsWith(year))
      const [first, last] = [of('1920'), of('2020')]
      check(first?.['unit'] === '人', 'the unit is 人')
      if (state.origin === 'sample') {
        check(rows.length === 21, `21 censuses from 1920 to 2020, not ${rows.length}`)
        check(first?.['value'] === 3_699_428, `1920: 3,699,428 人, not ${show(first?.['value'])}`)
        check(last?.['value'] === 14_047_594, `2020: 14,047,594 人, not ${show(last?.['value'])}`)
      }
      state.say(`  1920: ${show(first?.['value'])} 人`)
      state.say(`  2020: ${show(last?.['value'])} 人`)
      citation(state, result, text)
    },
  },
  {
    title: 'An ambiguous name: 府中市',
    async run(state) {
      const filters = { cat01: 'A1101', area: '府中市' }
      const reply = await state.session.call(
        'fetch_dataset_filtered',
        { dataset_id: MUNICIPALITIES, filters },
        () => {},
      )
      check(
        reply.isError && reply.text.startsWith('AMBIGUOUS_NAME'),
        `the name must be refused: ${oneLine(reply.text)}`,
      )
      check(/東京都 府中市/.test(reply.text) && /広島県 府中市/.test(reply.text), 'both candidates are listed')
      for (const line of reply.text.split('\n')) state.say(`  ${line}`)
    },
  },
  {
    title: 'Fetch by name: 千代田区',
    async run(state) {
      const filters = { cat01: 'A1101', area: '千代田区' }
      const { result, text } = await call(state, 'fetch_dataset_filtered', {
        dataset_id: MUNICIPALITIES,
        filters,
        save_to_s3: false,
      })
      const rows = rowsOf(result)
      const latest = rows.at(-1)
      check(rows.length > 0, 'rows came')
      if (state.origin === 'sample')
        check(latest?.['value'] === 58_406, `2015年度: 58,406 人, not ${show(latest?.['value'])}`)
      for (const row of firstRows(rows.toReversed(), 3))
        state.say(`  ${show(row['time_name'])}: ${show(row['value'])} ${show(row['unit'])}`)
      citation(state, result, text)
    },
  },
  {
    title: `Save as CSV: ${CENSUS}`,
    async run(state) {
      const { result } = await call(state, 'save_dataset_as_csv', { dataset_id: CENSUS })
      const rows = Number(result['rows'])
      if (state.origin === 'sample') check(rows === 1008, `1,008 rows in the sample, not ${rows}`)
      check(rows === Number(result['matched']), 'every matching row is in the file')
      state.say(`  ${show(result['s3_path'])}: ${show(rows)} rows, ${show(Number(result['bytes']))} bytes`)
    },
  },
  {
    title: `Keep item A1101 of ${MUNICIPALITIES}, convert to Parquet`,
    async run(state) {
      const fetched = await call(state, 'fetch_dataset_filtered', {
        dataset_id: MUNICIPALITIES,
        filters: { cat01: 'A1101' },
        save_to_s3: true,
        max_rows: 5,
      })
      state.raw = String(fetched.result['s3_json_path'])
      const { matched } = fetched.result['counts'] as { matched: number }
      const { result } = await call(state, 'transform_to_parquet', { s3_json_path: state.raw, data_type: 'population' })
      state.parquet = String(result['s3_parquet_path'])
      state.rows = Number(result['rows'])
      check(state.rows === matched, `${matched} rows match, ${state.rows} are in the file`)
      if (state.origin === 'sample') check(state.rows === 15_313, `15,313 rows in the sample, not ${state.rows}`)
      state.say(`  ${state.parquet}: ${show(state.rows)} rows, ${show(Number(result['bytes']))} bytes`)
    },
  },
  { title: `Load into Iceberg: ${LAKE_TABLE}`, run: (state) => load(state) },
  {
    title: 'Ask: basic',
    async run(state) {
      const { result } = await call(state, 'analyze_with_athena', { table_name: LAKE_TABLE, analysis_type: 'basic' })
      const basic = result['basic'] as { rows: number; measures: readonly Record<string, unknown>[] }
      check(basic.rows === state.rows, `${state.rows} rows were loaded, ${basic.rows} are counted`)
      for (const { measure_name, unit, count, min, max } of basic.measures)
        state.say(`  ${show(measure_name)} (${show(unit)}): ${show(count)} values, ${show(min)} to ${show(max)}`)
      citation(state, result, '')
    },
  },
  {
    title: 'Ask: SQL of your own',
    async run(state) {
      const custom_query = `SELECT area_name, value, unit FROM estat.${LAKE_TABLE} WHERE time_code = '2015100000' ORDER BY value DESC, area_name LIMIT 3`
      const { result } = await call(state, 'analyze_with_athena', {
        table_name: LAKE_TABLE,
        analysis_type: 'custom',
        custom_query,
      })
      const rows = rowsOf(result)
      check(rows.length === 3, `3 rows were asked for, ${rows.length} came`)
      if (state.origin === 'sample') {
        const expected = ['東京都 特別区部', '神奈川県 横浜市', '大阪府 大阪市']
        check(column(rows, 'area_name').join() === expected.join(), `the three largest are ${expected.join(', ')}`)
      }
      for (const { area_name, value, unit } of rows) state.say(`  ${show(area_name)}: ${show(value)} ${show(unit)}`)
      citation(state, result, '')
    },
  },
  { title: 'Load again: the same table', run: (state) => load(state) },
  {
    title: 'Search again: from the cache',
    async run(state) {
      const reply = await call(state, 'search_estat_data', SEARCH)
      const first = state.firstSearch
      if (!state.session.isEdge) return state.say('  this is an origin, asked without its edge: nothing is cached here')
      check(reply.cache === 'HIT', `X-Cache is ${reply.cache}`)
      check(JSON.stringify(reply.result) === JSON.stringify(first?.result), 'both answers are the same')
      state.say(`  first ${millis(first)} (${first?.cache}), now ${millis(reply)} (${reply.cache})`)
    },
  },
]

async function load(state: TourState): Promise<void> {
  const { result } = await call(state, 'load_to_iceberg', { table_name: LAKE_TABLE, s3_parquet_path: state.parquet })
  const { rows_before, rows_loaded, rows_after, snapshot_id } = result
  check(rows_loaded === state.rows && rows_after === state.rows, `${state.rows} rows, not ${show(rows_after)}`)
  state.say(
    `  ${show(rows_before)} rows before, ${show(rows_loaded)} loaded, ${show(rows_after)} after; snapshot ${show(snapshot_id)}`,
  )
}

function citation(state: TourState, result: Record<string, unknown>, text: string): void {
  const sources = [result['source'], ...((result['sources'] as unknown[] | undefined) ?? [])]
  const cited = sources.map((source) => (source as { citation?: string } | null | undefined)?.citation).find(Boolean)
  check(typeof cited === 'string' && cited.startsWith('出典：'), 'the answer can be cited')
  check(text === '' || text.includes(cited ?? ''), 'the text twin carries the citation')
  state.say(`  ${cited}`)
}
