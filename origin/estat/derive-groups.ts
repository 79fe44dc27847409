/** Share of a total, and rank: figures held against others of the same period. */
import { fault } from '../../shared/fault.ts'
import { isJisAreaAxis, NATION_CODE } from './area.ts'
import { measureAxes } from './measure.ts'
import type { Axis, ClassItem, Observation, TableMeta } from './model.ts'
import { oncePerAxis } from './once-per-axis.ts'
import { saysTotal } from './role-names.ts'
import type { Roles, RolesOfAxis } from './roles.ts'

/** A figure for a row; null where it cannot be had. */
export type Figures = ReadonlyMap<Observation, number | null>

/** Five significant digits: 12.345 %, 0.0012345 %. */
export const rounded = (value: number): number => Number(value.toPrecision(5))

const usedCodes = (rows: readonly Observation[], { id }: Axis): readonly string[] => [
  ...new Set(rows.flatMap(({ codes }) => codes[id] ?? [])),
]

/** Rows that differ in this axis alone. */
function groupsOver(meta: TableMeta, axis: Axis, rows: readonly Observation[]): readonly (readonly Observation[])[] {
  const others = meta.axes.filter(({ id }) => id !== axis.id)
  const groups = new Map<string, Observation[]>()
  for (const row of rows) {
    const key = JSON.stringify(others.map(({ id }) => row.codes[id]))
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [row])
    else group.push(row)
  }
  return [...groups.values()]
}

const itemsByCode = oncePerAxis((axis) => new Map(axis.items.map((item) => [item.code, item])))

/** Totals by their name that no code of the list stands above. */
const namedTotals = oncePerAxis((axis): readonly ClassItem[] =>
  axis.items.filter((item) => saysTotal(item) && !itemsByCode(axis).has(item.parentCode ?? '')),
)

/** Whether `total` is known to hold `code`: by arithmetic or parent codes, by JIS code, or as the one named total of the axis. */
export function covers(axis: Axis, roles: RolesOfAxis, total: string, code: string): boolean {
  const items = itemsByCode(axis)
  const seen = new Set<string>()
  const above = (at: string): string | null => roles[at]?.of ?? items.get(at)?.parentCode ?? null
  for (let at = above(code); at !== null && !seen.has(at); at = above(at)) {
    if (at === total) return true
    seen.add(at)
  }
  if (isJisAreaAxis(axis))
    return total === NATION_CODE || (total.endsWith('000') && code.slice(0, 2) === total.slice(0, 2))
  const [named, ...more] = namedTotals(axis)
  return named?.code === total && more.length === 0 && (roles[code]?.role ?? 'unknown') !== 'unknown'
}

/** Totals among the codes that no other of them holds. */
function roots(axis: Axis, roles: RolesOfAxis, codes: readonly string[]): readonly string[] {
  const totals = codes.filter((code) => roles[code]?.role === 'total')
  return totals.filter((code) => !totals.some((other) => other !== code && covers(axis, roles, other, code)))
}

const says = (axis: Axis, code: string): string => `${code} ${axis.items.find((item) => item.code === code)?.name ?? ''}`.trim() // biome-ignore format: one line

/**
 * Per cent of the total that the selection holds on one axis. The total's own share is 100.
 * @throws Fault INVALID_PARAMETER where no single total is selected, or a code is not known to be within it.
 */
