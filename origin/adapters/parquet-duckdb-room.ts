/** Where one piece of work happens: a folder and a DuckDB of its own, both gone afterwards. */
import { randomUUID } from 'node:crypto'
import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Fault } from '../../shared/fault.ts'
import { abortFault } from './abort-fault.ts'
import { type Duck, openDuck } from './duckdb.ts'
import { duckFault } from './duckdb-faults.ts'

export interface RoomOptions {
  readonly tempDir: string
  readonly memoryMb: number
  readonly threads: number
}

/** Runs `work` with a DuckDB that can open what is in its folder, the `files` named, and nothing else. */
export type WorkRoom = <T>(
  files: readonly string[],
  signal: AbortSignal,
  work: (duck: Duck, folder: string) => Promise<T>,
) => Promise<T>

const PREFIX = 'parquet-'
/** No work takes this long: an older folder is what a killed process left. */
const ABANDONED_MS = 24 * 60 * 60 * 1000
/**
 * Order is kept by one thread anyway; saying that it need not be spares the buffers that would keep it. Joins stay as
 * they are written, rows on the left and dimensions hashed: turned round, they would lose the order of the rows.
 */
const SETTINGS = { preserve_insertion_order: 'false', disabled_optimizers: 'join_order,build_side_probe_side' } as const

/** @throws from the work: Faults as they are; failures of disk and DuckDB as Faults; after an abort, why it was aborted. */
export function workRoom({ tempDir, memoryMb, threads }: RoomOptions): WorkRoom {
  let swept: Promise<void> | null = null
  return async (files, signal, work) => {
    const folder = join(tempDir, `${PREFIX}${randomUUID()}`)
    let duck: Duck | null = null
    try {
      await mkdir(folder, { recursive: true })
      swept ??= sweep(tempDir)
      await swept
      const own = { tempDir: join(folder, 'spill'), folders: [folder], files, settings: SETTINGS }
      duck = await openDuck({ memoryMb, threads, ...own })
      return await work(duck, folder)
    } catch (error) {
      throw signal.aborted && !(error instanceof Fault) ? abortFault(signal) : duckFault(error)
    } finally {
      duck?.close()
      await rm(folder, { recursive: true, force: true })
    }
  }
}

/** Removes what killed processes left behind. Another process may be doing the same, so a failure is none. */
async function sweep(tempDir: string): Promise<void> {
  const names = (await readdir(tempDir)).filter((name) => name.startsWith(PREFIX))
  const removeOld = async (name: string): Promise<void> => {
    const path = join(tempDir, name)
    if (Date.now() - (await stat(path)).mtimeMs > ABANDONED_MS) await rm(path, { recursive: true, force: true })
  }
  await Promise.allSettled(names.map(removeOld))
}
