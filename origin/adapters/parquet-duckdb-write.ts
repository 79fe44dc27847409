/** Raw pages to one Parquet file of the lake: one COPY for each page and one for the whole, never a row as an object. */
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fault } from '../../shared/fault.ts'
import type { Axis } from '../estat/model.ts'
import { readUnit } from '../estat/unit.ts'
import { axesInOrder, planColumns } from '../lake/column-plan.ts'
import { DIMENSION_TYPES, dimensionOf } from '../lake/dimensions.ts'
import type { ParquetFile } from '../lake/ports.ts'
import { type Duck, sqlName, sqlText } from './duckdb.ts'
import type { WriteWork } from './duckdb-work.ts'
import { inspectParquet } from './parquet-duckdb-inspect.ts'
import { annotationTexts, cutPage } from './parquet-duckdb-page.ts'
import { copyCellsSql, copyLakeSql, countCellsSql, unitsSql } from './parquet-duckdb-sql.ts'

interface Work extends WriteWork {
  /** May read and write in the work's folder. */
  readonly duck: Duck
  readonly signal: AbortSignal
}
type Cut = Awaited<ReturnType<typeof cutPage>> & { readonly path: string }

/**
 * Pages become files of codes and values one by one, the next being cut while DuckDB reads this one; then one COPY joins
 * names to all of them.
 * @throws Fault NO_DATA; DATA_TRANSFORM_ERROR where rows written differ from rows in the pages.
 */
export async function writeParquet(work: Work): Promise<ParquetFile> {
  const { duck, folder, signal, target } = work
  const axes = axesInOrder(work.meta)
  const cells: string[] = []
  let rows = 0
  for await (const page of cutPages(work)) {
    const path = join(folder, `cells-${cells.length}.parquet`)
    const added = await writeCells(work, axes, page, path)
    if (added > 0) cells.push(path)
    rows += added
  }
  if (rows === 0) throw fault('NO_DATA', 'The fetch holds no rows to write.')
  await loadDimensions(work, axes, cells)
  const constants = {
    datasetId: work.meta.info.id,
    fetchId: work.fetchId,
    retrievedAt: new Date(work.retrievedAt).toISOString(),
  }
  const file = { path: target, properties: work.properties }
  await duck.rows(copyLakeSql(cells, planColumns(work.meta, work.dataType), axes, constants, file), signal)
  const written = await inspectParquet(duck, target, target, signal)
  if (written.rows !== rows)
    throw fault('DATA_TRANSFORM_ERROR', `The pages hold ${rows} rows, and ${written.rows} were written.`)
  return written
}

/** One page ahead of its reader: unzipping is JavaScript's and zlib's, so it costs no time where there is a second core. */
async function* cutPages({ pages, folder, signal }: Work): AsyncGenerator<Cut> {
  const cut = async (at: number): Promise<Cut> => {
    const path = join(folder, `page-${at}.json`)
    return { path, ...(await cutPage(pages[at] as string, path, signal)) }
  }
  let next = pages.length > 0 ? cut(0) : null
  try {
    for (let at = 1; next !== null; at += 1) {
      const page = await next
      next = at < pages.length ? cut(at) : null
      // Looked at when its turn comes; until then a failure of it is no unhandled one.
      next?.catch(() => {})
      yield page
    }
  } finally {
    // Where the reader stopped: the page under way still writes into the folder.
    await next?.catch(() => {})
  }
}

/** @returns rows written to `path`; 0 where the page has none, and then no file either. */
async function writeCells(work: Work, axes: readonly Axis[], page: Cut, path: string): Promise<number> {
  const { duck, signal } = work
  const { rows, shape, annotation } = page
  if (shape === 'none' || rows === 0) return 0
  await loadTable(work, 'dim_annotation', { code: 'VARCHAR', text: 'VARCHAR' }, annotationTexts(annotation))
  await duck.rows(copyCellsSql(page.path, shape, axes, path), signal)
  await rm(page.path)
  await assertCells(work, path, rows)
  return rows
}

async function assertCells({ duck, signal }: Work, path: string, rows: number): Promise<void> {
  const [counted] = await duck.rows(countCellsSql(path), signal)
  const stray = counted?.['stray']
  if (typeof stray === 'string')
    throw fault('DATA_TRANSFORM_ERROR', `Rows use the axis ${stray}, which the metadata lacks.`)
  if (Number(counted?.['rows']) !== rows)
    throw fault('DATA_TRANSFORM_ERROR', `A page holds ${rows} rows, and ${Number(counted?.['rows'])} were read.`)
}

async function loadDimensions(work: Work, axes: readonly Axis[], cells: readonly string[]): Promise<void> {
  const { duck, signal } = work
  for (const axis of axes)
    await loadTable(work, `dim_${axis.id}`, DIMENSION_TYPES, dimensionOf(axis, work.roles[axis.id] ?? {}))
  const meanings = new Map(work.notes.map(({ symbol, meaning }) => [symbol, { symbol, meaning }]))
  await loadTable(work, 'dim_symbol', { symbol: 'VARCHAR', meaning: 'VARCHAR' }, [...meanings.values()])
  const units = (await duck.rows(unitsSql(cells), signal)).map(({ unit }) => unit as string)
  const scales = units.map((unit) => ({ unit, scale: readUnit(unit).scale }))
  await loadTable(work, 'dim_unit', { unit: 'VARCHAR', scale: 'DOUBLE' }, scales)
}

/** Through a file: values of any kind then need no quoting, and a list of 100,000 codes loads in one statement. */
async function loadTable(
  { duck, folder, signal }: Work,
  name: string,
  types: Readonly<Record<string, string>>,
  rows: readonly object[],
): Promise<void> {
  const columns = Object.entries(types)
  const empty = `CREATE OR REPLACE TEMP TABLE ${sqlName(name)} (${columns.map(([column, type]) => `${sqlName(column)} ${type}`).join(', ')})`
  await duck.rows(empty, signal)
  if (rows.length === 0) return
  const path = join(folder, 'dimension.json')
  await writeFile(path, rows.map((row) => JSON.stringify(row)).join('\n'))
  const struct = columns.map(([column, type]) => `${sqlText(column)}: ${sqlText(type)}`).join(', ')
  await duck.rows(
    `INSERT INTO ${sqlName(name)} SELECT * FROM read_json(${sqlText(path)}, format = 'newline_delimited', columns = {${struct}})`,
    signal,
  )
  await rm(path)
}
