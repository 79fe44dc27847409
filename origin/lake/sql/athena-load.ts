/**
 * The statements by which Athena itself writes a load: an external table over the uploaded Parquet, and one CREATE TABLE
 * AS, INSERT or MERGE from it. Pure.
 *
 * DDL of Athena is Hive's (names in backticks), the rest Trino's. DDL can neither make a column of time with zone (Athena
 * User Guide, "Supported data types for Iceberg tables") nor keep properties of our own ("ALTER TABLE SET
 * TBLPROPERTIES"): so the table is made by a SELECT, and the properties lie beside it.
 */
import type { ColumnType, LakeColumn } from '../ports.ts'
import { quoteName, quoteText } from './dialect.ts'
import { TRINO_NAME } from './types.ts'

export interface TableName {
  /** The Glue database. */
  readonly database: string
  readonly name: string
}

const HIVE: Readonly<Record<ColumnType, string>> = {
  string: 'string',
  int: 'int',
  long: 'bigint',
  double: 'double',
  boolean: 'boolean',
  date: 'date',
  timestamptz: 'timestamp',
}

/** Partitions that one INSERT or CREATE TABLE AS may write (Athena User Guide, "Service Quotas"). */
const MAX_PARTITIONS = 100

/** Datasets, which are partitions, as one statement after another may write them. */
export const batchesOf = (datasets: readonly string[]): readonly (readonly string[])[] =>
  Array.from({ length: Math.ceil(datasets.length / MAX_PARTITIONS) }, (_, at) =>
    datasets.slice(at * MAX_PARTITIONS, (at + 1) * MAX_PARTITIONS),
  )

const hive = ({ database, name }: TableName): string => `\`${database}\`.\`${name}\``
const trino = ({ database, name }: TableName): string => `${quoteName(database)}.${quoteName(name)}`
const hiveColumns = (columns: readonly LakeColumn[]): string =>
  columns.map(({ name, type }) => `\`${name}\` ${HIVE[type]}`).join(', ')

export const createDatabase = (database: string): string => `CREATE DATABASE IF NOT EXISTS \`${database}\``

/** @param location `s3://bucket/prefix/`: holds the load's files and no other. */
export const createExternal = (load: TableName, columns: readonly LakeColumn[], location: string): string =>
  `CREATE EXTERNAL TABLE ${hive(load)} (${hiveColumns(columns)}) STORED AS PARQUET LOCATION ${quoteText(location)}`

/** The files stay: an external table is a name for them. */
export const dropExternal = (load: TableName): string => `DROP TABLE IF EXISTS ${hive(load)}`

export const addColumns = (table: TableName, columns: readonly LakeColumn[]): string =>
  `ALTER TABLE ${hive(table)} ADD COLUMNS (${hiveColumns(columns)})`

const names = (columns: readonly LakeColumn[]): string => columns.map(({ name }) => quoteName(name)).join(', ')

/** The load's rows in the table's types: Hive's timestamps have no zone, and ours are in UTC. */
function selectLoad(load: TableName, columns: readonly LakeColumn[], datasets: readonly string[] | null): string {
  const items = columns.map(({ name, type }) => {
    const column = quoteName(name)
    return type === 'timestamptz' ? `with_timezone(CAST(${column} AS timestamp(6)), 'UTC') AS ${column}` : column
  })
  const where = datasets === null ? '' : ` WHERE "dataset_id" IN (${datasets.map(quoteText).join(', ')})`
  return `SELECT ${items.join(', ')} FROM ${trino(load)}${where}`
}

/** The table and its first rows. OPTIMIZE is to take whatever it finds: loads are few and large. */
export function createFrom(
  table: TableName,
  load: TableName,
  columns: readonly LakeColumn[],
  location: string,
  datasets: readonly string[] | null = null,
): string {
  const properties = [
    "table_type = 'ICEBERG'",
    'is_external = false',
    `location = ${quoteText(location)}`,
    "partitioning = ARRAY['dataset_id']",
    "format = 'PARQUET'",
    "write_compression = 'ZSTD'",
    'optimize_rewrite_data_file_threshold = 1',
    'optimize_rewrite_delete_file_threshold = 1',
  ]
  return `CREATE TABLE ${trino(table)} WITH (${properties.join(', ')}) AS ${selectLoad(load, columns, datasets)}`
}

