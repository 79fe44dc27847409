/** A table of the lake that is wanted of a job's rows, and what became of it. */
import type { DataType } from '../lake/ports.ts'

export interface LakeWork {
  readonly table: string
  readonly dataType: DataType
  /** `replace`: what the dataset had in the table goes. `merge`: only cells with the same codes on all axes do. */
  readonly mode: 'replace' | 'merge'
}

export interface LakeResult {
  readonly table: string
  readonly created: boolean
  /** Rows of the table before the load and after it, all datasets together. */
  readonly rowsBefore: number
  readonly rowsLoaded: number
  readonly rowsAfter: number
  /** Decimal text. */
  readonly snapshotId: string
}
