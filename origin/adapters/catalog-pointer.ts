/**
 * Which metadata file is a table, and how the next one takes its place: the one thing that differs between a disk, S3
 * and Glue. Everything else of a commit (`catalog-commit.ts`) is the same over any ObjectStore.
 *
 * `catalog-pointer-files.ts`: the highest `metadata/v<N>.metadata.json`, and N+1 is created exclusively.
 * `catalog-pointer-glue.ts`: the table's entry in Glue, changed where its version is still the one that was read.
 */
import type { TableMetadata } from '../lake/iceberg/metadata.ts'
import type { TablePlace } from '../lake/iceberg/table-view.ts'

export interface TablePointer {
  /** Names of the tenant's tables, ascending. Another tenant's are not among them. */
  list(tenant: string): Promise<readonly string[]>
  /** Null where there is no such table. */
  current(place: TablePlace): Promise<CurrentMetadata | null>
  /** Writes the first metadata file and makes it the table; false where there is a table of that name by now. */
  create(place: TablePlace, metadata: TableMetadata): Promise<boolean>
}

/** The metadata file that was current when it was asked for. */
export interface CurrentMetadata {
  /** Its key in the store. */
  readonly key: string
  /** Its absolute name, as `metadata-log` remembers it: `s3://<bucket>/<key>`, or the file's path on a disk. */
  readonly location: string
  /**
   * Writes the next metadata file and makes it the table's, if this one still is. A write whose outcome is unknown
   * (a timeout after sending) is looked up before it is sent again, so that true and false are certain.
   * @returns false where another writer was first: then nothing refers to what `metadata` names, and it may be deleted.
   * @throws UnknownOutcome where it cannot be found out: what `metadata` names must stay. Fault: surely not swapped.
   */
  swap(metadata: TableMetadata): Promise<boolean>
}

/** The next metadata file may or may not be the table: nothing that it names may be deleted. `cause` is the failure. */
export class UnknownOutcome extends Error {
  override readonly name = 'UnknownOutcome'

  constructor(cause: unknown) {
    super('the commit may have landed', { cause })
  }
}
