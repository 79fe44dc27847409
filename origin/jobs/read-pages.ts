/** The rows of a kept fetch, one page in memory at a time. */
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { fault } from '../../shared/fault.ts'
import { decodeData, decodeEnvelope } from '../estat/decode-answer.ts'
import type { Observation } from '../estat/model.ts'
import { decodeObservation } from '../estat/observation.ts'
import type { ObjectStore } from '../ports.ts'
import type { FetchManifest } from './manifest.ts'

/**
 * @throws Fault DATA_TRANSFORM_ERROR where a page is missing, damaged, or holds another number of rows than the
 *   manifest says.
 */
export async function* readPages(
  store: ObjectStore,
  { pages }: Pick<FetchManifest, 'pages'>,
  signal: AbortSignal,
): AsyncGenerator<readonly Observation[]> {
  for (const { key, rows } of pages) {
    signal.throwIfAborted()
    const observations = await readPage(store, key)
    if (observations.length !== rows)
      throw fault(
        'DATA_TRANSFORM_ERROR',
        `A kept page holds ${observations.length} rows, and its manifest says ${rows}.`,
      )
    yield observations
  }
}

async function readPage(store: ObjectStore, key: string): Promise<readonly Observation[]> {
  const packed = await store.get(key)
  if (packed === null) throw fault('DATA_TRANSFORM_ERROR', 'A page of that fetch is missing.')
  const body = await promisify(gunzip)(packed).then(
    (bytes): unknown => JSON.parse(bytes.toString('utf8')),
    () => null,
  )
  const answer = decodeEnvelope(body)
  const data = answer === null ? null : decodeData(answer.root)
  if (data === null) throw fault('DATA_TRANSFORM_ERROR', 'A page of that fetch is damaged.')
  return data.values.map(decodeObservation)
}
