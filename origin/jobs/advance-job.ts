/** One stretch of work on any job: the rows first, where they are not kept yet, then the file or the table that is wanted. */
import type { Ask } from '../ports.ts'
import { advanceFetch, type AdvancePorts } from './advance-fetch.ts'
import type { Held } from './held-job.ts'
import { type JobResult, resultOfKept } from './job.ts'
import { manifestKey, rawPrefix, readManifest } from './manifest.ts'
import { type LakePorts, loadRows } from './load-rows.ts'
import type { Stretch } from './run-job.ts'
import { writeCsv } from './write-csv.ts'

/**
 * The file is one step, as a page is: it is written to its end, with rests while others have their turn, or begun again
 * by whoever takes the job up. So is the table, of which the Parquet file and the commit are two.
 *
 * @returns null where it was stopped before the end. @throws As `advanceFetch`, `writeCsv` and `loadRows` say; LeaseLost.
 */
export async function advanceJob(
  ports: AdvancePorts & { readonly lake: LakePorts | null },
  held: Held,
  { turn, mayRest }: Pick<Stretch, 'turn' | 'mayRest'>,
  ask: Ask,
): Promise<JobResult | null> {
  const { csv, lake: wanted, datasetId } = held.job.work
  const result = resultOfKept(held.job.work) ?? (await advanceFetch(ports, held, ask))
  if (result === null || (csv === undefined && wanted === undefined)) return result
  if (held.stopping() || !mayRest()) return null
  const { store, now, lake } = ports
  await held.check()
  const manifest = await readManifest(store, manifestKey(rawPrefix(datasetId, result.fetchId)))
  if (wanted !== undefined) {
    if (lake === null) throw new TypeError('this runner was made without a lake')
    return { ...result, lake: await loadRows({ ...lake, store, now }, held, wanted, manifest, turn) }
  }
  if (csv === undefined) return result
  const reading = { signal: held.signal, progress: held.wrote, breathe: () => turn.breathe(held.signal) }
  return { ...result, csv: await writeCsv(store, held.job.tenant, manifest, csv, reading, held) }
}
