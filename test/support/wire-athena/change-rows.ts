/**
 * CREATE TABLE AS, INSERT, MERGE and DELETE on a table of the lake: its rows in a DuckDB, the statement as it stands, and
 * whole files again, a snapshot for each dataset that changed. Athena itself would write delete files.
 */
import { randomUUID } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Duck, openDuck, SQL_TYPES, sqlList, sqlName, sqlText } from '../../../origin/adapters/duckdb.ts'
import { inspectParquet } from '../../../origin/adapters/parquet-duckdb-inspect.ts'
import { footerSql, footersOf, viewStatements } from '../../../origin/adapters/query-duckdb-views.ts'
import { columnNamed } from '../../../origin/lake/columns.ts'
import type { LakeColumn, LakeTable, ParquetFile } from '../../../origin/lake/ports.ts'
import type { Lake } from '../wire-aws-home.ts'
import { StatementError } from './executor.ts'
import type { ExternalTables } from './external-tables.ts'

const TARGET = /^(INSERT INTO|MERGE INTO|DELETE FROM|CREATE TABLE) "([^"]+)"\."([^"]+)"/
/** What our dialect sets; the rest of the options is Athena's own business. */
const OPTIONS =
  /^(CREATE TABLE "[^"]+"\."[^"]+") WITH \((table_type = 'ICEBERG', .*?partitioning = ARRAY\['dataset_id'\].*?)\) AS SELECT/

export async function changeRows(
  lake: Lake,
  externals: ExternalTables,
  sql: string,
  signal: AbortSignal,
): Promise<void> {
  const [, verb = '', database = '', name = ''] = TARGET.exec(sql) ?? []
  const target = `${sqlName(database)}.${sqlName(name)}`
  const table = await lake.tableAt(database, name, null)
  const makes = verb === 'CREATE TABLE'
  if (makes !== (table === null))
    throw new StatementError(
      `${makes ? 'TABLE_ALREADY_EXISTS' : 'TABLE_NOT_FOUND'}: line 1:1: Table '${database}.${name}'`,
    )
  if (makes && !OPTIONS.test(sql))
    throw new StatementError('SYNTAX_ERROR: line 1:1: not as an Iceberg table by dataset_id')
  const folder = join(lake.tempDir, randomUUID())
  await mkdir(folder, { recursive: true })
  const paths = await Promise.all((table?.files ?? []).map(({ key }) => lake.store.localPath(key)))
  const named = await externals.named(sql)
  const files = [...paths, ...[...named.values()].flat()]
  const duck = await openDuck({ memoryMb: 256, threads: 1, tempDir: folder, folders: [folder], files })
  try {
    await duck.connection.run(`CREATE SCHEMA ${sqlName(database)}`)
    await duck.connection.run('CREATE MACRO with_timezone(x, zone) AS x AT TIME ZONE zone')
    for (const [external, over] of named)
      await duck.connection.run(`CREATE VIEW ${external} AS FROM read_parquet(${sqlList(over)}, union_by_name = true)`)
    if (table !== null) await fill(duck, { ...table, paths }, target, signal)
    for (const column of externals
      .added(target)
      .filter((one) => !table?.columns.some((known) => known.name === one.name)))
      for (const filled of [target, 'before'])
        await duck.connection.run(`ALTER TABLE ${filled} ADD COLUMN ${sqlName(column.name)} ${SQL_TYPES[column.type]}`)
    await duck.connection
      .run(sql.replace(OPTIONS, '$1 AS SELECT').replaceAll('timestamp(6) with time zone', 'timestamptz'))
      .catch((error: unknown) => {
        throw new StatementError(`SYNTAX_ERROR: line 1:1: ${error instanceof Error ? error.message : 'failed'}`)
      })
    const columns = await columnsOf(duck, table, target, signal)
    const tenant = lake.tenantOf(database)
    for (const datasetId of await datasetsOf(duck, table, target, signal)) {
      const written = await write(lake, { duck, tenant, columns, target, folder, datasetId }, signal)
      const change = { kind: 'replace', datasetId, files: written, properties: {} } as const
      await lake.tables.commit(tenant, name, change, { create: makes, now: Date.now(), signal })
    }
  } finally {
    duck.close()
    await rm(folder, { recursive: true, force: true })
  }
}

type Viewed = LakeTable & { readonly paths: readonly string[] }

async function fill(duck: Duck, table: Viewed, target: string, signal: AbortSignal): Promise<void> {
  const footers = footersOf(table.paths.length === 0 ? [] : await duck.rows(footerSql(table.paths), signal))
  for (const view of viewStatements([table], 'main', footers)) await duck.connection.run(view)
  await duck.connection.run(`CREATE TABLE ${target} AS SELECT * FROM main.${sqlName(table.name)}`)
  await duck.connection.run(`CREATE TABLE before AS SELECT * FROM ${target}`)
}

async function columnsOf(duck: Duck, table: LakeTable | null, target: string, signal: AbortSignal) {
  const rows = await duck.rows(`SELECT column_name AS name FROM (DESCRIBE ${target})`, signal)
  return rows.map(({ name }): LakeColumn => {
    const column = table?.columns.find((one) => one.name === name) ?? columnNamed(String(name))
    if (column === null) throw new StatementError(`NOT_SUPPORTED: column ${String(name)}`)
    return column
  })
}

/** Datasets whose rows are not what they were. */
async function datasetsOf(duck: Duck, table: LakeTable | null, target: string, signal: AbortSignal) {
  const changed = `(FROM before EXCEPT ALL FROM ${target}) UNION ALL (FROM ${target} EXCEPT ALL FROM before)`
  const from = table === null ? target : `(${changed})`
  const rows = await duck.rows(`SELECT DISTINCT dataset_id AS id FROM ${from} ORDER BY 1`, signal)
  return rows.map(({ id }) => String(id))
}

interface Dataset {
  readonly duck: Duck
  readonly tenant: string
  readonly columns: readonly LakeColumn[]
  readonly target: string
  readonly folder: string
  readonly datasetId: string
}

/** The dataset's rows as one file of the store; none where it has no rows. */
async function write(
  { store }: Lake,
  { duck, tenant, columns, target, folder, datasetId }: Dataset,
  signal: AbortSignal,
): Promise<readonly ParquetFile[]> {
  const path = join(folder, `${datasetId}.parquet`)
  const ids = columns.map(({ name, fieldId }) => `${sqlName(name)}: ${fieldId}`).join(', ')
  const rows = `SELECT * FROM ${target} WHERE dataset_id = ${sqlText(datasetId)}`
  const [counted] = await duck.rows(`SELECT count(*) AS n FROM (${rows})`, signal)
  if (Number(counted?.['n']) === 0) return []
  await duck.connection.run(`COPY (${rows}) TO ${sqlText(path)} (FORMAT parquet, FIELD_IDS {${ids}})`)
  const key = `${tenant}/athena-writes/${randomUUID()}.parquet`
  const known = (id: number) => columns.find(({ fieldId }) => fieldId === id) ?? null
  const file = await inspectParquet(duck, path, key, signal, known)
  await store.putFile(key, path)
  return [file]
}
