/** What a merge by key asks of DuckDB, by local paths: an anti-join of each file that it touches with the keys loaded. */
import { join } from 'node:path'
import { fault } from '../../shared/fault.ts'
import { KEY_COLUMNS } from '../lake/iceberg/key-bounds.ts'
import type { LakeColumn, Rest } from '../lake/ports.ts'
import { type Duck, sqlList, sqlName, sqlText } from './duckdb.ts'
import { inspectParquet } from './parquet-duckdb-inspect.ts'
import { copySql } from './parquet-duckdb-sql.ts'
import { fieldIdMap } from './query-duckdb-views.ts'

export interface UniqueWork {
  readonly files: readonly string[]
  readonly columns: readonly LakeColumn[]
  /** An empty folder of this work's own, to spill in. */
  readonly folder: string
}

export interface RestsWork extends UniqueWork {
  readonly olds: readonly { readonly path: string; readonly rows: number }[]
}

/** @throws Fault INVALID_PARAMETER where the files hold a key twice. */
export async function assertUnique(
  duck: Duck,
  { files: paths, columns }: UniqueWork,
  signal: AbortSignal,
): Promise<void> {
  const keys = keysAmong(columns)
  const names = keys.map(({ name }) => sqlName(name)).join(', ')
  const [found] = await duck.rows(
    `SELECT ${names}, count(*) AS times FROM ${byFieldId(paths, keys)} GROUP BY ${names} HAVING count(*) > 1
    ORDER BY ${names} LIMIT 1`,
    signal,
  )
  if (found === undefined) return
  const key = keys.flatMap(({ name }) => {
    const code = found[name]
    return typeof code === 'string' ? [`${name} ${code.slice(0, 40)}`] : []
  })
  throw fault(
    'INVALID_PARAMETER',
    `The file holds the same cell more than once, so it cannot be merged by key: ${Number(found['times'])} rows have ${key.join(', ')}.`,
    { hint: 'Load it with mode "replace", which keeps every row of the file.' },
  )
}

/** What is left of each of the old files; keys in what it returns are paths below the work's folder. */
export async function restsOf(duck: Duck, work: RestsWork, signal: AbortSignal): Promise<readonly Rest[]> {
  const rests: Rest[] = []
  for (const [at, old] of work.olds.entries())
    rests.push(await restOf(duck, { ...work, ...old, target: join(work.folder, `rest-${at}.parquet`) }, signal))
  return rests
}

interface Piece {
  readonly columns: readonly LakeColumn[]
  readonly files: readonly string[]
  readonly path: string
  readonly rows: number
  readonly target: string
}

/**
 * First which rows go, by their keys alone: a join that does not fit the memory spills what it reads, and then only keys.
 * What stays is told by row numbers, which are few where few rows change, so that whole rows stream past them.
 */
async function restOf(duck: Duck, { columns, files, path, rows, target }: Piece, signal: AbortSignal): Promise<Rest> {
  await assertFieldIds(duck, path, signal)
  const keys = keysAmong(columns)
  const same = keys.map(({ name }) => `n.${sqlName(name)} IS NOT DISTINCT FROM o.${sqlName(name)}`).join(' AND ')
  await duck.rows(
    `CREATE OR REPLACE TEMP TABLE gone AS SELECT o.file_row_number AS at FROM ${byFieldId([path], keys, NUMBERED)} o
    WHERE EXISTS (SELECT 1 FROM ${byFieldId(files, keys)} n WHERE ${same})`,
    signal,
  )
  const [counted] = await duck.rows('SELECT count(*) AS n FROM gone', signal)
  const going = Number(counted?.['n'])
  if (going === 0) return 'all'
  if (going === rows) return 'none'
  const select = `SELECT ${columns.map(({ name }) => `o.${sqlName(name)}`).join(', ')}
    FROM ${byFieldId([path], columns, NUMBERED)} o
    WHERE NOT EXISTS (SELECT 1 FROM gone WHERE gone.at = o.file_row_number)`
  await duck.rows(copySql(select, { path: target, properties: {} }, columns), signal)
  const known = new Map(columns.map((column) => [column.fieldId, column]))
  const file = await inspectParquet(duck, target, target, signal, (id) => known.get(id) ?? null)
  if (file.rows !== rows - going)
    throw fault('DATA_TRANSFORM_ERROR', `${rows - going} rows should be left of a file, and ${file.rows} were written.`)
  return file
}

/**
 * A file without field ids would be read as nulls, and written again as such.
 * @throws Fault DATA_TRANSFORM_ERROR for one that another engine wrote so.
 */
async function assertFieldIds(duck: Duck, path: string, signal: AbortSignal): Promise<void> {
  const [found] = await duck.rows(
    `SELECT count(*) AS n FROM parquet_schema([${sqlText(path)}]) WHERE column_id > 0 AND field_id IS NULL`,
    signal,
  )
  if (Number(found?.['n']) > 0)
    throw fault(
      'DATA_TRANSFORM_ERROR',
      'Another engine wrote a file of this dataset without column ids, so its rows cannot be merged with others.',
      { hint: 'Load the whole dataset with mode "replace".' },
    )
}

/** The axes that the table has: of those that it lacks every code is null. */
const keysAmong = (columns: readonly LakeColumn[]): readonly LakeColumn[] => {
  const ids = new Set(KEY_COLUMNS.map(({ fieldId }) => fieldId))
  return columns.filter(({ fieldId }) => ids.has(fieldId))
}

/** Columns are found by field id (Iceberg specification, "Column Projection"); one that a file lacks is null. */
const byFieldId = (paths: readonly string[], columns: readonly LakeColumn[], more = ''): string =>
  `read_parquet(${sqlList(paths)}, hive_partitioning = false, schema = MAP {${fieldIdMap(columns)}}${more})`

const NUMBERED = ', file_row_number = true'