/** @param datasets Only these, of one batch; null: all. */
export const insertFrom = (
  table: TableName,
  load: TableName,
  columns: readonly LakeColumn[],
  datasets: readonly string[] | null = null,
): string => `INSERT INTO ${trino(table)} (${names(columns)}) ${selectLoad(load, columns, datasets)}`

export interface MergeFrom {
  readonly table: TableName
  readonly load: TableName
  /** Of the load. */
  readonly columns: readonly LakeColumn[]
  /** What tells a row from another, beside `dataset_id`: the codes of all axes that the table or the load has. */
  readonly keys: readonly LakeColumn[]
  /** Columns of the table that the load lacks: null in a row that it replaces. */
  readonly others: readonly LakeColumn[]
  readonly datasetId: string
  /** Whether rows that the load does not have go: one statement and one snapshot, so nobody sees a table in between. */
  readonly replaces: boolean
}

/** Rows of one dataset by key. A key that the load has twice is an error of Athena's (MERGE_TARGET_ROW_MULTIPLE_MATCHES). */
export function mergeFrom({ table, load, columns, keys, others, datasetId, replaces }: MergeFrom): string {
  const inLoad = (name: string): boolean => columns.some((column) => column.name === name)
  const keyed = [...keys, ...columns.filter(({ name }) => name === 'dataset_id')]
  const missing = keys.filter(({ name }) => !inLoad(name))
  const fresh = [
    ...missing.map(({ name, type }) => `CAST(NULL AS ${TRINO_NAME[type]}) AS ${quoteName(name)}`),
    'n.*',
    'false AS "gone"',
  ]
  const gone = [
    ...missing.map(({ name }) => `o.${quoteName(name)}`),
    ...columns.map(({ name, type }) =>
      keyed.some((key) => key.name === name)
        ? `o.${quoteName(name)}`
        : `CAST(NULL AS ${TRINO_NAME[type]}) AS ${quoteName(name)}`,
    ),
    'true AS "gone"',
  ]
  // An axis that one side lacks is null there; compared so, engines can still join by hash.
  const same = (a: string, b: string): string =>
    keyed
      .map(({ name }) => `coalesce(${a}.${quoteName(name)}, '') = coalesce(${b}.${quoteName(name)}, '')`)
      .join(' AND ')
  const rows = selectLoad(load, columns, null)
  const all = `SELECT ${fresh.join(', ')} FROM (${rows}) AS n`
  const left = `SELECT DISTINCT ${gone.join(', ')} FROM ${trino(table)} AS o LEFT JOIN (${all}) AS m ON ${same('o', 'm')} WHERE o."dataset_id" = ${quoteText(datasetId)} AND m."dataset_id" IS NULL`
  const source = replaces ? `${all} UNION ALL ${left}` : all
  const set = [
    ...columns.map(({ name }) => `${quoteName(name)} = s.${quoteName(name)}`),
    ...others.map(({ name }) => `${quoteName(name)} = NULL`),
  ].join(', ')
  const values = columns.map(({ name }) => `s.${quoteName(name)}`).join(', ')
  return [
    `MERGE INTO ${trino(table)} AS t USING (${source}) AS s`,
    `ON t."dataset_id" = ${quoteText(datasetId)} AND ${same('t', 's')}`,
    ...(replaces ? ['WHEN MATCHED AND s."gone" THEN DELETE'] : []),
    `WHEN MATCHED THEN UPDATE SET ${set}`,
    `WHEN NOT MATCHED THEN INSERT (${names(columns)}) VALUES (${values})`,
  ].join(' ')
}

/** Puts what was deleted and what is left of data files together again. */
export const optimize = ({ database, name }: TableName, datasetId: string): string =>
  `OPTIMIZE ${database}.${name} REWRITE DATA USING BIN_PACK WHERE dataset_id = ${quoteText(datasetId)}`

export const vacuum = ({ database, name }: TableName): string => `VACUUM ${database}.${name}`
