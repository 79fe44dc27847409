import { type SourceContext, type SourceInfo, sourceOf } from '../estat/source.ts'
import type { FetchManifest } from './manifest.ts'

/** The `source` of figures kept earlier, its note in the language they were fetched in. */
export function sourceOfFetch(
  manifest: Pick<FetchManifest, 'meta' | 'retrieved_at' | 'origin'> & Partial<Pick<FetchManifest, 'lang'>>,
  more: Pick<SourceContext, 'period' | 'derived' | 'lang'> = {},
): SourceInfo {
  const { info, extent, recordedAt = null } = manifest.meta
  const context = {
    retrievedAt: manifest.retrieved_at,
    origin: 'lake',
    fetchedFrom: manifest.origin,
    lang: manifest.lang ?? 'J',
  } as const
  return sourceOf(info, { ...context, extent, recordedAt, ...more })
}
