/** ParquetWriter by DuckDB: one COPY for each e-Stat page, never a row as a JavaScript object. */
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fault } from '../../shared/fault.ts'
import type { Axis } from '../estat/model.ts'
import { readUnit } from '../estat/unit.ts'
import { axesInOrder, planColumns } from '../lake/column-plan.ts'
import { DIMENSION_TYPES, dimensionOf } from '../lake/dimensions.ts'
import type { ParquetFile, ParquetJob, ParquetWriter } from '../lake/ports.ts'
import type { ObjectStore } from '../ports.ts'
import { type Duck, sqlName, sqlText } from './duckdb.ts'
import { inspectParquet } from './parquet-duckdb-inspect.ts'
import { annotationTexts, cutPage } from './parquet-duckdb-page.ts'
import { copyCellsSql, countCellsSql, mergeSql, NEW_UNITS_SQL, readCellsSql } from './parquet-duckdb-sql.ts'
import { workRoom } from './parquet-duckdb-room.ts'

export interface ParquetOptions {
  readonly store: ObjectStore
  /** Folder for work in progress, on the same disk as the store where there is one. */
  readonly tempDir: string
  /** 160 MB and one thread are what a task of 512 MB bears (reference/lake.md, section 1). */
  readonly memoryMb?: number
  readonly threads?: number
}

/** Jobs run one after another: two at once would need twice the memory. */
export function parquetDuckdb(options: ParquetOptions): ParquetWriter {
  const { store, tempDir, memoryMb = 160, threads = 1 } = options
  const work = workRoom({ tempDir, memoryMb, threads })
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(work, work)
    last = mine.catch(() => undefined)
    return mine
  }

  return {
    write: (job, signal) =>
      inTurn(() => work([], signal, (duck, folder) => writeJob({ ...options, duck, folder, job, signal }))),

    async inspect(key, signal) {
      const path = await store.localPath(key)
      return work([path], signal, (duck) => inspectParquet(duck, path, key, signal))
    },
  }
}

interface Work extends ParquetOptions {
  readonly duck: Duck
  readonly folder: string
  readonly job: ParquetJob
  readonly signal: AbortSignal
}

async function writeJob(work: Work): Promise<ParquetFile> {
  const { duck, folder, job, signal, store } = work
  const axes = axesInOrder(job.meta)
  await loadDimensions(work, axes)
  const parts: string[] = []
  let rows = 0
  for (const key of job.pages) {
    const part = join(folder, `part-${parts.length}.parquet`)
    const added = await writePage(work, axes, key, part)
    if (added > 0) parts.push(part)
    rows += added
  }
  if (rows === 0) throw fault('NO_DATA', 'The fetch holds no rows to write.')
  const columns = planColumns(job.meta, job.dataType).map(({ column }) => column)
  const whole = join(folder, 'whole.parquet')
  if (parts.length > 1) await duck.rows(mergeSql(parts, { path: whole, properties: job.properties }, columns), signal)
  const path = parts.length > 1 ? whole : (parts[0] as string)
  const file = await inspectParquet(duck, path, job.key, signal)
  if (file.rows !== rows)
    throw fault('DATA_TRANSFORM_ERROR', `The pages hold ${rows} rows, and ${file.rows} were written.`)
  await store.putFile(job.key, path)
  return file
}

/** @returns rows written to `part`; 0 where the page has none, and then no part either. */
async function writePage(work: Work, axes: readonly Axis[], key: string, part: string): Promise<number> {
  const { duck, folder, job, signal, store } = work
  const cut = join(folder, 'page.json')
  const { rows, shape, annotation } = await cutPage(store, key, cut, signal)
  if (shape === 'none' || rows === 0) return 0
  await duck.rows(readCellsSql(cut, shape), signal)
  await rm(cut)
  await assertCells(work, axes, rows)
  await loadTable(work, 'dim_annotation', { code: 'VARCHAR', text: 'VARCHAR' }, annotationTexts(annotation))
  for (const { unit } of await duck.rows(NEW_UNITS_SQL, signal))
    await duck.rows('INSERT INTO dim_unit VALUES ($1, $2)', signal, [unit as string, readUnit(unit as string).scale])
  const constants = {
    datasetId: job.meta.info.id,
    fetchId: job.fetchId,
    retrievedAt: new Date(job.retrievedAt).toISOString(),
  }
  await duck.rows(
    copyCellsSql(planColumns(job.meta, job.dataType), axes, constants, { path: part, properties: job.properties }),
    signal,
  )
  return rows
}

async function assertCells({ duck, signal }: Work, axes: readonly Axis[], rows: number): Promise<void> {
  const [counts = {}] = await duck.rows(countCellsSql(axes), signal)
  for (const [name, count] of Object.entries(counts)) {
    if (name === 'rows' ? Number(count) === rows : Number(count) === 0) continue
    const reason =
      name === 'rows'
        ? `A page holds ${rows} rows, and ${Number(count)} were read.`
        : `Rows use the axis ${name}, which the metadata lacks.`
    throw fault('DATA_TRANSFORM_ERROR', reason)
  }
}

async function loadDimensions(work: Work, axes: readonly Axis[]): Promise<void> {
  const { job } = work
  for (const axis of axes)
    await loadTable(work, `dim_${axis.id}`, DIMENSION_TYPES, dimensionOf(axis, job.roles[axis.id] ?? {}))
  const meanings = new Map(job.notes.map(({ symbol, meaning }) => [symbol, { symbol, meaning }]))
  await loadTable(work, 'dim_symbol', { symbol: 'VARCHAR', meaning: 'VARCHAR' }, [...meanings.values()])
  await loadTable(work, 'dim_unit', { unit: 'VARCHAR', scale: 'DOUBLE' }, [])
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
