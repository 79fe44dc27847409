/** VALUE to Observation (reference/estat-api.md, 3.5). */
import type { Observation, SymbolNote, WireValue } from './model.ts'
import { cleanName } from './text.ts'

/**
 * e-Stat's plain numbers. Anything else (`-`, `***`, `X`, `…`, `－`, `1,234`, "") is no number: what it may mean
 * is said in NOTE, and guessing turns a suppressed figure into a real one (PRODUCT.md, promise 4).
 */
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/

/** The number that a cell's text is, or null. `-0.0` is 0. */
export const numberOf = (text: string): number | null => (NUMBER.test(text) ? Number(text) + 0 : null)

/** Decodes one cell. `0` stays the number 0 even where NOTE lists the character 0; `noteOf` tells its meaning. */
export function decodeObservation(wire: WireValue): Observation {
  const codes: Record<string, string> = {}
  let unit: string | null = null
  let annotation: string | null = null
  for (const key in wire) {
    const value = wire[key as `@${string}`] ?? ''
    if (key === '@unit') unit = cleanName(value) || null
    else if (key === '@annotation') annotation = value || null
    else if (key.startsWith('@')) codes[key.slice(1)] = value
  }
  const value = numberOf(wire.$)
  return { codes, value, text: wire.$, symbol: value === null ? wire.$ : null, unit, annotation }
}

/** Digits that a double holds whatever the number (IEEE 754). */
const SURE_DIGITS = 15

/**
 * The figure as an answer gives it: e-Stat's own text where a double cannot hold all its digits, so that none is lost
 * unsaid; null where it is missing.
 */
export function shownFigure({ value, text }: Pick<Observation, 'value' | 'text'>): number | string | null {
  const digits = text.replace(/\D/g, '').replace(/^0+/, '').length
  return value === null || digits <= SURE_DIGITS || String(value) === text ? value : text
}

/**
 * What a table's NOTE says of a cell's text: of a symbol, and of `0` where the table lists it ("less than the
 * unit"). Exact first; then by its half-width form, as tables note `-` and send `－`. Null where it says nothing.
 */
export function noteOf(text: string, notes: readonly SymbolNote[]): string | null {
  const exact = notes.find(({ symbol }) => symbol === text)
  const folded = exact ?? notes.find(({ symbol }) => symbol.normalize('NFKC') === text.normalize('NFKC'))
  return folded === undefined || folded.meaning === '' ? null : folded.meaning
}
