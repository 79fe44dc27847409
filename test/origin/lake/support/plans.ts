/** Plans of commits on a table in memory. */
import { columnNamed } from '../../../../origin/lake/columns.ts'
import type { ManifestEntry, ManifestFile } from '../../../../origin/lake/iceberg/manifest.ts'
import { newMetadata, type TableMetadata } from '../../../../origin/lake/iceberg/metadata.ts'
import { type ChangeInput, type ChangePlan, planChange } from '../../../../origin/lake/iceberg/plan-change.ts'
import type { LakeColumn, ParquetFile, TableChange } from '../../../../origin/lake/ports.ts'

export const [A, B, C] = ['0000000001', '0000000002', '0000000003'] as const
export const columns = (...names: readonly string[]) => names.map((name) => columnNamed(name) as LakeColumn)
export const fileOf = (datasetId: string, rows: number, more: readonly string[] = []): ParquetFile => ({
  key: `estat/parquet/${datasetId}.parquet`,
  bytes: rows * 10,
  rows,
  columns: columns('dataset_id', 'value', ...more),
  stats: [],
  datasetId,
  splitOffsets: [4],
  properties: {},
})
export const replace = (file: ParquetFile): TableChange => ({
  kind: 'replace',
  datasetId: file.datasetId,
  files: [file],
  properties: {},
})
export const append = (...files: readonly ParquetFile[]): TableChange => ({ kind: 'append', files, properties: {} })

/** A table in memory: what the catalogue would have read back after carrying a plan out. */
export interface State {
  readonly metadata: TableMetadata
  readonly manifests: readonly ManifestFile[]
  readonly entries: ReadonlyMap<string, readonly ManifestEntry[]>
}
export const EMPTY: State = {
  metadata: newMetadata({ uuid: 'u', location: '/l/t', columns: columns('dataset_id', 'value'), now: 100 }),
  manifests: [],
  entries: new Map(),
}

export function plan(state: State, change: TableChange, n: number, more: Partial<ChangeInput> = {}): ChangePlan {
  const placed = change.files.map((file, at) => ({ file, path: `/l/t/data/${n}-${at}.parquet` }))
  const ids = { snapshotId: n, uuid: `uuid${n}` }
  return planChange({
    ...state,
    metadataFile: n === 1 ? null : `/l/t/metadata/v${n - 1}.metadata.json`,
    change,
    placed,
    ids,
    now: n * 1000,
    ...more,
  })
}

/** The sequence number is inherited on reading (specification, "Sequence Number Inheritance"). */
export function carriedOut(state: State, { newManifests, keptManifests, metadata }: ChangePlan): State {
  const written = newManifests.map(({ entries, line }) => {
    const inherited = entries.map((entry) => ({
      ...entry,
      sequence_number: entry.sequence_number ?? line.sequence_number,
      file_sequence_number: entry.file_sequence_number ?? line.sequence_number,
    }))
    return [line.manifest_path, inherited] as const
  })
  const lines = newManifests.map(({ line }) => ({ ...line, manifest_length: 1n }))
  return { metadata, manifests: [...keptManifests, ...lines], entries: new Map([...state.entries, ...written]) }
}
export const after = (...changes: readonly TableChange[]): State =>
  changes.reduce((state, change, at) => carriedOut(state, plan(state, change, at + 1)), EMPTY)
