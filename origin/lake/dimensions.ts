/** One table per axis, code to everything the row should say about it: computed once, joined by the engine. Pure. */
import type { Axis, Role } from '../estat/model.ts'
import { periodOf } from '../estat/time.ts'

/** Null where not known. The period's parts are null on every axis but `time`. */
export interface DimensionRow {
  readonly code: string
  readonly name: string
  readonly level: number | null
  readonly parent_code: string | null
  readonly role: Role
  /** ISO dates, inclusive. */
  readonly start: string | null
  readonly end: string | null
  readonly kind: string | null
  /** Year in which the period starts: for 2020年度 that is 2020. */
  readonly year: number | null
  readonly quarter: number | null
  readonly month: number | null
}

/** Columns of `DimensionRow`, with the engine's types. */
export const DIMENSION_TYPES: Readonly<Record<keyof DimensionRow, string>> = {
  code: 'VARCHAR',
  name: 'VARCHAR',
  level: 'INTEGER',
  parent_code: 'VARCHAR',
  role: 'VARCHAR',
  start: 'DATE',
  end: 'DATE',
  kind: 'VARCHAR',
  year: 'INTEGER',
  quarter: 'INTEGER',
  month: 'INTEGER',
}

/** Each code once: a code that e-Stat lists twice would double its rows in a join. */
export function dimensionOf(axis: Axis, roles: Readonly<Record<string, Role>>): readonly DimensionRow[] {
  const rows = new Map<string, DimensionRow>()
  for (const item of axis.items) {
    if (rows.has(item.code)) continue
    const { code, name, level, parentCode } = item
    const role = Object.hasOwn(roles, code) ? (roles[code] ?? 'unknown') : 'unknown'
    rows.set(code, { code, name, level, parent_code: parentCode, role, ...periodParts(axis, item) })
  }
  return [...rows.values()]
}

type PeriodParts = Pick<DimensionRow, 'start' | 'end' | 'kind' | 'year' | 'quarter' | 'month'>
const NO_PERIOD: PeriodParts = { start: null, end: null, kind: null, year: null, quarter: null, month: null }

function periodParts(axis: Axis, item: Axis['items'][number]): PeriodParts {
  if (axis.id !== 'time') return NO_PERIOD
  const { kind, start, end } = periodOf(item, axis.name)
  const month = start === null ? null : Number(start.slice(5, 7))
  return {
    kind,
    start,
    end,
    year: start === null ? null : Number(start.slice(0, 4)),
    quarter: kind === 'quarter' && month !== null ? Math.ceil(month / 3) : null,
    month: kind === 'month' ? month : null,
  }
}
