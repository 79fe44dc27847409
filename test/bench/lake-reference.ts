/**
 * The lower bound: DuckDB alone, with all the memory it wants, from the same gzip pages to one Parquet file of the same
 * columns, order, codec and row groups. `lake-reference.ts <dataDir> <rows> <threads>` prints the seconds of its one COPY.
 *
 * Ours has more to do: it counts rows against what each page says, checks axes, puts a file into a store and commits.
 */
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { sqlList, sqlName, sqlText } from '../../origin/adapters/duckdb.ts'
import { copyLakeSql, dimension } from '../../origin/adapters/parquet-duckdb-sql.ts'
import { localStore } from '../../origin/adapters/store-local.ts'
import type { Axis } from '../../origin/estat/model.ts'
import { manifestKey, rawPrefix, readManifest } from '../../origin/jobs/manifest.ts'
import { axesInOrder, planColumns } from '../../origin/lake/column-plan.ts'
import { DIMENSION_TYPES, dimensionOf } from '../../origin/lake/dimensions.ts'

const ID = '0009000001'

/** A table from rows that JSON can hold. */
async function load(
  db: DuckDBConnection,
  name: string,
  types: Readonly<Record<string, string>>,
  rows: readonly object[],
) {
  const columns = Object.entries(types).map(([column, type]) => `${sqlName(column)} ${type}`)
  await db.run(`CREATE TEMP TABLE ${sqlName(name)} (${columns.join(', ')})`)
  const struct = Object.entries(types).map(([column, type]) => `${sqlText(column)}: ${sqlText(type)}`)
  const json = sqlText(JSON.stringify(rows))
  const all = `unnest(from_json(${json}, '[{${Object.entries(types)
    .map(([column, type]) => `"${column}":"${type}"`)
    .join(',')}}]'), max_depth := 2)`
  if (rows.length > 0 && struct.length > 0) await db.run(`INSERT INTO ${sqlName(name)} SELECT ${all}`)
}

/** Rows of all pages as our own cells: value, text, unit, annotation; in the order of pages, and of codes within each. */
function cellsSql(paths: readonly string[], axes: readonly Axis[]): string {
  const names = [...axes.map(({ id }) => `@${id}`), '@unit', '@annotation', '$']
  const cell = `STRUCT(${names.map((name) => `${sqlName(name)} VARCHAR`).join(', ')})[]`
  const body = sqlText(`STRUCT(STATISTICAL_DATA STRUCT(DATA_INF STRUCT("VALUE" ${cell})))`)
  const pages = `read_json(${sqlList(paths)}, format = 'unstructured', compression = 'gzip', filename = true,
    maximum_object_size = 200000000, columns = {GET_STATS_DATA: ${body}})`
  const number = `regexp_full_match(v."$", '-?[0-9]+(\\.[0-9]+)?') AND isfinite(TRY_CAST(v."$" AS DOUBLE))`
  const codes = axes.map(({ id }) => `v.${sqlName(`@${id}`)} AS ${sqlName(id)}`)
  return `(SELECT ${codes.join(', ')}, v."@unit" AS unit, coalesce(dim_annotation.text, v."@annotation") AS annotation,
      coalesce(v."$", '') AS text, CASE WHEN ${number} THEN TRY_CAST(v."$" AS DOUBLE) END AS value
    FROM (SELECT filename, unnest(GET_STATS_DATA.STATISTICAL_DATA.DATA_INF."VALUE") AS v FROM ${pages})
    LEFT JOIN dim_annotation ON dim_annotation.code = v."@annotation"
    ORDER BY filename, ${axes.map(({ id }) => sqlName(id)).join(', ')})`
}

async function main(dataDir: string, rows: string, threads: string): Promise<void> {
  const store = localStore({ dataDir, bucket: 'estat-lake' })
  const manifest = await readManifest(store, manifestKey(rawPrefix(ID, rows)))
  const folder = await mkdtemp(join(dataDir, 'reference-'))
  const target = join(folder, 'lake.parquet')
  const instance = await DuckDBInstance.create(':memory:', {
    threads,
    // As ours: joins as written keep the order of rows.
    disabled_optimizers: 'join_order,build_side_probe_side',
    autoinstall_known_extensions: 'false',
    temp_directory: join(folder, 'spill'),
  })
  const db = await instance.connect()
  const axes = axesInOrder(manifest.meta)
  const columns = planColumns(manifest.meta, 'population')
  const paths = await Promise.all(manifest.pages.map(({ key }) => store.localPath(key)))
  const from = performance.now()
  for (const axis of axes) await load(db, dimension(axis.id).slice(1, -1), DIMENSION_TYPES, dimensionOf(axis, {}))
  await load(db, 'dim_annotation', { code: 'VARCHAR', text: 'VARCHAR' }, [{ code: 'a1', text: '暫定値' }])
  await load(db, 'dim_unit', { unit: 'VARCHAR', scale: 'DOUBLE' }, [{ unit: '人', scale: 1 }])
  const notes = manifest.notes.map(({ symbol, meaning }) => ({ symbol, meaning }))
  await load(db, 'dim_symbol', { symbol: 'VARCHAR', meaning: 'VARCHAR' }, notes)
  const constants = { datasetId: ID, fetchId: rows, retrievedAt: manifest.retrieved_at }
  const cells = cellsSql(paths, axes)
  const written = copyLakeSql(['CELLS'], columns, axes, constants, { path: target, properties: {} })
  await db.run(written.replace("read_parquet(['CELLS'])", () => cells))
  const seconds = (performance.now() - from) / 1000
  const counted = await db.runAndReadAll(`SELECT count(*)::INT AS n FROM read_parquet(${sqlText(target)})`)
  const { size } = await stat(target)
  const peak = process.resourceUsage().maxRSS * 1024
  process.stdout.write(JSON.stringify({ seconds, rows: counted.getRowObjectsJS()[0]?.['n'], bytes: size, peak }))
  await rm(folder, { recursive: true, force: true })
}

const [, , dataDir = '', rows = '', threads = '1'] = process.argv
await main(dataDir, rows, threads)
