/** Where one piece of work happens: a folder and a DuckDB of its own, both gone afterwards. */
import { randomUUID } from 'node:crypto'
import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Fault } from '../../shared/fault.ts'
import { abortFault } from './abort-fault.ts'
import { type Duck, openDuck } from './duckdb.ts'
import { duckFault } from './duckdb-faults.ts'

export interface DuckRoom {
  readonly memoryMb: number
  readonly threads: number
  /** What the DuckDB may read and write, beside `files`; null where it needs none, and then it cannot spill. */
  readonly folder: string | null
  readonly files: readonly string[]
}

/** Names of folders that may be removed when they are old. */
const PREFIXES = ['parquet-', 'query-'] as const
/** No work takes this long: an older folder is what a killed process left. */
const ABANDONED_MS = 24 * 60 * 60 * 1000
/**
 * Order is kept by one thread anyway; saying that it need not be spares the buffers that would keep it. Joins stay as
 * they are written, rows on the left and dimensions hashed: turned round, they would lose the order of the rows.
 */
const SETTINGS = { preserve_insertion_order: 'false', disabled_optimizers: 'join_order,build_side_probe_side' } as const

/**
 * Runs `work` with a DuckDB that can open what is in the folder, the `files`, and nothing else.
 * @throws Faults of the work as they are; failures of disk and DuckDB as Faults; after an abort, why it was aborted.
 */
export async function withDuck<T>(room: DuckRoom, signal: AbortSignal, work: (duck: Duck) => Promise<T>): Promise<T> {
  const { folder, memoryMb, threads, files } = room
  const tempDir = folder === null ? join(tmpdir(), `query-${randomUUID()}`) : join(folder, 'spill')
  let duck: Duck | null = null
  try {
    const folders = folder === null ? [] : [folder]
    duck = await openDuck({ memoryMb, threads, tempDir, folders, files, settings: SETTINGS })
    return await work(duck)
  } catch (error) {
    throw signal.aborted && !(error instanceof Fault) ? abortFault(signal) : duckFault(error)
  } finally {
    duck?.close()
  }
}

/** Runs `work` in a new folder below `tempDir`, which is removed afterwards, whatever happened. */
export type WorkFolder = <T>(work: (folder: string) => Promise<T>) => Promise<T>

/** @throws Failures of the disk as Faults; what `work` throws as it is. */
export function workFolder(tempDir: string): WorkFolder {
  let swept: Promise<void> | null = null
  return async (work) => {
    const folder = join(tempDir, `${PREFIXES[0]}${randomUUID()}`)
    try {
      await mkdir(folder, { recursive: true })
      swept ??= sweep(tempDir)
      await swept
      return await work(folder)
    } catch (error) {
      throw duckFault(error)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }
}

/** Removes what killed processes left behind. Another process may be doing the same, so a failure is none. */
async function sweep(tempDir: string): Promise<void> {
  const names = (await readdir(tempDir)).filter((name) => PREFIXES.some((prefix) => name.startsWith(prefix)))
  const removeOld = async (name: string): Promise<void> => {
    const path = join(tempDir, name)
    if (Date.now() - (await stat(path)).mtimeMs > ABANDONED_MS) await rm(path, { recursive: true, force: true })
  }
  await Promise.allSettled(names.map(removeOld))
}
