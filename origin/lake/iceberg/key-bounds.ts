/** Which files a merge must open: those whose bounds leave room for a key of the files that are loaded. */
import { LAKE_COLUMNS } from '../columns.ts'
import type { ColumnStats, LakeColumn, ParquetFile } from '../ports.ts'
import { lowerBound, upperBound } from './bounds.ts'
import type { DataFile, IntMap } from './manifest.ts'

/**
 * What makes a row of a dataset the same cell: its codes on all axes. A column that a file lacks is null in all its
 * rows, and null is the same as null here: a dataset that grew an axis has new cells, not new values of old ones.
 */
export const KEY_COLUMNS: readonly LakeColumn[] = LAKE_COLUMNS.filter(({ name }) =>
  /^(tab|cat\d\d|area|time)_code$/.test(name),
)

/** False only where a key column tells for sure that no key is in both. */
export const mayShareKeys = (old: DataFile, files: readonly ParquetFile[]): boolean =>
  files.some((file) => KEY_COLUMNS.every((column) => mayShare(old, file, column)))

function mayShare(old: DataFile, file: ParquetFile, { fieldId, type }: LakeColumn): boolean {
  const fresh = file.stats.find((stats) => stats.fieldId === fieldId)
  const nulls = valueOf(old.null_value_counts, fieldId)
  const all = valueOf(old.value_counts, fieldId)
  // A column without statistics is either missing, thus null throughout, or of a writer that tells nothing.
  if (all === undefined || nulls === undefined) return true
  const oldIsNull = nulls === all
  if (fresh === undefined || isNull(fresh)) return nulls > 0n
  if (oldIsNull) return fresh.nullCount > 0
  if (nulls > 0n && fresh.nullCount > 0) return true
  const least = valueOf(old.lower_bounds, fieldId)
  const most = valueOf(old.upper_bounds, fieldId)
  const low = fresh.lower === null ? null : lowerBound(type, fresh.lower)
  const high = fresh.upper === null ? null : upperBound(type, fresh.upper)
  const above = least !== undefined && high !== null && Buffer.compare(least, high) > 0
  const below = most !== undefined && low !== null && Buffer.compare(most, low) < 0
  return !above && !below
}

const isNull = ({ nullCount, valueCount }: ColumnStats): boolean => nullCount === valueCount

const valueOf = <T>(map: IntMap<T>, fieldId: number): T | undefined => map?.find(({ key }) => key === fieldId)?.value
