/** One stretch of work on any job: the rows first, where they are not kept yet, and then the file, where one is wanted. */
import type { Ask } from '../ports.ts'
import { advanceFetch, type AdvancePorts } from './advance-fetch.ts'
import type { Held } from './held-job.ts'
import { type JobResult, resultOfKept } from './job.ts'
import { manifestKey, rawPrefix, readManifest } from './manifest.ts'
import type { Stretch } from './run-job.ts'
import { writeCsv } from './write-csv.ts'

/**
 * The file is one step, as a page is: it is written to its end, with rests while others have their turn, or begun again
 * by whoever takes the job up.
 *
 * @returns null where it was stopped before the end. @throws As `advanceFetch` and `writeCsv` say; LeaseLost.
 */
export async function advanceJob(
  ports: AdvancePorts,
  held: Held,
  { turn, mayRest }: Pick<Stretch, 'turn' | 'mayRest'>,
  ask: Ask,
): Promise<JobResult | null> {
  const { csv, datasetId } = held.job.work
  const result = resultOfKept(held.job.work) ?? (await advanceFetch(ports, held, ask))
  if (csv === undefined || result === null) return result
  if (held.stopping() || !mayRest()) return null
  const { store } = ports
  await held.check()
  const manifest = await readManifest(store, manifestKey(rawPrefix(datasetId, result.fetchId)))
  const reading = { signal: held.signal, progress: held.wrote, breathe: () => turn.breathe(held.signal) }
  return { ...result, csv: await writeCsv(store, held.job.tenant, manifest, csv, reading, held) }
}
