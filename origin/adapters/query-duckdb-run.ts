/**
 * Runs SELECTs in a DuckDB that can open the files of their tables and nothing else. The instance stays for the next
 * query over the same files: opening one, its views and the files' footers cost more than most queries.
 *
 * What one query did cannot reach the next: an instance is locked before the first, runs one SELECT at a time, knows
 * macros and views of ours alone, and ends with whatever failed in it. Another file set is another instance.
 */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { randomUUID } from 'node:crypto'
import type { Cell, QueryColumn } from '../lake/ports.ts'
import { macroStatements } from '../lake/sql/duckdb-macros.ts'
import { type Duck, interruptible, openDuck } from './duckdb.ts'
import { trinoType } from './query-duckdb-cells.ts'
import { queryFault } from './query-duckdb-faults.ts'
import { runSelect } from './query-duckdb-select.ts'
import { footerSql, footersOf, type ViewedTable, viewStatements } from './query-duckdb-views.ts'

export interface SelectWork {
  /** DuckDB's dialect. */
  readonly sql: string
  readonly tables: readonly ViewedTable[]
  readonly database: string
  readonly maxRows: number
}

export interface SelectAnswer {
  readonly columns: readonly QueryColumn[]
  readonly rows: readonly (readonly Cell[])[]
  readonly more: boolean
}

export interface SelectRunner {
  /** @throws Fault QUERY_REJECTED, TOO_LARGE, TIMEOUT_ERROR, CANCELLED; INTERNAL_ERROR for a file that cannot be read. */
  select(work: SelectWork, signal: AbortSignal): Promise<SelectAnswer>
  /** Ends the kept instance and what it spilled. One is opened again when it is needed. */
  close(): Promise<void>
}

export interface SelectOptions {
  /** Folder under which a query may spill, by a name that begins with `query-`. */
  readonly tempDir: string
  readonly memoryMb: number
  readonly threads: number
  /** Milliseconds without a query after which the kept instance is closed. */
  readonly idleMs?: number
}

/**
 * Order first: a page must start where the last one ended. `integer_division` stays off: it would turn a double
 * divided by zero into null; `duckdb-dialect.ts` knows which divisions are of integers. Bytes of files are the system's
 * to cache: kept here as well they would take the memory that a query may use, and save no time.
 */
const SETTINGS = {
  integer_division: 'false',
  preserve_insertion_order: 'true',
  enable_external_file_cache: 'false',
} as const

interface Kept {
  readonly duck: Duck
  readonly folder: string
  readonly tables: string
  readonly macros: Set<string>
}

export function selectRunner({ tempDir, memoryMb, threads, idleMs = 30_000 }: SelectOptions): SelectRunner {
  let kept: Kept | null = null
  let idle: NodeJS.Timeout | undefined

  /** Takes the kept instance where it has these tables: two queries at once never share one. */
  async function take({ tables, database }: SelectWork, signal: AbortSignal): Promise<Kept> {
    const key = JSON.stringify([database, tables])
    const held = kept
    kept = null
    if (held?.tables === key) return held
    if (held !== null) await end(held)
    return open(key, { tables, database }, signal)
  }

  async function open(key: string, of: Pick<SelectWork, 'tables' | 'database'>, signal: AbortSignal): Promise<Kept> {
    const folder = join(tempDir, `query-${randomUUID()}`)
    const files = of.tables.flatMap(({ paths }) => paths)
    const settings = { settings: SETTINGS, keepFooters: true }
    const duck = await openDuck({ memoryMb, threads, tempDir: folder, files, ...settings })
    const opened = { duck, folder, tables: key, macros: new Set<string>() }
    try {
      const rows = files.length === 0 ? [] : await duck.rows(footerSql(files), signal)
      for (const statement of viewStatements(of.tables, of.database, footersOf(rows)))
        await duck.rows(statement, signal)
      return opened
    } catch (error) {
      await end(opened)
      throw error
    }
  }

  async function keep(instance: Kept): Promise<void> {
    if (kept !== null) return end(instance)
    kept = instance
    clearTimeout(idle)
    idle = setTimeout(() => void close(), idleMs)
    idle.unref()
  }

  async function close(): Promise<void> {
    clearTimeout(idle)
    const held = kept
    kept = null
    if (held !== null) await end(held)
  }

  return {
    async select(work, signal) {
      let instance: Kept | null = null
      try {
        instance = await take(work, signal)
        const answer = await ask(instance, work, signal)
        await keep(instance)
        return answer
      } catch (error) {
        if (instance !== null) await end(instance)
        throw queryFault(error)
      }
    },
    close,
  }
}

async function ask({ duck, macros }: Kept, work: SelectWork, signal: AbortSignal): Promise<SelectAnswer> {
  for (const statement of macroStatements(work.sql)) {
    if (!macros.has(statement)) await duck.connection.run(statement)
    macros.add(statement)
  }
  const { names, types, rows, more } = await interruptible(duck.connection, signal, () =>
    runSelect(duck.connection, work.sql, work.maxRows),
  )
  return { columns: names.map((name, at) => ({ name, type: trinoType(types[at]) })), rows, more }
}

async function end({ duck, folder }: Kept): Promise<void> {
  duck.close()
  await rm(folder, { recursive: true, force: true })
}
