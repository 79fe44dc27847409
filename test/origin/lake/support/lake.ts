/** A lake on a folder of its own, and a reader of its Parquet files. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Duck, type DuckRow, openDuck, sqlList } from '../../../../origin/adapters/duckdb.ts'
import { localCatalog } from '../../../../origin/adapters/catalog-local.ts'
import { parquetDuckdb } from '../../../../origin/adapters/parquet-duckdb.ts'
import { parquetMerger } from '../../../../origin/adapters/parquet-merge.ts'
import { localStore } from '../../../../origin/adapters/store-local.ts'

/** A caller who stays. */
export const calm: AbortSignal = new AbortController().signal

export async function openLake() {
  const dataDir = await mkdtemp(join(tmpdir(), 'lake-'))
  const store = localStore({ dataDir, bucket: 'lake' })
  const parquet = parquetDuckdb({ store, tempDir: join(dataDir, 'tmp') })
  const duck: Duck = await openDuck({ memoryMb: 256, threads: 1, tempDir: join(dataDir, 'spill'), folders: [dataDir] })
  return {
    dataDir,
    store,
    parquet,
    tables: localCatalog({
      store,
      root: join(dataDir, 'lake'),
      merger: parquetMerger({ store, tempDir: join(dataDir, 'tmp') }),
    }),
    duck,
    /** Rows of the objects under `keys`. */
    async read(keys: readonly string[], select = '*'): Promise<readonly DuckRow[]> {
      const paths = await Promise.all(keys.map((key) => store.localPath(key)))
      return duck.rows(`SELECT ${select} FROM read_parquet(${sqlList(paths)}, union_by_name = true)`, calm)
    },
    async close() {
      duck.close()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
export type Lake = Awaited<ReturnType<typeof openLake>>