export function shares(
  meta: TableMeta,
  rows: readonly Observation[],
  roles: Roles,
): { readonly axis: Axis; readonly total: string; readonly figures: Figures } {
  const found = meta.axes.flatMap((axis) => {
    const codes = usedCodes(rows, axis)
    const own = roles[axis.id]
    if (own === undefined || codes.length < 2) return []
    return [{ axis, own, codes, totals: roots(axis, own, codes) }]
  })
  const withTotal = found.filter(({ totals }) => totals.length > 0)
  const [one, ...more] = withTotal
  if (one === undefined)
    throw fault('INVALID_PARAMETER', 'A share needs the parts together with their total, and no total is selected.', {
      hint: 'Select the total too (role total in describe_dataset), e.g. {"cat01": ["総数", "男", "女"]}.',
    })
  const [total, ...others] = one.totals
  if (total === undefined || more.length > 0 || others.length > 0)
    throw fault(
      'INVALID_PARAMETER',
      `Several totals are selected: ${withTotal
        .flatMap(({ axis, totals }) => totals.map((code) => `${axis.id} ${says(axis, code)}`))
        .slice(0, 6)
        .join(', ')}.`,
      {
        hint: 'Keep one axis with its total and its parts, and one code on the others.',
      },
    )
  const loose = one.codes.filter((code) => code !== total && !covers(one.axis, one.own, total, code))
  if (loose.length > 0)
    throw fault(
      'INVALID_PARAMETER',
      `Not known to be within ${says(one.axis, total)}: ${loose
        .slice(0, 5)
        .map((code) => says(one.axis, code))
        .join(', ')}.`,
      {
        hint: 'Leave those codes out: a share of a total that does not hold them would be no share.',
      },
    )
  const figures = new Map<Observation, number | null>()
  for (const group of groupsOver(meta, one.axis, rows)) {
    const whole = group.find(({ codes }) => codes[one.axis.id] === total)?.value ?? null
    for (const row of group)
      figures.set(row, row.value === null || whole === null || whole <= 0 ? null : rounded((row.value / whole) * 100))
  }
  return { axis: one.axis, total, figures }
}

/**
 * 1 for the largest, equal figures the same rank. Totals and 再掲 are not ranked among their parts.
 * @throws Fault INVALID_PARAMETER where no axis but time and the measure varies.
 */
export function ranks(
  meta: TableMeta,
  rows: readonly Observation[],
  roles: Roles,
): { readonly axis: Axis; readonly figures: Figures } {
  const measures = measureAxes(meta)
  const may = meta.axes.filter(
    (axis) => axis.id !== 'time' && !measures.includes(axis) && usedCodes(rows, axis).length > 1,
  )
  const axis = may.find(({ id }) => id === 'area') ?? may.toSorted((a, b) => usedCodes(rows, b).length - usedCodes(rows, a).length)[0] // biome-ignore format: one line
  if (axis === undefined)
    throw fault('INVALID_PARAMETER', 'A rank needs several areas or categories, and one alone is selected.', {
      hint: 'Select the codes to rank, e.g. {"area": {"level": 1}}.',
    })
  const competitors = competing(axis, roles[axis.id] ?? {}, usedCodes(rows, axis))
  const figures = new Map<Observation, number | null>()
  for (const group of groupsOver(meta, axis, rows)) {
    const ranked = group.filter(({ value, codes }) => value !== null && competitors.has(codes[axis.id] ?? ''))
    const isRanked = new Set(ranked)
    const places = placesOf(ranked.map(({ value }) => value ?? 0))
    for (const row of group) figures.set(row, isRanked.has(row) ? (places.get(row.value ?? 0) ?? null) : null)
  }
  return { axis, figures }
}

/** Value to its place: after two firsts comes the third. */
function placesOf(values: readonly number[]): ReadonlyMap<number, number> {
  const places = new Map<number, number>()
  for (const [index, value] of values.toSorted((a, b) => b - a).entries())
    if (!places.has(value)) places.set(value, index + 1)
  return places
}

function competing(axis: Axis, roles: RolesOfAxis, codes: readonly string[]): ReadonlySet<string> {
  const parts = codes.filter((code) => roles[code]?.role !== 'total' && roles[code]?.role !== 'of_which')
  if (parts.length > 1) return new Set(parts)
  // Prefectures alone, in a table that also lists their municipalities: each is a total, none holds another.
  return new Set(codes.filter((code) => !codes.some((other) => other !== code && covers(axis, roles, code, other))))
}
