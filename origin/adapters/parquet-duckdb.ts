/** ParquetWriter by DuckDB: one COPY for each e-Stat page and one for the whole, never a row as a JavaScript object. */
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fault } from '../../shared/fault.ts'
import type { Axis } from '../estat/model.ts'
import { readUnit } from '../estat/unit.ts'
import { axesInOrder, planColumns } from '../lake/column-plan.ts'
import { DIMENSION_TYPES, dimensionOf } from '../lake/dimensions.ts'
import type { ParquetFile, ParquetJob, ParquetWriter } from '../lake/ports.ts'
import type { ObjectStore } from '../ports.ts'
import { duckGate, type DuckGate } from './duckdb-gate.ts'
import { type Duck, sqlName, sqlText } from './duckdb.ts'
import { inspectParquet } from './parquet-duckdb-inspect.ts'
import { annotationTexts, cutPage } from './parquet-duckdb-page.ts'
import { copyCellsSql, copyLakeSql, countCellsSql, unitsSql } from './parquet-duckdb-sql.ts'
import { workRoom } from './parquet-duckdb-room.ts'

export interface ParquetOptions {
  readonly store: ObjectStore
  /** Folder for work in progress, on the same disk as the store where there is one. */
  readonly tempDir: string
  /** Shared with whatever else runs DuckDB in this process; one of its own where absent. */
  readonly gate?: DuckGate
  /** 160 MB and one thread are what a task of 512 MB bears (reference/lake.md, section 1). */
  readonly memoryMb?: number
  readonly threads?: number
}

/** Jobs wait at the gate: two at once would need twice the memory. */
export function parquetDuckdb(options: ParquetOptions): ParquetWriter {
  const { store, tempDir, memoryMb = 160, threads = 1, gate = duckGate() } = options
  const work = workRoom({ tempDir, memoryMb, threads })

  return {
    write: (job, signal) =>
      gate(signal, () => work([], signal, (duck, folder) => writeJob({ ...options, duck, folder, job, signal }))),

    async inspect(key, signal) {
      const path = await store.localPath(key)
      return gate(signal, () => work([path], signal, (duck) => inspectParquet(duck, path, key, signal)))
    },
  }
}

interface Work extends ParquetOptions {
  readonly duck: Duck
  readonly folder: string
  readonly job: ParquetJob
  readonly signal: AbortSignal
}

/** Pages become files of codes and values one by one; then one COPY joins names to all of them. */
async function writeJob(work: Work): Promise<ParquetFile> {
  const { duck, folder, job, signal, store } = work
  const axes = axesInOrder(job.meta)
  const cells: string[] = []
  let rows = 0
  for (const [at, key] of job.pages.entries()) {
    const path = join(folder, `cells-${at}.parquet`)
    const added = await writeCells(work, axes, key, path)
    if (added > 0) cells.push(path)
    rows += added
  }
  if (rows === 0) throw fault('NO_DATA', 'The fetch holds no rows to write.')
  await loadDimensions(work, axes, cells)
  const path = join(folder, 'lake.parquet')
  const constants = {
    datasetId: job.meta.info.id,
    fetchId: job.fetchId,
    retrievedAt: new Date(job.retrievedAt).toISOString(),
  }
  const target = { path, properties: job.properties }
  await duck.rows(copyLakeSql(cells, planColumns(job.meta, job.dataType), axes, constants, target), signal)
  const file = await inspectParquet(duck, path, job.key, signal)
  if (file.rows !== rows)
    throw fault('DATA_TRANSFORM_ERROR', `The pages hold ${rows} rows, and ${file.rows} were written.`)
  await store.putFile(job.key, path)
  return file
}

/** @returns rows written to `path`; 0 where the page has none, and then no file either. */
async function writeCells(work: Work, axes: readonly Axis[], key: string, path: string): Promise<number> {
  const { duck, folder, signal, store } = work
  const page = join(folder, 'page.json')
  const { rows, shape, annotation } = await cutPage(store, key, page, signal)
  if (shape === 'none' || rows === 0) return 0
  await loadTable(work, 'dim_annotation', { code: 'VARCHAR', text: 'VARCHAR' }, annotationTexts(annotation))
  await duck.rows(copyCellsSql(page, shape, path), signal)
  await rm(page)
  await assertCells(work, axes, path, rows)
  return rows
}

async function assertCells({ duck, signal }: Work, axes: readonly Axis[], path: string, rows: number): Promise<void> {
  const [counts = {}] = await duck.rows(countCellsSql(path, axes), signal)
  for (const [name, count] of Object.entries(counts)) {
    if (name === 'rows' ? Number(count) === rows : Number(count) === 0) continue
    const reason =
      name === 'rows'
        ? `A page holds ${rows} rows, and ${Number(count)} were read.`
        : `Rows use the axis ${name}, which the metadata lacks.`
    throw fault('DATA_TRANSFORM_ERROR', reason)
  }
}

async function loadDimensions(work: Work, axes: readonly Axis[], cells: readonly string[]): Promise<void> {
  const { duck, job, signal } = work
  for (const axis of axes)
    await loadTable(work, `dim_${axis.id}`, DIMENSION_TYPES, dimensionOf(axis, job.roles[axis.id] ?? {}))
  const meanings = new Map(job.notes.map(({ symbol, meaning }) => [symbol, { symbol, meaning }]))
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
