/** Codes that by their names divide a whole without gap or overlap: the sexes, bands of age. */
import { bareName } from './bare-name.ts'
import type { ClassItem } from './model.ts'
import { isFemale, isMale } from './plain-words.ts'

/** Years of age, both included; `to` is Infinity for 以上. */
export interface Band {
  readonly from: number
  readonly to: number
}

/** `0~4歳`, `85歳以上`, `15歳未満`, `7歳`; null for anything else. Folded names. */
export function bandOf(item: ClassItem): Band | null {
  const [, first, last, open] = /^(\d{1,3})(?:歳?[~-](\d{1,3}))?歳(以上|未満)?$/.exec(bareName(item)) ?? []
  if (first === undefined) return null
  const from = Number(first)
  if (open === '未満') return last === undefined ? { from: 0, to: from - 1 } : null
  if (open === '以上') return last === undefined ? { from, to: Number.POSITIVE_INFINITY } : null
  return { from, to: last === undefined ? from : Number(last) }
}

/** Whether the bands follow each other from birth to an open end. */
export function tiles(bands: readonly Band[]): boolean {
  const sorted = bands.toSorted((a, b) => a.from - b.from)
  const ends = [-1, ...sorted.map(({ to }) => to)]
  return ends.at(-1) === Number.POSITIVE_INFINITY && sorted.every(({ from }, index) => from === (ends[index] ?? -2) + 1)
}

/**
 * The codes among `items` (totals and 再掲 already taken out) that make up a whole, and what they are; null where
 * names do not tell. Bands that overlap, as five-year groups beside 15歳未満, are no partition.
 */
export function partitionOf(
  items: readonly ClassItem[],
): { readonly codes: ReadonlySet<string>; readonly what: 'sexes' | 'ages' } | null {
  const sexes = items.filter((item) => isMale(bareName(item)) || isFemale(bareName(item)))
  if (sexes.length === 2 && sexes.filter((item) => isMale(bareName(item))).length === 1)
    return { codes: new Set(sexes.map(({ code }) => code)), what: 'sexes' }
  const bands = items.flatMap((item) => {
    const band = bandOf(item)
    return band === null ? [] : [{ item, band }]
  })
  if (bands.length < 2 || !tiles(bands.map(({ band }) => band))) return null
  return { codes: new Set(bands.map(({ item }) => item.code)), what: 'ages' }
}
