/**
 * What DuckDB is asked to do, by plain local paths: the adapters resolve keys to paths before and put what came out into
 * the store after, so that the work itself runs as well in a process of its own.
 */
import type { ParquetFile, ParquetJob, Rest } from '../lake/ports.ts'
import type { Duck } from './duckdb.ts'
import { inspectParquet } from './parquet-duckdb-inspect.ts'
import { withDuck } from './parquet-duckdb-room.ts'
import { writeParquet } from './parquet-duckdb-write.ts'
import { assertUnique, restsOf, type RestsWork, type UniqueWork } from './parquet-merge-work.ts'
import type { SelectRunner } from './query-duckdb-run.ts'

/** A job with local paths in place of keys. */
export interface WriteWork extends Omit<ParquetJob, 'pages' | 'key'> {
  /** Local paths of the raw pages, in order. */
  readonly pages: readonly string[]
  /** An empty folder of this work's own. What is left in it its owner removes. */
  readonly folder: string
  /** The finished file, below `folder`. */
  readonly target: string
}

/** Everything heavy. Keys in what it returns are local paths. */
export interface DuckWork extends SelectRunner {
  /** @throws Fault as `ParquetWriter.write` says. */
  write(work: WriteWork, signal: AbortSignal): Promise<ParquetFile>
  /** @throws Fault as `ParquetWriter.inspect` says. */
  inspect(path: string, signal: AbortSignal): Promise<ParquetFile>
  /** @throws Fault as `ParquetMerger.assertUniqueKeys` says. */
  assertUnique(work: UniqueWork, signal: AbortSignal): Promise<void>
  /** In the order of `olds`. */
  rests(work: RestsWork, signal: AbortSignal): Promise<readonly Rest[]>
}

export interface DuckWorkOptions {
  /** Folder for what queries spill. */
  readonly tempDir: string
  readonly write: DuckSize
  readonly query: DuckSize
}

export interface DuckSize {
  readonly memoryMb: number
  readonly threads: number
}

/** 160 MB and one thread are what a task of 512 MB bears (reference/lake.md, section 1). */
export const WRITE_SIZE: DuckSize = { memoryMb: 160, threads: 1 }
export const QUERY_SIZE: DuckSize = { memoryMb: 256, threads: 2 }

/** Does the work in this process. */
export function duckWork({ tempDir, write: size, query }: DuckWorkOptions): DuckWork {
  let queries: Promise<SelectRunner> | null = null
  // Not before it is needed: it loads DuckDB itself, and this module is the server's too.
  const runner = (): Promise<SelectRunner> =>
    (queries ??= import('./query-duckdb-run.ts').then(({ selectRunner }) => selectRunner({ tempDir, ...query })))
  const close = async (): Promise<void> => (await queries)?.close()
  /** The memory is the writer's alone while it writes. */
  async function alone<T>(
    folder: string,
    files: readonly string[],
    signal: AbortSignal,
    work: (duck: Duck) => Promise<T>,
  ): Promise<T> {
    await close()
    return withDuck({ ...size, folder, files }, signal, work)
  }
  return {
    select: async (work, signal) => (await runner()).select(work, signal),
    write: (work, signal) => alone(work.folder, work.pages, signal, (duck) => writeParquet({ ...work, duck, signal })),
    assertUnique: (work, signal) => alone(work.folder, work.files, signal, (duck) => assertUnique(duck, work, signal)),
    rests: (work, signal) =>
      alone(work.folder, [...work.files, ...work.olds.map(({ path }) => path)], signal, (duck) =>
        restsOf(duck, work, signal),
      ),
    inspect: (path, signal) =>
      withDuck({ ...size, folder: null, files: [path] }, signal, (duck) => inspectParquet(duck, path, path, signal)),
    close,
  }
}
