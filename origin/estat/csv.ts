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

const csvCells = (cells: readonly string[], { raw }: CsvOptions): string =>
  cells.map((cell) => quoted(raw ? cell : inert(cell))).join(',')

/** One line of CSV with its end. */
export const csvLine = (cells: readonly string[], options: CsvOptions): string =>
  `${csvCells(cells, options)}${LINE_END}`

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
 *
 * Cells that come again and again are made once: codes, names and units. A plain number needs no judging.
 */
export function csvRow(meta: TableMeta, options: CsvOptions): (observation: Observation) => string {
  const axes = meta.axes.map(({ id, items }) => {
    const names = new Map(items.map(({ code, name }) => [code, name]))
    return { id, label: once((code) => csvCells([code, names.get(code) ?? ''], options)) }
  })
  const cellOf = once((text) => csvCells([text], options))
  return ({ codes, value, text, symbol, unit, annotation }) => {
    let line = ''
    for (const { id, label } of axes) line += `${label(codes[id] ?? '')},`
    return `${line}${value === null ? '' : text},${cellOf(symbol ?? '')},${cellOf(unit ?? '')},${cellOf(annotation ?? '')}${LINE_END}`
  }
}

/** More texts than these are not remembered: each may be another. */
const MOST_REMEMBERED = 100_000

/** Remembers what it has made of a text. */
function once(make: (text: string) => string): (text: string) => string {
  const known = new Map<string, string>()
  return (text) => {
    const found = known.get(text)
    if (found !== undefined) return found
    const made = make(text)
    if (known.size < MOST_REMEMBERED) known.set(text, made)
    return made
  }
}
