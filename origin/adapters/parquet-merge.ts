/** ParquetMerger by DuckDB: an anti-join of each file that a merge touches with the keys that are loaded. */
import { join } from 'node:path'
import { fault } from '../../shared/fault.ts'
import { KEY_COLUMNS } from '../lake/iceberg/key-bounds.ts'
import type { LakeColumn, ParquetMerger, Rest, RestsJob } from '../lake/ports.ts'
import type { ObjectStore } from '../ports.ts'
import { type Duck, sqlList, sqlName, sqlText } from './duckdb.ts'
import { duckGate, type DuckGate } from './duckdb-gate.ts'
import { inspectParquet } from './parquet-duckdb-inspect.ts'
import { workRoom } from './parquet-duckdb-room.ts'
import { copySql } from './parquet-duckdb-sql.ts'
import { fieldIdMap } from './query-duckdb-views.ts'

export interface MergerOptions {
  readonly store: ObjectStore
  /** Folder for work in progress, on the same disk as the store where there is one. */
  readonly tempDir: string
  /** Shared with whatever else runs DuckDB in this process; one of its own where absent. */
  readonly gate?: DuckGate
  /** What a task of 512 MB bears (reference/lake.md, section 1); more than that spills to disk. */
  readonly memoryMb?: number
}

/** One at a time, at the gate of all that DuckDB does here. One thread: rows then stay in their order. */
export function parquetMerger(options: MergerOptions): ParquetMerger {
  const { store, tempDir, memoryMb = 160, gate = duckGate() } = options
  const threads = 1
  const work = workRoom({ tempDir, memoryMb, threads })
  const pathsOf = async (keys: readonly string[]): Promise<readonly string[]> => {
    const paths: string[] = []
    for (const key of keys) paths.push(await store.localPath(key))
    return paths
  }

  return {
    async assertUniqueKeys(files, columns, signal) {
      const paths = await pathsOf(files)
      await gate(signal, () => work(paths, signal, (duck) => assertUnique(duck, paths, columns, signal)))
    },

    async rests(job, signal) {
      const olds = await pathsOf(job.olds.map(({ key }) => key))
      const fresh = await pathsOf(job.files)
      return gate(signal, () =>
        work([...olds, ...fresh], signal, async (duck, folder) => {
          const rests: Rest[] = []
          for (const [at, { rows, target }] of job.olds.entries()) {
            const piece = { job, old: olds[at] ?? '', fresh, rows, target, path: join(folder, `rest-${at}.parquet`) }
            const rest = await restOf(duck, piece, signal)
            if (typeof rest !== 'string') await store.putFile(target, piece.path)
            rests.push(rest)
          }
          return rests
        }),
      )
    },
  }
}

async function assertUnique(
  duck: Duck,
  paths: readonly string[],
  columns: readonly LakeColumn[],
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

interface Piece {
  readonly job: RestsJob
  readonly old: string
  readonly fresh: readonly string[]
  readonly rows: number
  readonly target: string
  readonly path: string
}

/** Counting reads the key columns alone, and spares writing a file again of which nothing goes. */
async function restOf(duck: Duck, { job, old, fresh, rows, target, path }: Piece, signal: AbortSignal): Promise<Rest> {
  const { columns } = job
  await assertFieldIds(duck, old, signal)
  const keys = keysAmong(columns)
  const same = keys.map(({ name }) => `n.${sqlName(name)} IS NOT DISTINCT FROM o.${sqlName(name)}`).join(' AND ')
  const loaded = `EXISTS (SELECT 1 FROM ${byFieldId(fresh, keys)} n WHERE ${same})`
  const [counted] = await duck.rows(`SELECT count(*) AS n FROM ${byFieldId([old], keys)} o WHERE ${loaded}`, signal)
  const going = Number(counted?.['n'])
  if (going === 0) return 'all'
  if (going === rows) return 'none'
  const select = `SELECT ${columns.map(({ name }) => `o.${sqlName(name)}`).join(', ')} FROM ${byFieldId([old], columns)} o
    WHERE NOT ${loaded}`
  await duck.rows(copySql(select, { path, properties: {} }, columns), signal)
  const known = new Map(columns.map((column) => [column.fieldId, column]))
  const file = await inspectParquet(duck, path, target, signal, (id) => known.get(id) ?? null)
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
const byFieldId = (paths: readonly string[], columns: readonly LakeColumn[]): string =>
  `read_parquet(${sqlList(paths)}, hive_partitioning = false, schema = MAP {${fieldIdMap(columns)}})`
