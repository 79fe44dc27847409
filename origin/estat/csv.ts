/**
 * A dataset as long CSV, line by line: one line for each cell, codes and names of every axis (PRODUCT.md, section 2).
 *
 * Lines end in CRLF: RFC 4180, section 2, asks for it and Excel writes it; every reader in use takes it.
 */
import type { Axis, Observation, TableMeta } from './model.ts'

/** Excel reads UTF-8 only where the file begins with this. */
export const CSV_BOM = '\uFEFF'
const LINE_END = '\r\n'

export interface CsvOptions {
  /** Exact: no cell is made inert. For programs, not for spreadsheets. */
  readonly raw: boolean
}

/** What a spreadsheet would run as a formula (OWASP, CSV Injection), full-width forms included. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/
/** Any numeral, thousands separated or not: none can run. */
const NUMBER = /^[-+]?\d[\d,]*(?:\.\d+)?$/
/** e-Stat's symbols: signs alone, or one or two letters for a suppressed figure. They cannot be formulas. */
const SYMBOL = /^(?:[-－ー*＊…‥・.※△▲]{1,5}|[XxＸｘχ]{1,2})$/

/** Puts an apostrophe, a spreadsheet's own mark for text, before a cell that would run. Numbers and symbols stay. */
export const inert = (cell: string): string =>
  FORMULA.test(cell) && !NUMBER.test(cell) && !SYMBOL.test(cell) ? `'${cell}` : cell

const quoted = (cell: string): string => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)

/** One line of CSV with its end. */
export function csvLine(cells: readonly string[], { raw }: CsvOptions): string {
  return `${cells.map((cell) => quoted(raw ? cell : inert(cell))).join(',')}${LINE_END}`
}

const FIXED = ['value', 'symbol', 'unit', 'annotation']

/**
 * `<axis>_code` and the axis' name, with its id behind it where another column is called the same: in e-Stat's own CSV
 * an axis named `unit` gives two columns of one name (reference/estat-api.md, 7.14).
 *
 * @param fixed The other columns.
 */
export function axisHeadings(axes: readonly Axis[], fixed: readonly string[]): readonly string[] {
  const all = [...fixed, ...axes.flatMap(({ id, name }) => [`${id}_code`, name])]
  const isAlone = (name: string): boolean => all.indexOf(name) === all.lastIndexOf(name)
  return axes.flatMap(({ id, name }) => [`${id}_code`, isAlone(name) ? name : `${name} (${id})`])
}

/** The axes' columns, then value, symbol, unit, annotation. Without BOM. */
export const csvHeader = ({ axes }: TableMeta, options: CsvOptions): string =>
  csvLine([...axisHeadings(axes, FIXED), ...FIXED], options)

/**
 * The writer of a dataset's lines. `value` is e-Stat's text where that is a number (`100.0` stays `100.0`) and empty
 * otherwise; `symbol` holds the text that is none.
 */
export function csvRow(meta: TableMeta, options: CsvOptions): (observation: Observation) => string {
  const axes = meta.axes.map(({ id, items }) => ({ id, names: new Map(items.map(({ code, name }) => [code, name])) }))
  return ({ codes, value, text, symbol, unit, annotation }) => {
    const labels = axes.flatMap(({ id, names }) => [codes[id] ?? '', names.get(codes[id] ?? '') ?? ''])
    return csvLine([...labels, value === null ? '' : text, symbol ?? '', unit ?? '', annotation ?? ''], options)
  }
}
