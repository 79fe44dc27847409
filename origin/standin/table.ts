/** What the stand-in knows of a table. Rows are behind an interface, so that they may be held or generated. */
import type { Element } from './tree.ts'

/** CLASS. */
export interface StandinItem {
  readonly code: string
  readonly name: string
  /** As sent: "1" and up, or "". */
  readonly level: string
  readonly unit: string | null
  readonly parentCode: string | null
  readonly addInf: string | null
}

/** CLASS_OBJ. The order of `items` is also the order of rows. */
export interface StandinAxis {
  /** `tab`, `cat01` to `cat15`, `area`, `time`. */
  readonly id: string
  readonly name: string
  readonly description: string | null
  /** EXPLANATION elements, as sent. */
  readonly explanations: readonly Element[]
  readonly items: readonly StandinItem[]
}

/** A table as a list shows it. */
export interface StandinListing {
  /** statsDataId; that of `info` where absent. */
  readonly id?: string
  /** TABLE_INF, complete with its `id`; elements that are not known are absent. */
  readonly info: Element
  /** e-Stat lists a table once for each; [] for small areas and meshes, which have none. */
  readonly collectAreas: readonly string[]
  /** TABLE_INF for lang=E, where the ministry supplied English texts; else that of `info` is sent. */
  readonly englishInfo?: Element
}

export interface StandinTable extends StandinListing {
  readonly id: string
  /** In e-Stat's order: tab, cat01 and on, area, time; any may be missing. */
  readonly axes: readonly StandinAxis[]
  /** NOTE: what a symbol means here. */
  readonly notes: readonly { readonly symbol: string; readonly meaning: string }[]
  /** ANNOTATION: texts that cells point to. */
  readonly annotations: readonly { readonly code: string; readonly text: string }[]
  readonly rows: StandinRows
  /** The same axes and items with their English names, and the notes, where there are any. */
  readonly english?: Pick<StandinTable, 'axes' | 'notes'>
}

/**
 * For each axis, in the table's order, a mask over its items (1 = chosen), or null for all of them.
 * Axes are ANDed.
 */
export type Selection = readonly (Uint8Array | null)[]

/** One VALUE. The arrays that `scan` hands out may be reused: read them before the next step. */
export interface StandinRow {
  /** Position in `items`, for each axis of the table. */
  readonly positions: ArrayLike<number>
  /** `$`, exactly as sent; "" for a cell that is there without a value. */
  readonly text: string
  readonly annotation: string | null
}

/** Rows in e-Stat's order: lexicographic by position, the last axis fastest. */
export interface StandinRows {
  readonly total: number
  count(selection: Selection): number
  /** @param start 1-based number of the first row within the selection. @param limit Rows at most. */
  scan(selection: Selection, start: number, limit: number): Iterable<StandinRow>
}
