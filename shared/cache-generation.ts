/**
 * The generation of the search cache, a part of every key: another one finds nothing of what was kept under the last.
 * A record for all, and one for each tool and each dataset that was ever purged on its own: each is written whole, so
 * that two who purge at once lose nothing.
 */
import type { Records } from './records.ts'

/** What a purge takes away: everything, one tool's answers, or those about one dataset (statsDataId). */
export type PurgeScope =
  | { readonly tool?: undefined; readonly dataset?: undefined }
  | { readonly tool: string; readonly dataset?: undefined }
  | { readonly tool?: undefined; readonly dataset: string }

/** A purge holds everywhere after this: what an edge remembers, and what its store's own copies may lag behind. */
export const PURGE_SECONDS = 60

const RECORD = 'generation'

export const generationRecord = ({ tool, dataset }: PurgeScope): string => {
  if (tool !== undefined) return `${RECORD}:tool:${tool}`
  return dataset === undefined ? RECORD : `${RECORD}:dataset:${dataset}`
}

/**
 * Begins a new generation of `scope`.
 *
 * @param id Fresh for each call: two purges in one millisecond are two.
 * @returns What the record holds from now on. Rejects where the store does not answer: then nothing was purged.
 */
export async function beginGeneration(
  records: Records,
  scope: PurgeScope,
  { now, id }: { readonly now: number; readonly id: string },
): Promise<string> {
  const generation = `${now.toString(36)}${id.replaceAll('-', '').slice(0, 6)}`
  await records.put(generationRecord(scope), generation)
  return generation
}
