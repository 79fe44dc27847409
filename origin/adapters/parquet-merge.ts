/** ParquetMerger by DuckDB: keys to local paths, the work, and what is left of files into the store. */
import type { ParquetMerger, Rest } from '../lake/ports.ts'
import type { ObjectStore } from '../ports.ts'
import { duckGate, type DuckGate } from './duckdb-gate.ts'
import { type DuckWork, duckWork, QUERY_SIZE, WRITE_SIZE } from './duckdb-work.ts'
import { workFolder } from './parquet-duckdb-room.ts'

export interface MergerOptions {
  readonly store: ObjectStore
  /** Folder for work in progress, on the same disk as the store where there is one. */
  readonly tempDir: string
  /** Shared with whatever else runs DuckDB; one of its own where absent. */
  readonly gate?: DuckGate
  /** Where it is done; in this process where absent. */
  readonly work?: Pick<DuckWork, 'assertUnique' | 'rests'>
}

/** One at a time, at the gate of all that DuckDB does here. */
export function parquetMerger(options: MergerOptions): ParquetMerger {
  const { store, tempDir, gate = duckGate() } = options
  const work = options.work ?? duckWork({ tempDir, write: WRITE_SIZE, query: QUERY_SIZE })
  const inFolder = workFolder(tempDir)
  const pathsOf = async (keys: readonly string[]): Promise<readonly string[]> => {
    const paths: string[] = []
    for (const key of keys) paths.push(await store.localPath(key))
    return paths
  }

  return {
    async assertUniqueKeys(keys, columns, signal) {
      const files = await pathsOf(keys)
      await gate(signal, () => inFolder((folder) => work.assertUnique({ files, columns, folder }, signal)))
    },

    async rests({ olds: replaced, files: loaded, columns }, signal) {
      const paths = await pathsOf(replaced.map(({ key }) => key))
      const olds = replaced.map(({ rows }, at) => ({ path: paths[at] as string, rows }))
      const files = await pathsOf(loaded)
      return gate(signal, () =>
        inFolder(async (folder) => {
          const rests: Rest[] = []
          for (const [at, rest] of (await work.rests({ olds, files, columns, folder }, signal)).entries()) {
            const key = replaced[at]?.target ?? ''
            if (typeof rest !== 'string') await store.putFile(key, rest.key)
            rests.push(typeof rest === 'string' ? rest : { ...rest, key })
          }
          return rests
        }),
      )
    },
  }
}
