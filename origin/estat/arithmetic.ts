/** Whether figures add up: groups of cells that differ in one axis alone, compared within rounding. */
import { measureOfRow } from './measure.ts'
import type { Axis, Observation, TableMeta } from './model.ts'

/** Code to value, for one code on each other axis and one unit. Missing cells are absent. */
export interface Group {
  readonly values: ReadonlyMap<string, number>
  /** What the last printed digit is worth: 0.1 where any cell of the group has one decimal. */
  readonly step: number
}

/** The groups of an axis, of measures that may be summed alone: a rate adds up to nothing. */
export function groupsOf(meta: TableMeta, axis: Axis, rows: readonly Observation[]): readonly Group[] {
  const measureOf = measureOfRow(meta)
  const others = meta.axes.filter(({ id }) => id !== axis.id)
  const groups = new Map<string, { values: Map<string, number>; step: number }>()
  for (const row of rows) {
    if (row.value === null || !measureOf(row).summable) continue
    const key = JSON.stringify([row.unit, ...others.map(({ id }) => row.codes[id])])
    const group = groups.get(key) ?? { values: new Map(), step: 1 }
    group.values.set(row.codes[axis.id] ?? '', row.value)
    group.step = Math.min(group.step, 10 ** -(row.text.split('.')[1]?.length ?? 0))
    groups.set(key, group)
  }
  return [...groups.values()]
}

/** How far a sum of so many cells may be from its total when each of them was rounded. */
export const roomFor = ({ step }: Pick<Group, 'step'>, whole: number, cells: number): number =>
  0.5 * step * (cells + 1) + 1e-9 * Math.abs(whole)

export interface Verdict {
  /** True where it holds on every complete group, and there is one. */
  readonly holds: boolean
  /** Complete groups: all codes have a value. */
  readonly groups: number
  /** Of those, where it does not hold: the sum is more than the total. */
  readonly over: number
  /** How likely figures are to agree so by chance, 0 to 1. */
  readonly chance: number
}

/** Whether `total` is the sum of `parts`, those in `minus` taken off, within the rounding of each cell. */
export function addsUp(
  groups: readonly Group[],
  total: string,
  parts: readonly string[],
  minus: readonly string[] = [],
): Verdict {
  let complete = 0
  let broken = 0
  let over = 0
  let chance = 1
  for (const { values, step } of groups) {
    const whole = values.get(total)
    const sum = sumOf(values, parts)
    const less = sumOf(values, minus)
    if (whole === undefined || sum === null || less === null) continue
    complete++
    const room = roomFor({ step }, whole, parts.length + minus.length)
    if (Math.abs(sum - less - whole) > room) broken++
    if (sum - less - whole > room) over++
    // A total of nothing says nothing.
    if (whole !== 0) chance *= Math.min(1, room / Math.abs(whole))
  }
  return { holds: complete > 0 && broken === 0, groups: complete, over, chance }
}

function sumOf(values: ReadonlyMap<string, number>, codes: readonly string[]): number | null {
  let sum = 0
  for (const code of codes) {
    const value = values.get(code)
    if (value === undefined) return null
    sum += value
  }
  return sum
}
