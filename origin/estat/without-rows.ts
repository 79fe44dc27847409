/**
 * Codes that a caller named one by one and of which there is no row: asked for 全国 and 東京都, the newest period may
 * hold 全国 alone, and an answer that shows it must not leave the other out in silence (PRODUCT.md, promise 1;
 * reference/estat-api.md, 7.10). Of ranges, levels and spans nobody expects every code.
 */
import type { AxisId, Narrowing, Observation, TableMeta } from './model.ts'

export interface CodeWithoutRows {
  readonly axis: AxisId
  readonly code: string
  readonly name: string
}

/** @param named Codes that were named, axis by axis. @param rows The whole selection. */
export function codesWithoutRows(
  { axes }: TableMeta,
  named: readonly Narrowing[],
  rows: readonly Observation[],
): readonly CodeWithoutRows[] {
  return named.flatMap(({ axis, codes = [] }) => {
    const there = new Set(rows.map((row) => row.codes[axis]))
    const names = new Map(axes.find(({ id }) => id === axis)?.items.map(({ code, name }) => [code, name]))
    return codes.filter((code) => !there.has(code)).map((code) => ({ axis, code, name: names.get(code) ?? code }))
  })
}
