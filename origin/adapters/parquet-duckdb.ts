/** ParquetWriter by DuckDB: keys to local paths, the work, and the finished file into the store. */
import { join } from 'node:path'
import { Fault, fault } from '../../shared/fault.ts'
import type { ParquetWriter } from '../lake/ports.ts'
import type { ObjectStore } from '../ports.ts'
import { duckGate, type DuckGate } from './duckdb-gate.ts'
import { type DuckWork, duckWork, QUERY_SIZE, WRITE_SIZE } from './duckdb-work.ts'
import { workFolder } from './parquet-duckdb-room.ts'

export interface ParquetOptions {
  readonly store: ObjectStore
  /** Folder for work in progress, on the same disk as the store where there is one. */
  readonly tempDir: string
  /** Shared with whatever else runs DuckDB in this process; one of its own where absent. */
  readonly gate?: DuckGate
  /** Where it is done; in this process where absent. */
  readonly work?: Pick<DuckWork, 'write' | 'inspect'>
  readonly memoryMb?: number
  readonly threads?: number
}

/** Jobs wait at the gate: two at once would need twice the memory. */
export function parquetDuckdb(options: ParquetOptions): ParquetWriter {
  const { store, tempDir, gate = duckGate() } = options
  const { memoryMb = WRITE_SIZE.memoryMb, threads = WRITE_SIZE.threads } = options
  const work = options.work ?? duckWork({ tempDir, write: { memoryMb, threads }, query: QUERY_SIZE })
  const inFolder = workFolder(tempDir)

  return {
    write: ({ pages: keys, key, ...job }, signal) =>
      gate(signal, () =>
        inFolder(async (folder) => {
          const pages: string[] = []
          for (const page of keys) pages.push(await pagePath(store, page))
          const target = join(folder, 'lake.parquet')
          const file = await work.write({ ...job, pages, folder, target }, signal)
          await store.putFile(key, target)
          return { ...file, key }
        }),
      ),

    async inspect(key, signal) {
      const path = await store.localPath(key)
      return gate(signal, async () => ({ ...(await work.inspect(path, signal)), key }))
    },
  }
}

async function pagePath(store: ObjectStore, key: string): Promise<string> {
  try {
    return await store.localPath(key)
  } catch (error) {
    if (error instanceof Fault && error.code === 'NOT_FOUND')
      throw fault('DATA_TRANSFORM_ERROR', 'A page of the fetch is missing.', { cause: error })
    throw error
  }
}
