import type { TableMeta } from '../estat/model.ts'
import { type SourceContext, type SourceInfo, sourceOf } from '../estat/source.ts'
import type { StatsSource } from '../ports.ts'

/** The `source` of an answer whose figures were read just now: from e-Stat, or from the bundled sample. */
export function sourceFor(
  meta: TableMeta,
  stats: Pick<StatsSource, 'origin'>,
  now: number,
  more: Pick<SourceContext, 'period' | 'derived' | 'lang'> = {},
): SourceInfo {
  const { info, extent, recordedAt = null } = meta
  return sourceOf(info, { retrievedAt: new Date(now).toISOString(), origin: stats.origin, extent, recordedAt, ...more })
}
