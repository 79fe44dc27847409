/** A snapshot's summary (Iceberg specification, Appendix F, "Optional Snapshot Summary Fields"): all values are text. */
import { ADDED, DELETED, type ManifestEntry } from './manifest.ts'
import type { Snapshot } from './metadata.ts'

type Summary = Snapshot['summary']

/** @param entries Of the manifests that the snapshot wrote. */
export function summaryOf(parent: Snapshot | null, entries: readonly ManifestEntry[]): Summary {
  const added = countsOf(entries.filter(({ status }) => status === ADDED))
  const deleted = countsOf(entries.filter(({ status }) => status === DELETED))
  const total = (name: string, plus: bigint, minus: bigint) => totalOf(parent, name, plus - minus)
  return {
    operation: operationOf(added.files, deleted.files),
    'added-data-files': String(added.files),
    'added-records': String(added.rows),
    'added-files-size': String(added.bytes),
    'deleted-data-files': String(deleted.files),
    'deleted-records': String(deleted.rows),
    'removed-files-size': String(deleted.bytes),
    'changed-partition-count': String(new Set([...added.datasets, ...deleted.datasets]).size),
    ...total('total-records', added.rows, deleted.rows),
    ...total('total-files-size', added.bytes, deleted.bytes),
    ...total('total-data-files', added.files, deleted.files),
    'total-delete-files': '0',
    'total-position-deletes': '0',
    'total-equality-deletes': '0',
  }
}

/** `overwrite` where files go and come; with one of the two alone it is what the specification calls append or delete. */
function operationOf(added: bigint, deleted: bigint): string {
  if (deleted === 0n) return 'append'
  return added === 0n ? 'delete' : 'overwrite'
}

/** Totals go on from the parent's; one that the parent does not tell is left out, not guessed. */
function totalOf(parent: Snapshot | null, name: string, change: bigint): Record<string, string> {
  const before = parent === null ? '0' : parent.summary[name]
  return before === undefined ? {} : { [name]: String(BigInt(before) + change) }
}

function countsOf(entries: readonly ManifestEntry[]) {
  const files = entries.map(({ data_file: file }) => file)
  return {
    files: BigInt(files.length),
    rows: files.reduce((sum, file) => sum + file.record_count, 0n),
    bytes: files.reduce((sum, file) => sum + file.file_size_in_bytes, 0n),
    datasets: new Set(files.map(({ partition }) => partition.dataset_id)),
  }
}
