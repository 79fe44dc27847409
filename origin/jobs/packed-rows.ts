/** The rows of a page as it is kept: its body, gzip. */
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { Fault, fault } from '../../shared/fault.ts'
import type { Observation } from '../estat/model.ts'
import { decodeObservation } from '../estat/observation.ts'
import { rowBatches } from '../estat/row-batches.ts'
import { ValueSlicer } from '../lake/value-slice.ts'

/**
 * In order, a few thousand in memory at a time. Some may have been given out before it turns out that the page is bad.
 *
 * @throws Fault DATA_TRANSFORM_ERROR where it is damaged.
 */
export async function* packedRows(packed: Readable): AsyncGenerator<readonly Observation[]> {
  const gunzip = createGunzip()
  // Its failure arrives where the chunks are read; leaving early ends both streams.
  const piping = pipeline(packed, gunzip).catch(() => {})
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
