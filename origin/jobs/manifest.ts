/**
 * The manifest of one fetch: written last, so that a fetch without one does not exist. It holds everything that is
 * needed to read the pages beside it without asking e-Stat again.
 */
import * as z from 'zod'
import { fault } from '../../shared/fault.ts'
import type { SymbolNote, TableMeta } from '../estat/model.ts'
import type { ObjectStore, SourceOrigin } from '../ports.ts'

export interface FetchManifest {
  readonly version: 1
  readonly dataset_id: string
  readonly fetch_id: string
  /** ISO 8601, UTC. */
  readonly retrieved_at: string
  readonly origin: SourceOrigin
  readonly lang: 'J' | 'E'
  /** What the fetch was narrowed to, in words for people; empty for a whole table. */
  readonly filters: Readonly<Record<string, string>>
  /** Rows in all pages: equal to e-Stat's own count, but where `matched` says more. */
  readonly rows: number
  /** e-Stat's own count, where a job kept them: a job may be cut short by its caller. `rows` where absent. */
  readonly matched?: number
  readonly pages: readonly { readonly key: string; readonly rows: number }[]
  readonly meta: TableMeta
  readonly notes: readonly SymbolNote[]
}

const Shape = z.object({ version: z.literal(1), dataset_id: z.string(), pages: z.array(z.object({ key: z.string() })) })

export const rawPrefix = (datasetId: string, fetchId: string): string => `raw/${datasetId}/${fetchId}/`
export const pageKey = (prefix: string, number: number): string =>
  `${prefix}page-${String(number).padStart(5, '0')}.json.gz`
export const manifestKey = (prefix: string): string => `${prefix}manifest.json`

/**
 * @param key Of the manifest, or of anything beside it.
 * @throws Fault NOT_FOUND where there is no finished fetch.
 */
export async function readManifest(store: ObjectStore, key: string): Promise<FetchManifest> {
  const prefix = /^raw\/\d{10}\/[^/]+\//.exec(key)?.[0]
  const bytes = prefix === undefined ? null : await store.get(manifestKey(prefix))
  if (bytes === null)
    throw fault('NOT_FOUND', 'There is no finished fetch under that path.', {
      hint: 'Use the s3_json_path that a fetch with save_to_s3 returned.',
    })
  const manifest: unknown = JSON.parse(new TextDecoder().decode(bytes))
  if (!Shape.safeParse(manifest).success) throw fault('DATA_TRANSFORM_ERROR', 'The manifest of that fetch is damaged.')
  return manifest as FetchManifest
}
