/**
 * Rows as an answer carries them: constant columns lifted into `fixed`, the rest as arrays, long names that repeat
 * moved to `legend` (PRODUCT.md, section 2, and promise 3).
 */
import type { Axis, Observation, SymbolNote, TableMeta } from './model.ts'
import { noteOf, shownFigure } from './observation.ts'
import { comparePeriods, isDated } from './period.ts'
import { periodOf } from './time.ts'
import { both, type Lang } from './words.ts'

export type Cell = string | number | null

export interface PackedRows {
  /** Names of the cells of each row, in order. */
  readonly columns: readonly string[]
  /** Columns that are the same in every row. */
  readonly fixed: Readonly<Record<string, Cell>>
  readonly rows: readonly (readonly Cell[])[]
  /** Column of codes to code to name; `annotation` to its text. */
  readonly legend: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** Symbols in these rows and what the table's NOTE says of them; also `0` where it lists that. */
  readonly symbols: Readonly<Record<string, string>>
}

export interface PackOptions {
  /** False: codes alone. */
  readonly names: boolean
  /** Language of what we say of symbols that the table does not explain. */
  readonly lang?: Lang
  /** Annotation code to text. */
  readonly annotations?: Readonly<Record<string, string>>
  /** More columns after these, one cell for each row. */
  readonly extra?: readonly Column[]
}

export interface Column {
  readonly name: string
  readonly cells: readonly Cell[]
  /** True for figures: never lifted into `fixed`, even where they are all the same. */
  readonly figure?: boolean
}

/**
 * Names longer than this, on average, go to the legend once they come twice as often as there are codes: 2020年 and 東京都
 * stay beside their figures; 1994年1～3月期, インドネシア and 北海道 札幌市 中央区 would make the rows longer than e-Stat's own.
 * In tokens, roughly: three digits are one, as any other character is.
 */
const LONG_NAME = 4
const lengthOf = (name: string): number => name.replace(/[0-9]{1,3}/g, '0').length

/** Packs rows in the order given. `value` is always a column; `symbol` and `annotation` are only there where a row has one. */
export function packRows(
  meta: TableMeta,
  observations: readonly Observation[],
  notes: readonly SymbolNote[],
  { names, annotations = {}, extra = [], lang = 'J' }: PackOptions,
): PackedRows {
  const axes = meta.axes.map((axis) => axisColumns(axis, observations, names))
  return {
    ...layOut([...axes.flatMap(({ columns }) => columns), ...cellColumns(observations), ...extra], observations.length),
    legend: Object.fromEntries([
      ...axes.flatMap(({ legend }) => legend),
      ...annotationLegend(observations, annotations),
    ]),
    symbols: symbolsOf(observations, notes, lang),
  }
}

/** Columns as rows, those that never change lifted out. */
export function layOut(all: readonly Column[], length: number): Pick<PackedRows, 'columns' | 'fixed' | 'rows'> {
  const isFixed = ({ figure, cells }: Column): boolean => figure !== true && cells.every((cell) => cell === cells[0])
  const varying = length === 0 ? all : all.filter((column) => !isFixed(column))
  const fixed = length === 0 ? [] : all.filter(isFixed)
  return {
    columns: varying.map(({ name }) => name),
    fixed: Object.fromEntries(fixed.map(({ name, cells }) => [name, cells[0] ?? null])),
    rows: Array.from({ length }, (_, row) => varying.map(({ cells }) => cells[row] ?? null)),
  }
}

export type Legend = readonly (readonly [column: string, names: Readonly<Record<string, string>>])[]

/** An axis as a column of codes and one of names, or a legend where names are long and come again. */
export function axisColumns(
  { id, items }: Axis,
  observations: readonly Observation[],
  names: boolean,
): { readonly columns: readonly Column[]; readonly legend: Legend } {
  const codes: Column = { name: `${id}_code`, cells: observations.map((row) => row.codes[id] ?? null) }
  if (!names) return { columns: [codes], legend: [] }
  const nameByCode = new Map(items.map(({ code, name }) => [code, name]))
  const used = [...new Set(codes.cells)].flatMap((code) => (code === null ? [] : [String(code)]))
  const nameOf = (code: Cell): Cell => nameByCode.get(String(code)) ?? null
  const length = used.reduce((sum, code) => sum + lengthOf(nameByCode.get(code) ?? ''), 0)
  // Codes that are their own names, as those of meshes, are not written twice in every row.
  const isNamedSo = used.every((code) => nameByCode.get(code) === code)
  const isLong = isNamedSo || length > LONG_NAME * used.length
  const long = used.length > 1 && isLong && observations.length >= 2 * used.length
  if (!long) return { columns: [codes, { name: `${id}_name`, cells: codes.cells.map(nameOf) }], legend: [] }
  const legend = Object.fromEntries(used.map((code) => [code, nameByCode.get(code) ?? '']))
  return { columns: [codes], legend: [[codes.name, legend]] }
}

function cellColumns(observations: readonly Observation[]): readonly Column[] {
  const column = (name: string, cellOf: (row: Observation) => Cell): Column => ({
    name,
    cells: observations.map(cellOf),
  })
  return [
    { ...column('value', shownFigure), figure: true },
    column('unit', ({ unit }) => unit),
    ...(observations.some(({ symbol }) => symbol !== null) ? [column('symbol', ({ symbol }) => symbol)] : []),
    ...(observations.some(({ annotation }) => annotation !== null)
      ? [column('annotation', (row) => row.annotation)]
      : []),
  ]
}

export function annotationLegend(
  observations: readonly Observation[],
  texts: Readonly<Record<string, string>>,
): Legend {
  const used = [...new Set(observations.flatMap(({ annotation }) => annotation ?? []))]
  return used.length === 0 ? [] : [['annotation', Object.fromEntries(used.map((code) => [code, texts[code] ?? '']))]]
}

const EMPTY = both('値も記号もない', 'no value, and no symbol')
const UNEXPLAINED = both('統計表に説明がない', 'not explained by the table')

/** An empty cell is listed under "". */
export function symbolsOf(
  observations: readonly Observation[],
  notes: readonly SymbolNote[],
  lang: Lang,
): Readonly<Record<string, string>> {
  const texts = new Set(observations.flatMap(({ symbol, text }) => (symbol !== null || text === '0' ? [text] : [])))
  return Object.fromEntries(
    [...texts].flatMap((text) => {
      const meaning = noteOf(text, notes)
      if (meaning !== null) return [[text, meaning]]
      return text === '0' ? [] : [[text, (text === '' ? EMPTY : UNEXPLAINED)[lang]]]
    }),
  )
}

/** The span that rows refer to, in the table's own words: `1920年～2020年`, `2024年1月`; null without a dated time axis. */
export function periodOfRows(meta: TableMeta, observations: readonly Observation[]): string | null {
  const axis = meta.axes.find(({ id }) => id === 'time')
  if (axis === undefined) return null
  const codes = new Set(observations.map((row) => row.codes['time']))
  const items = axis.items
    .filter(({ code }) => codes.has(code))
    .map((item) => ({ name: item.name, period: periodOf(item, axis.name) }))
    .filter(({ period }) => isDated(period))
    .toSorted((a, b) => comparePeriods(a.period, b.period))
  const [first, last] = [items[0], items.at(-1)]
  if (first === undefined || last === undefined) return null
  return first === last ? first.name : `${first.name}～${last.name}`
}
