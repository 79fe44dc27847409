/** Ports of the lake: Parquet, Iceberg tables, SQL. Interfaces only. */
import type { Role, SymbolNote, TableMeta } from '../estat/model.ts'

/** Iceberg primitive types that our columns use (Iceberg specification v2, "Primitive Types"). */
export type ColumnType = 'string' | 'int' | 'long' | 'double' | 'boolean' | 'date' | 'timestamptz'

/** A column of the lake. `fieldId` is the same for the same name in every table of ours (`lake/columns.ts`). */
export interface LakeColumn {
  readonly name: string
  readonly type: ColumnType
  readonly fieldId: number
  /** What it holds, for dictionaries and the Iceberg `doc`. */
  readonly doc: string
}

/** PRODUCT.md section 6. */
export const DATA_TYPES = [
  'generic', 'population', 'economy', 'labor', 'education', 'health', 'agriculture', 'construction', 'transport', 'trade', 'social_welfare',
] as const // biome-ignore format: one line reads better
export type DataType = (typeof DATA_TYPES)[number]

/** Statistics of one column in one file, for Iceberg manifests. Bounds are exact values, not yet truncated. */
export interface ColumnStats {
  readonly fieldId: number
  readonly sizeBytes: number
  /** Values, nulls included. */
  readonly valueCount: number
  readonly nullCount: number
  readonly lower: string | number | bigint | boolean | null
  readonly upper: string | number | bigint | boolean | null
}

/** A finished Parquet file in the object store that carries our field ids. */
export interface ParquetFile {
  readonly key: string
  readonly bytes: number
  readonly rows: number
  readonly columns: readonly LakeColumn[]
  readonly stats: readonly ColumnStats[]
  /** The dataset whose rows it holds: exactly one. */
  readonly datasetId: string
  /** Byte offsets of the row groups, ascending. */
  readonly splitOffsets: readonly number[]
  /** Key-value metadata of the file that is ours (keys begin with `estat.`): it carries its own source. */
  readonly properties: Readonly<Record<string, string>>
}

export interface ParquetJob {
  /** Keys of `raw/<id>/<fetch_id>/page-*.json.gz`, in order: each the gzip of one getStatsData body. */
  readonly pages: readonly string[]
  readonly meta: TableMeta
  readonly notes: readonly SymbolNote[]
  /** Axis id, then code, to role; a code that is absent has role `unknown`. */
  readonly roles: Readonly<Record<string, Readonly<Record<string, Role>>>>
  readonly fetchId: string
  /** ISO 8601 with zone. */
  readonly retrievedAt: string
  readonly dataType: DataType
  /** Goes into the file's key-value metadata; keys begin with `estat.`. */
  readonly properties: Readonly<Record<string, string>>
  /** Where the file goes. */
  readonly key: string
}

export interface ParquetWriter {
  /** @throws Fault DATA_TRANSFORM_ERROR where rows written differ from rows in the pages. Nothing is left under `key` then. */
  write(job: ParquetJob, signal: AbortSignal): Promise<ParquetFile>
  /** Reads a file's footer. @throws Fault NOT_FOUND; DATA_TRANSFORM_ERROR where it is not Parquet or not ours. */
  inspect(key: string, signal: AbortSignal): Promise<ParquetFile>
}

/** What a merge by key asks of Parquet: no row passes through JavaScript. */
export interface ParquetMerger {
  /** @throws Fault INVALID_PARAMETER where the files hold a key twice, with the first such key in the message. */
  assertUniqueKeys(files: readonly string[], columns: readonly LakeColumn[], signal: AbortSignal): Promise<void>
  /** For each of `olds`, in order, what is left of it beside the new files. */
  rests(job: RestsJob, signal: AbortSignal): Promise<readonly Rest[]>
}

export interface RestsJob {
  /** Files of the table, and where what is left of each goes. */
  readonly olds: readonly { readonly key: string; readonly rows: number; readonly target: string }[]
  /** Keys of the files that are loaded. */
  readonly files: readonly string[]
  /** The table's, with those that the new files bring: both sides are read by field id. */
  readonly columns: readonly LakeColumn[]
}

/** `all`: no key of the file is loaded anew, it stays as it is. `none`: every one is. */
export type Rest = 'all' | 'none' | ParquetFile

export interface SnapshotInfo {
  /** Decimal text: other engines write ids above 2^53. */
  readonly id: string
  readonly parentId: string | null
  /** Milliseconds since the epoch. */
  readonly at: number
  /** `append`, `overwrite`, `delete`, `replace`. */
  readonly operation: string
  readonly totalRows: number
}

export interface LakeFile {
  readonly key: string
  readonly rows: number
  readonly bytes: number
  readonly datasetId: string
}

