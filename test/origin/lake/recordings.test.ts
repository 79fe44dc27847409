/** Nothing is lost on the way into the lake: each recorded cell is found again in the Iceberg table made of its page. */
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DuckRow } from '../../../origin/adapters/duckdb.ts'
import { calm, type Lake, openLake } from './support/lake.ts'
import { type Cell, jobOf, keepPages, metaOf, RECORDINGS, recordingsPresent } from './support/page.ts'
import { READERS, type Recorded } from './support/recorded.ts'

if (!recordingsPresent)
  process.stderr.write(
    'lake/recordings: ../shared/data/estat is absent, so recorded cells are not compared; parquet-duckdb.test.ts has pages of its own\n',
  )

const NUMBER_OF_RECORDINGS = 12
/** Cells in all of them: 15,313 of them in one */
const NUMBER_OF_CELLS = 19_801

describe.runIf(recordingsPresent)('recorded cells in the lake', () => {
  let lake: Lake
  let cells = 0
  beforeAll(async () => {
    lake = await openLake()
  })
  afterAll(() => lake.close())

  it('are those of every recording that holds values', () => {
    const index = readFileSync(`${RECORDINGS}INDEX.tsv`, 'utf8')
      .split('\n')
      .map((line) => line.split('\t')[0] ?? '')
    expect(index.filter((name) => /^(statsdata|datainf|labels)_/.test(name)).toSorted()).toEqual(
      Object.keys(READERS).toSorted(),
    )
    expect(Object.keys(READERS)).toHaveLength(NUMBER_OF_RECORDINGS)
  })

  it.each(Object.entries(READERS))('%s', async (name, read) => {
    const recorded = read(name)
    const table = `r_${name.replaceAll(/\W/g, '_').toLowerCase()}`
    const rows = await rowsInLake(lake, recorded, table)
    expect(rows).toHaveLength(recorded.cells.length)
    const byCodes = new Map(rows.map((row) => [codesOfRow(recorded, row), row]))
    expect(byCodes.size).toBe(rows.length)
    for (const cell of recorded.cells)
      expect(byCodes.get(codesOfCell(recorded, cell))).toMatchObject(expected(recorded, cell))
    cells += rows.length
  })

  it('are all there', () => {
    expect(cells).toBe(NUMBER_OF_CELLS)
  })
})

/** Raw page, Parquet, Iceberg, and back. */
async function rowsInLake(lake: Lake, { id, axes, notes, body }: Recorded, name: string): Promise<readonly DuckRow[]> {
  const pages = await keepPages(lake.store, id, [body])
  const file = await lake.parquet.write(jobOf(metaOf(id, axes), pages, { notes }), calm)
  const change = { kind: 'replace', datasetId: id, files: [file], properties: {} } as const
  await lake.tables.commit('estat', name, change, { create: true, now: 0, signal: calm })
  const table = await lake.tables.load('estat', name)
  return lake.read((table?.files ?? []).map(({ key }) => key))
}

const codesOfCell = ({ axes }: Recorded, cell: Cell): string => JSON.stringify(axes.map(({ id }) => cell[`@${id}`]))
const codesOfRow = ({ axes }: Recorded, row: DuckRow): string => JSON.stringify(axes.map(({ id }) => row[`${id}_code`]))

/** What the recording says of a cell, in the lake's columns. */
function expected({ id, axes, notes }: Recorded, cell: Cell): DuckRow {
  const text = cell['$'] as string
  const value = /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : null
  const symbol = value === null ? text : null
  const names = axes.map((axis) => {
    const item = axis.items.find(({ code }) => code === cell[`@${axis.id}`])
    return [
      [`${axis.id}_name`, item?.name ?? null],
      [`${axis.id}_level`, item?.level ?? null],
      [`${axis.id}_parent_code`, item?.parentCode ?? null],
    ]
  })
  return {
    ...(Object.fromEntries(names.flat()) as DuckRow),
    dataset_id: id,
    value,
    symbol,
    symbol_meaning: notes.find((note) => note.symbol === symbol)?.meaning ?? null,
    unit: cell['@unit'] ?? null,
  }
}
