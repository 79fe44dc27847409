/** Queries on the table that was loaded, by our engine (guard, dialect, process) and by bare DuckDB on the same files. */
import { DuckDBInstance } from '@duckdb/node-api'
import { sqlList } from '../../origin/adapters/duckdb.ts'
import { QUERY_SIZE } from '../../origin/adapters/duckdb-work.ts'
import { embeddedPorts } from '../../origin/embedded.ts'
import type { ParquetFile } from '../../origin/lake/ports.ts'

const QUERIES = [
  'SELECT count(*) AS n FROM bench',
  'SELECT area_name, sum(value) AS s FROM bench GROUP BY area_name ORDER BY s DESC LIMIT 10',
  "SELECT time_name, avg(value) AS a FROM bench WHERE area_code = '13000' GROUP BY time_name",
  'SELECT unit, count(*) AS n, min(value) AS lo, max(value) AS hi FROM bench GROUP BY unit',
  'SELECT count(DISTINCT cat01_code) AS n FROM bench',
  "SELECT * FROM bench WHERE area_code = '13000' AND time_code = '2020000000' LIMIT 100",
  'SELECT area_code, time_code, rank() OVER (PARTITION BY time_code ORDER BY sum(value) DESC) AS r FROM bench GROUP BY area_code, time_code',
] as const

export interface QueryFigures {
  readonly sql: string
  /** Median milliseconds. */
  readonly bare: number
  readonly ours: number
}

/** The two take turns. @param runs Of each. */
export async function measureQueries(
  dataDir: string,
  file: ParquetFile,
  runs: number,
): Promise<readonly QueryFigures[]> {
  const { engine, store } = embeddedPorts({
    dataDir,
    bucket: 'estat-lake',
    appId: null,
    duckdbInChild: true,
    now: Date.now,
  })
  const instance = await DuckDBInstance.create(':memory:', { threads: String(QUERY_SIZE.threads) })
  const bare = await instance.connect()
  const path = await store.localPath(file.key)
  await bare.run(`CREATE VIEW bench AS SELECT * FROM read_parquet(${sqlList([path])})`)
  const files = [{ key: file.key, rows: file.rows, bytes: file.bytes, datasetId: file.datasetId }]
  const none = { snapshotId: null, snapshots: [], properties: {} }
  const table = { tenant: 'estat', name: 'bench', uuid: '', columns: file.columns, rows: file.rows, files, ...none }
  const ask = (sql: string) =>
    engine.query(
      { sql, tables: { bench: table }, database: 'estat', maxRows: 1000, offset: 0 },
      AbortSignal.timeout(60_000),
    )
  const figures: QueryFigures[] = []
  for (const sql of QUERIES) {
    const [ours, theirs]: [number[], number[]] = [[], []]
    for (let at = 0; at <= runs; at += 1) {
      const a = await millisOf(() => bare.runAndReadAll(sql))
      const b = await millisOf(() => ask(sql))
      // The first of each reads the files from the disk.
      if (at > 0) theirs.push(a)
      if (at > 0) ours.push(b)
    }
    figures.push({ sql, bare: median(theirs), ours: median(ours) })
  }
  bare.closeSync()
  instance.closeSync()
  return figures
}

async function millisOf(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now()
  await work()
  return performance.now() - from
}

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
