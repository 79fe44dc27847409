/**
 * Delete files (specification v2, "Delete Formats"): rows that another engine took out without writing their data files
 * again. Ours are never written that way, and a table that has some is refused rather than read with rows too many.
 */
import { fault } from '../../../shared/fault.ts'
import { holdsDeletes, isLive, type ManifestFile } from './manifest.ts'
import type { Snapshot } from './metadata.ts'

/**
 * A list may still name delete manifests whose files are all gone (an OPTIMIZE leaves them for one snapshot): those
 * take out nothing.
 * @throws Fault DATA_TRANSFORM_ERROR, which says of what kind they are and what makes them data files again.
 */
export function assertNoDeletes(manifests: readonly ManifestFile[], snapshot: Snapshot | null): void {
  if (!hasDeletes(manifests)) return
  throw fault(
    'DATA_TRANSFORM_ERROR',
    `Another engine deleted single rows of this table by ${kindOf(snapshot)}, which this server does not read.`,
    {
      hint: 'Run OPTIMIZE <table> REWRITE DATA USING BIN_PACK in Athena (with optimize_rewrite_delete_file_threshold of the table at 1), ALTER TABLE <table> EXECUTE optimize in Trino, or rewrite_data_files in Spark; then call again. Earlier snapshots can still be read.',
    },
  )
}

/** Whether rows of the data files are taken out by delete files. */
export const hasDeletes = (manifests: readonly ManifestFile[]): boolean =>
  manifests.some((line) => holdsDeletes(line) && isLive(line))

/** Summaries count them by kind; they are optional, and then the kind stays open. */
function kindOf(snapshot: Snapshot | null): string {
  const has = (name: string): boolean => Number(snapshot?.summary[name] ?? 0) > 0
  const [positions, keys] = [has('total-position-deletes'), has('total-equality-deletes')]
  if (positions && keys) return 'position deletes and equality deletes'
  if (positions) return 'position deletes'
  return keys ? 'equality deletes' : 'delete files'
}