/** The current state of one table. */
export interface LakeTable {
  readonly tenant: string
  readonly name: string
  readonly uuid: string
  readonly columns: readonly LakeColumn[]
  readonly rows: number
  readonly snapshotId: string | null
  /** Oldest first. */
  readonly snapshots: readonly SnapshotInfo[]
  /** Live data files. */
  readonly files: readonly LakeFile[]
  /** Iceberg table properties; ours start with `estat.`: e.g. `estat.dataset.<id>` holds the source as JSON. */
  readonly properties: Readonly<Record<string, string>>
  /**
   * True where another engine deleted single rows: `files` hold some that the table does not, so only an engine that reads
   * delete files may be asked, and `rows` is the most that there can be. A catalogue whose home has none refuses instead.
   */
  readonly rowsDeleted?: true
}

export type TableChange =
  | {
      /** `replace` takes out every file of `datasetId` and puts `files` in, in one snapshot. */
      readonly kind: 'replace'
      readonly datasetId: string
      readonly files: readonly ParquetFile[]
      readonly properties: Readonly<Record<string, string>>
      /**
       * The files were written for this load alone, under `stagedKey` of the table: they are taken as they are instead
       * of copied, and a load that has landed already is not done again. They stay where the commit fails.
       */
      readonly staged?: boolean
    }
  | {
      /**
       * Rows of `datasetId` whose key (all axis codes) is in `files` are replaced, its other rows stay, in one snapshot.
       * A key that the files hold twice is an error.
       */
      readonly kind: 'merge'
      readonly datasetId: string
      readonly files: readonly ParquetFile[]
      readonly properties: Readonly<Record<string, string>>
      readonly staged?: boolean
    }
  | {
      readonly kind: 'append'
      readonly files: readonly ParquetFile[]
      readonly properties: Readonly<Record<string, string>>
      readonly staged?: boolean
    }

export interface CommitResult {
  readonly table: LakeTable
  readonly snapshotId: string
  readonly created: boolean
  readonly rowsBefore: number
  readonly rowsLoaded: number
  readonly rowsAfter: number
}

/** Which state of a table: one of its snapshots, what was current at a time (milliseconds), or a branch or tag. */
export type TableMoment = { readonly snapshotId: string } | { readonly time: number } | { readonly ref: string }

/** Iceberg tables by tenant and name. A tenant never sees another's. */
export interface TableCatalog {
  /** True where another engine writes the rows: `staged` files are copied too, and must not lie in the table's folder. */
  readonly copiesStaged?: true
  list(tenant: string): Promise<readonly string[]>
  /**
   * @param at Absent: as it is now.
   * @returns null where there is no such table.
   * @throws Fault NOT_FOUND where the table has no such snapshot (any more); DATA_TRANSFORM_ERROR where another engine
   *   made it what this server cannot read: format version 3, single rows deleted.
   */
  load(tenant: string, name: string, at?: TableMoment): Promise<LakeTable | null>
  /**
   * Commits one snapshot atomically; on a conflict re-reads and tries again on fresh metadata.
   * Files are copied under the table's own `data/` first, so the originals stay; `staged` ones are there already.
   * @throws Fault NOT_FOUND where the table is absent and `create` is false; TIMEOUT_ERROR after too many conflicts;
   *   INVALID_PARAMETER where a merge has a key twice.
   */
  commit(
    tenant: string,
    name: string,
    change: TableChange,
    options: { readonly create: boolean; readonly now: number; readonly signal: AbortSignal },
  ): Promise<CommitResult>
  /**
   * Upkeep: snapshots that were superseded 24 hours ago expire (the newest ten stay, and what a branch or tag names),
   * then what only they named is deleted, and what nothing has named for 72 hours. A table that does not exist is no error.
   */
  maintain(
    tenant: string,
    name: string,
    options: { readonly now: number; readonly signal: AbortSignal },
  ): Promise<Upkeep>
}

/** What an upkeep did. */
export interface Upkeep {
  readonly snapshotsExpired: number
  readonly objectsDeleted: number
  readonly bytesFreed: number
}

export interface QueryColumn {
  readonly name: string
  /** Trino's type name: varchar, double, bigint, integer, boolean, date, timestamp(6) with time zone, ... */
  readonly type: string
}

export type Cell = string | number | boolean | null

export interface QueryRequest {
  /** The guard's regenerated text, in Trino's dialect: one SELECT. */
  readonly sql: string
  /** The tables it names, already loaded; the key is the name as written in `sql` without its schema. */
  readonly tables: Readonly<Record<string, LakeTable>>
  /** The schema name under which they also answer: the tenant's database, "estat" by default. */
  readonly database: string
  /** 1 and up: one row more is read to tell whether it was cut. */
  readonly maxRows: number
  readonly offset: number
}

export interface QueryAnswer {
  readonly columns: readonly QueryColumn[]
  readonly rows: readonly (readonly Cell[])[]
  /** True where more rows follow. */
  readonly more: boolean
  /** Bytes of the files the query could touch; the bill of an engine that charges by them. */
  readonly bytesScanned: number
  /** 0 for the embedded engine. */
  readonly costUsd: number
  readonly engine: 'duckdb' | 'athena'
}

export interface QueryEngine {
  /** @throws Fault QUERY_REJECTED with the engine's reason in our words; TIMEOUT_ERROR; CANCELLED. */
  query(request: QueryRequest, signal: AbortSignal): Promise<QueryAnswer>
}
