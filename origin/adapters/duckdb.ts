/**
 * The one way a DuckDB is opened here: in memory, bounded, without extensions, and able to touch
 * only the files it was given (DuckDB documentation, "Securing DuckDB").
 */
import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api'
import type { ColumnType } from '../lake/ports.ts'
import { abortFault } from './abort-fault.ts'

export interface DuckOptions {
  /** DuckDB's `memory_limit`. The process runs 200 to 400 MB above it: it does not count every buffer. */
  readonly memoryMb: number
  readonly threads: number
  /** Where it may spill; created when needed, emptied by DuckDB itself. */
  readonly tempDir: string
  /** Folders whose files it may read and write. */
  readonly folders?: readonly string[]
  /** Single files it may read and write. */
  readonly files?: readonly string[]
  /** Further settings, applied before the configuration is locked. */
  readonly settings?: Readonly<Record<string, string>>
  /** Keeps the footers of Parquet files that were read: binding one of 120 row groups again costs 10 ms each time. */
  readonly keepFooters?: boolean
}

export interface Duck {
  readonly connection: DuckDBConnection
  /** Runs one statement; its rows as JavaScript values that JSON can hold. */
  rows(sql: string, signal: AbortSignal, values?: readonly DuckDBValue[]): Promise<readonly DuckRow[]>
  close(): void
}

export type DuckRow = Readonly<Record<string, unknown>>

/**
 * Extensions are never fetched (each attempt costs a second, and the product works offline), times are in UTC,
 * and after the last line no setting can be changed and no file outside `folders` and `files` can be opened.
 * This is the second wall: DuckDB lets `COPY ... TO` overwrite an allowed file, so whoever runs SQL of others
 * also admits SELECT alone.
 */
export async function openDuck(options: DuckOptions): Promise<Duck> {
  // 30 MB that a server whose DuckDB works in another process need not have.
  const { DuckDBInstance } = await import('@duckdb/node-api')
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: `${options.memoryMb}MB`,
    threads: String(options.threads),
    temp_directory: options.tempDir,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
    allow_unsigned_extensions: 'false',
    ...options.settings,
  })
  const connection = await instance.connect()
  const settings = [
    "TimeZone = 'UTC'",
    // A setting of the Parquet extension, which DuckDB takes only after it has started.
    ...(options.keepFooters === true ? ['parquet_metadata_cache = true'] : []),
    `allowed_directories = ${sqlList(options.folders ?? [])}`,
    `allowed_paths = ${sqlList(options.files ?? [])}`,
    'enable_external_access = false',
    'lock_configuration = true',
  ]
  await connection.run(settings.map((setting) => `SET ${setting}`).join('; '))
  return {
    connection,
    async rows(sql, signal, values = []) {
      const reader = await interruptible(connection, signal, () => connection.runAndReadAll(sql, [...values]))
      return reader.getRowObjectsJS()
    },
    close() {
      connection.closeSync()
      instance.closeSync()
    },
  }
}

/**
 * Runs `work`, and interrupts the connection's statement when `signal` aborts.
 * @throws Fault CANCELLED or TIMEOUT_ERROR after an abort; otherwise what `work` throws.
 */
export async function interruptible<T>(
  connection: Pick<DuckDBConnection, 'interrupt'>,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  if (signal.aborted) throw abortFault(signal)
  const stop = (): void => connection.interrupt()
  signal.addEventListener('abort', stop, { once: true })
  try {
    return await work()
  } catch (error) {
    if (signal.aborted) throw abortFault(signal)
    throw error
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

/** A text literal of SQL. */
export const sqlText = (text: string): string => `'${text.replaceAll("'", "''")}'`
/** A quoted identifier of SQL. */
export const sqlName = (name: string): string => `"${name.replaceAll('"', '""')}"`
/** A list literal of DuckDB. */
export const sqlList = (texts: readonly string[]): string => `[${texts.map(sqlText).join(', ')}]`

/** What DuckDB calls the lake's column types. */
export const SQL_TYPES: Readonly<Record<ColumnType, string>> = {
  string: 'VARCHAR',
  int: 'INTEGER',
  long: 'BIGINT',
  double: 'DOUBLE',
  boolean: 'BOOLEAN',
  date: 'DATE',
  timestamptz: 'TIMESTAMPTZ',
}
