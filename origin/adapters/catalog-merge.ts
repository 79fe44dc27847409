/** What a merge by key leaves of the files that it touches, made once for each file whatever the number of tries. */
import { datasetOf } from '../lake/iceberg/data-file.ts'
import { mayShareKeys } from '../lake/iceberg/key-bounds.ts'
import { DELETED, type DataFile, type ManifestEntry } from '../lake/iceberg/manifest.ts'
import { currentSchema, type TableMetadata } from '../lake/iceberg/metadata.ts'
import type { PlacedFile } from '../lake/iceberg/plan-change.ts'
import { columnsOf, evolve } from '../lake/iceberg/schema.ts'
import { dataFileKey, keyOf, type TablePlace } from '../lake/iceberg/table-view.ts'
import type { ParquetFile, ParquetMerger, TableChange } from '../lake/ports.ts'
import type { Entropy } from './catalog-entropy.ts'

export interface Merge {
  readonly merger: ParquetMerger
  readonly change: TableChange & { readonly kind: 'merge' }
  /** Keys of the change's files in the table. */
  readonly files: readonly string[]
  readonly place: TablePlace
  readonly entropy: Entropy
  readonly signal: AbortSignal
}

export interface RestMaker {
  /** @param entries Of every manifest that may hold files of the dataset. @returns for `ChangeInput.rests`. */
  on(metadata: TableMetadata, entries: readonly ManifestEntry[]): Promise<ReadonlyMap<string, PlacedFile | null>>
  /** Keys of what was written that this state does not name: after a commit, or of all where there was none. */
  unused(rests: ReadonlyMap<string, PlacedFile | null> | null): readonly string[]
}

/**
 * Data files never change, so what is left of one is the same on every state of the table: when another writer was
 * first, only files that came since are looked at.
 */
export function restMaker({ merger, change, files, place, entropy, signal }: Merge): RestMaker {
  const made = new Map<string, { readonly target: string; readonly rest: ParquetFile | 'all' | 'none' }>()

  async function make(metadata: TableMetadata, olds: readonly DataFile[]): Promise<void> {
    if (olds.length === 0) return
    const columns = columnsOf(
      evolve(
        currentSchema(metadata),
        change.files.flatMap((file) => file.columns),
        0,
      ),
    )
    const jobs = olds.map((old) => ({
      key: keyOf(old.file_path, metadata, place),
      rows: Number(old.record_count),
      target: dataFileKey(place, change.datasetId, `${entropy.uuid()}-rest`),
    }))
    // Noted before they are written: what a failure leaves behind is deleted as well.
    for (const [at, { target }] of jobs.entries()) made.set((olds[at] as DataFile).file_path, { target, rest: 'all' })
    const rests = await merger.rests({ olds: jobs, files, columns }, signal)
    for (const [at, { target }] of jobs.entries())
      made.set((olds[at] as DataFile).file_path, { target, rest: rests[at] ?? 'all' })
  }

  return {
    async on(metadata, entries) {
      const olds = entries
        .filter(({ status, data_file: file }) => status !== DELETED && datasetOf(file) === change.datasetId)
        .map(({ data_file: file }) => file)
        .filter((file) => mayShareKeys(file, change.files))
      await make(
        metadata,
        olds.filter(({ file_path: path }) => !made.has(path)),
      )
      const rests = new Map<string, PlacedFile | null>()
      for (const { file_path: path } of olds) {
        const { target, rest = 'all' } = made.get(path) ?? {}
        if (rest === 'none') rests.set(path, null)
        else if (rest !== 'all')
          rests.set(path, { file: rest, path: `${metadata.location}/${target?.slice(place.prefix.length + 1)}` })
      }
      return rests
    },

    unused: (rests) => [...made].filter(([path]) => !rests?.has(path)).map(([, { target }]) => target),
  }
}
