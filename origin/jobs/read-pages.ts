/** The rows of a kept fetch, a few thousand in memory at a time. */
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { Fault, fault } from '../../shared/fault.ts'
import type { Observation } from '../estat/model.ts'
import { decodeObservation } from '../estat/observation.ts'
import { rowBatches } from '../estat/row-batches.ts'
import { ValueSlicer } from '../lake/value-slice.ts'
import type { ObjectStore } from '../ports.ts'
import type { FetchManifest } from './manifest.ts'

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
  const gunzip = createGunzip()
  // Its failure arrives where the chunks are read; leaving early ends both streams.
  const piping = pipeline(Readable.fromWeb(body), gunzip).catch(() => {})
  try {
    const slicer = new ValueSlicer()
    const batches = rowBatches()
    for await (const chunk of gunzip)
      for (const piece of slicer.push(chunk as Uint8Array)) {
        const rows = batches.push(piece)
        if (rows.length > 0) yield rows.map(decodeObservation)
      }
    slicer.end()
    const rest = batches.end()
    if (rest.length > 0) yield rest.map(decodeObservation)
  } catch (error) {
    if (error instanceof Fault || (error instanceof Error && 'syscall' in error)) throw error
    throw fault('DATA_TRANSFORM_ERROR', 'A page of that fetch is damaged.', { cause: error })
  } finally {
    gunzip.destroy()
    await piping
  }
}
