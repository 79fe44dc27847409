/** Small Parquet files with field ids, written by DuckDB itself, and the tables over them. */
import { mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import type { Cell, LakeColumn, LakeFile, LakeTable } from '../../../origin/lake/ports.ts'
import { POPULATION_ROWS } from '../../contracts/query-engine.ts'
import { crowdRows } from '../../contracts/query-pages.ts'

const COLUMNS: readonly (LakeColumn & { readonly duck: string })[] = [
  { name: 'area_code', type: 'string', fieldId: 260, doc: '', duck: 'VARCHAR' },
  { name: 'area_name', type: 'string', fieldId: 261, doc: '', duck: 'VARCHAR' },
  { name: 'time_code', type: 'string', fieldId: 270, doc: '', duck: 'VARCHAR' },
  { name: 'value', type: 'double', fieldId: 4, doc: '', duck: 'DOUBLE' },
  { name: 'symbol', type: 'string', fieldId: 6, doc: '', duck: 'VARCHAR' },
  { name: 'unit', type: 'string', fieldId: 8, doc: '', duck: 'VARCHAR' },
  { name: 'unit_scale', type: 'double', fieldId: 9, doc: '', duck: 'DOUBLE' },
  { name: 'level', type: 'int', fieldId: 262, doc: '', duck: 'INTEGER' },
  { name: 'time_start', type: 'date', fieldId: 11, doc: '', duck: 'DATE' },
]

/** `population` in two files, the older of which lacks `unit_scale`; `empty` without any; `crowd` in two, of several row groups each. */
export async function writePopulation(folder: string): Promise<Readonly<Record<string, LakeTable>>> {
  await mkdir(join(folder, 'data'), { recursive: true })
  const old = POPULATION_ROWS.slice(0, 3)
  const files = [
    await writeFile(
      folder,
      'population-1',
      old,
      COLUMNS.filter((column) => column.name !== 'unit_scale'),
    ),
    await writeFile(folder, 'population-2', POPULATION_ROWS.slice(3), COLUMNS),
  ]
  const rows = crowdRows()
  const crowd = [
    await writeFile(folder, 'crowd-1', rows.slice(0, 5000), COLUMNS),
    await writeFile(folder, 'crowd-2', rows.slice(5000), COLUMNS),
  ]
  return { population: tableOf('population', files), empty: tableOf('empty', []), crowd: tableOf('crowd', crowd) }
}

async function writeFile(
  folder: string,
  name: string,
  rows: typeof POPULATION_ROWS,
  columns: typeof COLUMNS,
): Promise<LakeFile> {
  const key = `data/${name}.parquet`
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' })
  const connection = await instance.connect()
  const all = COLUMNS.map((column) => `${column.name} ${column.duck}`).join(', ')
  await connection.run(`CREATE TABLE t (${all})`)
  const text = (cell: Cell): string => (cell === null ? 'NULL' : `'${String(cell)}'`)
  await connection.run(`INSERT INTO t VALUES ${rows.map((row) => `(${row.map(text).join(', ')})`).join(', ')}`)
  const ids = columns.map((column) => `${column.name}: ${column.fieldId}`).join(', ')
  const picked = columns.map((column) => column.name).join(', ')
  await connection.run(
    `COPY (SELECT ${picked} FROM t) TO '${join(folder, key)}' (FORMAT parquet, ROW_GROUP_SIZE 2048, FIELD_IDS {${ids}})`,
  )
  connection.closeSync()
  instance.closeSync()
  return { key, rows: rows.length, bytes: (await stat(join(folder, key))).size, datasetId: '0000000000' }
}

const tableOf = (name: string, files: readonly LakeFile[]): LakeTable => ({
  tenant: 'estat',
  name,
  uuid: '00000000-0000-4000-8000-000000000000',
  columns: COLUMNS.map(({ name, type, fieldId, doc }) => ({ name, type, fieldId, doc })),
  rows: files.reduce((sum, file) => sum + file.rows, 0),
  snapshotId: null,
  snapshots: [],
  files,
  properties: {},
})
