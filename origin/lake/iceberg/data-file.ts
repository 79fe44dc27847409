/** A Parquet file as a manifest describes it. */
import { DATASET_ID_FIELD } from '../columns.ts'
import type { ColumnStats, LakeColumn, ParquetFile } from '../ports.ts'
import { lowerBound, upperBound } from './bounds.ts'
import type { DataFile } from './manifest.ts'

/** @param path Where readers find it: the table's location and the file's name below it. */
export function dataFileOf(file: ParquetFile, path: string): DataFile {
  const { stats } = file
  const typeOf = new Map(file.columns.map(({ fieldId, type }) => [fieldId, type]))
  const map = <T>(of: (column: ColumnStats, type: LakeColumn['type']) => T | null) =>
    stats.flatMap((column) => {
      const value = of(column, typeOf.get(column.fieldId) ?? 'string')
      return value === null ? [] : [{ key: column.fieldId, value }]
    })
  return {
    content: 0,
    file_path: path,
    file_format: 'PARQUET',
    partition: { dataset_id: file.datasetId },
    record_count: BigInt(file.rows),
    file_size_in_bytes: BigInt(file.bytes),
    column_sizes: map(({ sizeBytes }) => BigInt(sizeBytes)),
    value_counts: map(({ valueCount }) => BigInt(valueCount)),
    null_value_counts: map(({ nullCount }) => BigInt(nullCount)),
    nan_value_counts: map((column, type) => (type === 'double' && isBounded(column) ? 0n : null)),
    lower_bounds: map(({ lower }, type) => (lower === null ? null : Buffer.from(lowerBound(type, lower)))),
    upper_bounds: map(({ upper }, type) => {
      const bound = upper === null ? null : upperBound(type, upper)
      return bound === null ? null : Buffer.from(bound)
    }),
    key_metadata: null,
    split_offsets: file.splitOffsets.map(BigInt),
    equality_ids: null,
    sort_order_id: 0,
  }
}

/**
 * DuckDB writes no bounds for a row group that holds a NaN, so a column with bounds (or with nothing but nulls) has
 * none. Of one without bounds nothing is said: engines then look into the file.
 */
const isBounded = ({ lower, valueCount, nullCount }: ColumnStats): boolean => lower !== null || nullCount === valueCount

/** The dataset of a file: what its partition says or, in a table that another engine partitioned, its one `dataset_id`. */
export function datasetOf({ partition, lower_bounds: lower, upper_bounds: upper }: DataFile): string {
  if (typeof partition.dataset_id === 'string') return partition.dataset_id
  const bound = (bounds: DataFile['lower_bounds']) => bounds?.find(({ key }) => key === DATASET_ID_FIELD)?.value
  const [least, most] = [bound(lower), bound(upper)]
  const one = least !== undefined && most !== undefined && Buffer.compare(least, most) === 0
  return one ? new TextDecoder().decode(least) : ''
}
