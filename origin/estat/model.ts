/**
 * e-Stat's words, typed: what the decoders give and everything else reads.
 * Sources: e-Stat API 3.0 manual (統計表情報取得, メタ情報取得, 統計データ取得), sections on the response.
 */

/** `tab`, `cat01` to `cat15`, `area`, `time`, in this order (manual, CLASS_OBJ). Any may be missing from a table. */
export type AxisId = string

export interface CodeName {
  readonly code: string
  readonly name: string
}

/** TABLE_INF, decoded. A date that is not known is null, never a guess. */
export interface TableInfo {
  /** statsDataId, ten digits. */
  readonly id: string
  readonly statName: CodeName
  readonly govOrg: CodeName
  readonly statisticsName: string
  /** Own title of the table; a number in e-Stat's JSON comes back as its text. */
  readonly title: string
  readonly titleNo: string | null
  readonly cycle: string | null
  /** `yyyymm`, `yyyymm-yyyymm`, or null where e-Stat says 0. */
  readonly surveyDate: string | null
  /** `yyyy-mm-dd`. */
  readonly openDate: string | null
  readonly updatedDate: string | null
  readonly smallArea: boolean
  /** 全国, 都道府県, 市区町村, 該当なし; several where the table is listed once for each. */
  readonly collectArea: readonly string[]
  readonly mainCategory: CodeName | null
  readonly subCategory: CodeName | null
  /** OVERALL_TOTAL_NUMBER: e-Stat's own figure, known to be stale at times; null where it is 0 or absent. */
  readonly totalRecords: number | null
  /** DESCRIPTION texts, HTML breaks as line breaks. */
  readonly description: readonly string[]
}

/** One CLASS of an axis. */
export interface ClassItem {
  readonly code: string
  readonly name: string
  /** 1 and up; null where e-Stat sends "". */
  readonly level: number | null
  readonly unit: string | null
  /** May point to a code that the list does not hold. */
  readonly parentCode: string | null
}

/** One CLASS_OBJ. `items` in e-Stat's order, which is also the order of rows. */
export interface Axis {
  readonly id: AxisId
  readonly name: string
  readonly description: string | null
  readonly items: readonly ClassItem[]
}

/** NOTE: what a symbol means in this table. */
export interface SymbolNote {
  readonly symbol: string
  readonly meaning: string
}

/**
 * What part of the whole table a bundled sample holds. Absent for live tables and complete recordings.
 */
export interface Extent {
  /** In words, for the answer: "item A1101 only, municipalities only". */
  readonly note: string
  readonly noteJa: string
  /** Rows held here, and rows of the whole table where known. */
  readonly rows: number
  readonly totalRows: number | null
  /** Axes on which the sample holds fewer codes than the table. A code missing there is "outside the sample", not "wrong". */
  readonly partialAxes: readonly AxisId[]
  /** Axes whose codes were not recorded and were assigned by the sample. */
  readonly assignedAxes: readonly AxisId[]
}

/** getMetaInfo, decoded. */
export interface TableMeta {
  readonly info: TableInfo
  readonly axes: readonly Axis[]
  readonly extent: Extent | null
  /** Bundled figures only: when e-Stat was asked for them, ISO 8601 date or moment; null where not recorded. */
  readonly recordedAt?: string | null
}

/** One VALUE as it travels: attributes with `@`, text in `$`. */
export interface WireValue {
  readonly $: string
  readonly [attribute: `@${string}`]: string
}

/** One cell, decoded. */
export interface Observation {
  /** Axis id to code. */
  readonly codes: Readonly<Record<AxisId, string>>
  /** Null where e-Stat sent a symbol or nothing; never a stand-in number. */
  readonly value: number | null
  /** `$` exactly as sent. */
  readonly text: string
  /** The symbol where `value` is null (may be "" for an empty cell), else null. */
  readonly symbol: string | null
  /** From the cell, which e-Stat takes from whichever axis carries it; null where none does. */
  readonly unit: string | null
  /** Code of an ANNOTATION, where the cell has one. */
  readonly annotation: string | null
}

/** A code's part in sums (PRODUCT.md promise 5). */
export type Role = 'total' | 'part' | 'of_which' | 'unknown'
/** A measure's kind: only counts, quantities and money may be summed. */
export type MeasureKind = 'count' | 'quantity' | 'money' | 'rate' | 'index' | 'unknown'

/** Narrowing of one axis as e-Stat takes it: cdX (100 codes at most), cdXFrom/cdXTo, lvX. */
export interface Narrowing {
  readonly axis: AxisId
  readonly codes?: readonly string[]
  readonly from?: string
  readonly to?: string
  /** `X`, `X-Y`, `-X` or `X-`. */
  readonly level?: string
}
