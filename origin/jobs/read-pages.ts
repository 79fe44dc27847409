/** The rows of a kept fetch, a few thousand in memory at a time. */
import { Readable } from 'node:stream'
import { fault } from '../../shared/fault.ts'
import type { Observation } from '../estat/model.ts'
import type { ObjectStore } from '../ports.ts'
import type { FetchManifest } from './manifest.ts'
import { packedRows } from './packed-rows.ts'

/**
 * Batches in the order of the pages. Rows of a page may have been given out before it turns out to be bad: what is made
 * of them must be whole or absent.
 *
 * @throws Fault DATA_TRANSFORM_ERROR where a page is missing, damaged, or holds another number of rows than the
 *   manifest says.
 */
export async function* readPages(
  store: ObjectStore,
  { pages }: Pick<FetchManifest, 'pages'>,
  signal: AbortSignal,
): AsyncGenerator<readonly Observation[]> {
  for (const { key, rows } of pages) {
    let found = 0
    for await (const batch of pageBatches(store, key)) {
      signal.throwIfAborted()
      found += batch.length
      yield batch
    }
    if (found !== rows)
      throw fault('DATA_TRANSFORM_ERROR', `A kept page holds ${found} rows, and its manifest says ${rows}.`)
  }
}

async function* pageBatches(store: ObjectStore, key: string): AsyncGenerator<readonly Observation[]> {
  const body = await store.stream(key)
  if (body === null) throw fault('DATA_TRANSFORM_ERROR', 'A page of that fetch is missing.')
  yield* packedRows(Readable.fromWeb(body))
}
