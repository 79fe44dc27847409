/**
 * Our long CSV holds exactly the cells of e-Stat's own (getSimpleStatsData): codes, names, unit, value, annotation; no
 * cell more, none less, none twice. For the pair that was recorded, and for generated tables of every shape, whose CSV
 * the stand-in writes by another way than the JSON that ours is made from.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { statsHttp } from '../../origin/adapters/stats-http.ts'
import { loadSample } from '../../origin/sample/load-sample.ts'
import { generatedTable } from '../../origin/standin/generate/table.ts'
import { createStandin, type Standin } from '../../origin/standin/standin.ts'
import type { StandinTable } from '../../origin/standin/table.ts'
import { execute, openOrigin, type TestOrigin } from '../origin/support/origin.ts'
import { readRecording, recordingsPresent } from '../recordings.ts'
import { tableOfRecording } from '../standin/table-of-recording.ts'
import { parseCsv } from './parse-csv.ts'

const APP_ID = 'test'
const now = (): number => Date.UTC(2026, 10, 20)

/** Every shape that tables have: with and without measures, times, areas; one axis; many; one cell. */
const SHAPES: readonly (readonly [name: string, rows: number, axes: readonly string[], holes?: number])[] = [
  ['all kinds of axes', 4000, ['tab', 'cat01', 'area', 'time']],
  ['no tab: the units on cat01', 1500, ['cat01', 'area', 'time']],
  ['no time', 1500, ['tab', 'cat01', 'area']],
  ['no area', 1500, ['tab', 'cat01', 'time']],
  ['neither tab, area nor time', 700, ['cat01', 'cat02']],
  ['one axis', 300, ['cat01']],
  ['areas alone', 300, ['area']],
  ['measures over time', 100, ['tab', 'time'], 0],
  ['eighteen axes, one of them named like a column', 2000, allAxes()],
  ['sparse: seven cells of eight missing', 1000, ['tab', 'cat01', 'area', 'time'], 28],
  ['dense', 2000, ['tab', 'cat01', 'area', 'time'], 0],
  ['one cell', 1, ['tab', 'cat01', 'area', 'time']],
]

function allAxes(): readonly string[] {
  return ['tab', ...Array.from({ length: 15 }, (_, at) => `cat${String(at + 1).padStart(2, '0')}`), 'area', 'time']
}

const generated = SHAPES.map(([, rows, axes, holes], at) =>
  generatedTable({
    id: `000900${String(at).padStart(4, '0')}`,
    seed: at,
    rows,
    axes,
    ...(holes === undefined ? {} : { holes }),
  }),
)
const bundled = loadSample().tables
const recorded = recordingsPresent ? [tableOfRecording('statsdata_0003005798.json')] : []
// The recording stands for the bundled table of the same id.
const tables: readonly StandinTable[] = [...generated, ...bundled, ...recorded]
const standin: Standin = createStandin({ tables, accepts: [APP_ID], now })
const opened = openOrigin({ ports: { stats: statsHttp({ send: standin, appId: APP_ID, origin: 'live', now }) } })
afterAll(async () => (await opened).close())

/** One cell: axis ids, codes and names; unit; value or symbol; annotation. As text, so that sets can be compared. */
type CellKey = string

/** By place, not by name: an axis may be named like another column. */
function cellsOf(
  lines: readonly (readonly string[])[],
  valueOf: (rest: readonly string[]) => readonly string[],
): CellKey[] {
  const [columns = [], ...rows] = lines
  const axes = columns.filter((column) => /^(?:tab|cat\d\d|area|time)_code$/.test(column))
  const width = axes.length * 2
  return rows.map((fields) => JSON.stringify([axes, fields.slice(0, width), valueOf(fields.slice(width))])).toSorted()
}

/** unit, value, annotation. */
const theirs = (csv: string): CellKey[] =>
  cellsOf(parseCsv(csv), ([unit = '', value = '', annotation = '']) => [unit, value, annotation])

/** value, symbol, unit, annotation: one of the first two is empty. */
async function ours(origin: TestOrigin, dataset_id: string): Promise<CellKey[]> {
  const { success, result, text } = await execute(origin, 'save_dataset_as_csv', { dataset_id, raw: true })
  if (!success) throw new Error(text)
  const file = join(origin.dataDir, String(result['s3_path']).replace('s3://', ''))
  return cellsOf(parseCsv(await readFile(file, 'utf8')), ([value = '', symbol = '', unit = '', annotation = '']) => {
    if (value !== '' && symbol !== '') throw new Error('a cell with a value and a symbol')
    return [unit, value + symbol, annotation]
  })
}

async function simple(id: string): Promise<string> {
  const query = new URLSearchParams({ appId: APP_ID, statsDataId: id, sectionHeaderFlg: '2' }).toString()
  return (await standin(new Request(`http://standin.invalid/rest/3.0/app/getSimpleStatsData?${query}`))).text()
}

/** toEqual would print thousands of lines. */
function expectSame(found: readonly CellKey[], expected: readonly CellKey[]): void {
  const other = new Set(expected)
  expect(found.filter((key) => !other.has(key)).slice(0, 3)).toEqual([])
  expect(found.length).toBe(expected.length)
  expect(new Set(found).size).toBe(found.length)
}

describe.runIf(recordingsPresent)('The recorded pair', () => {
  it('statsdata_0003005798: our CSV of the JSON has the cells of the recorded CSV', async () => {
    const expected = theirs(readRecording('statsdata_0003005798.csv'))
    expect(expected.length).toBe(15)
    expectSame(await ours(await opened, '0003005798'), expected)
  })
})

describe('Generated pairs of every shape', () => {
  it.each(SHAPES.map(([name, rows], at) => [name, rows, generated[at]?.id ?? ''] as const))(
    '%s',
    async (_, rows, id) => {
      const expected = theirs(await simple(id))
      expect(expected.length).toBe(rows)
      expectSame(await ours(await opened, id), expected)
    },
  )
})

describe('Bundled tables', () => {
  it.each(bundled.map(({ id }) => id))('%s', async (id) => {
    expectSame(await ours(await opened, id), theirs(await simple(id)))
  })
})
