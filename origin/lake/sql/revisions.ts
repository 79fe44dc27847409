/**
 * What changed between two states of a table, as SQL over the tables "before" and "after" (PRODUCT.md, compare_revisions).
 *
 * A cell is known by its dataset and the codes of its axes; it was added, removed, or has another value, symbol or unit.
 */
import type { LakeColumn } from '../ports.ts'
import { quoteName, quoteText } from './dialect.ts'
import { axesOfTable } from './dictionary.ts'

export interface RevisionPlan {
  /** change, number of cells, cells that one side holds more than once, last retrieval on each side, rows of the later one. */
  readonly counts: string
  /** `columns` of every changed cell, in order of its codes. */
  readonly changes: string
  readonly columns: readonly string[]
}

const FIGURES = ['value', 'symbol', 'unit'] as const

interface Sides {
  readonly before: readonly Pick<LakeColumn, 'name' | 'type'>[]
  readonly after: readonly Pick<LakeColumn, 'name' | 'type'>[]
}

/** @param datasetId Null: every dataset in the table. */
export function revisionPlan(sides: Sides, datasetId: string | null): RevisionPlan {
  const all = new Map([...sides.before, ...sides.after].map((column) => [column.name, column]))
  const axes = axesOfTable({ columns: [...all.values()] })
  const keys = ['dataset_id', ...axes.map((axis) => `${axis}_code`)].filter((name) => all.has(name))
  const names = axes.map((axis) => `${axis}_name`).filter((name) => all.has(name))
  const cells = cellsSql(sides, { keys, names, datasetId, hasTime: all.has('retrieved_at') })
  const shown = axes.flatMap((axis) => [`${axis}_code`, `${axis}_name`].filter((name) => all.has(name)))
  const columns = ['change', ...(keys.includes('dataset_id') ? ['dataset_id'] : []), ...shown]
  const figures = FIGURES.flatMap((figure) => [`${figure}_before`, `${figure}_after`])
  return {
    counts: `${cells} SELECT change, count(*) AS cells, count_if(repeated) AS repeated, max(time_before) AS before_at, max(time_after) AS after_at, sum(n_after) AS rows_after FROM judged GROUP BY change ORDER BY change`,
    changes: `${cells} SELECT ${list([...columns, ...figures])} FROM judged WHERE change <> 'same' ORDER BY ${list(keys)}`,
    columns: [...columns, ...figures],
  }
}

interface Wanted {
  readonly keys: readonly string[]
  readonly names: readonly string[]
  readonly datasetId: string | null
  readonly hasTime: boolean
}

const list = (names: readonly string[]): string => names.map(quoteName).join(', ')

/** Both sides in one list, grouped by key: a join would multiply cells that a table holds more than once. */
function cellsSql({ before, after }: Sides, { keys, names, datasetId, hasTime }: Wanted): string {
  const time = hasTime ? ['retrieved_at'] : []
  const side = (at: 0 | 1, columns: Sides['before']): string => {
    const has = new Set(columns.map(({ name }) => name))
    const pick = (name: string): string => (has.has(name) ? quoteName(name) : `${absent(name)} AS ${quoteName(name)}`)
    const where = datasetId === null ? '' : ` WHERE "dataset_id" = ${quoteText(datasetId)}`
    const picked = [...keys, ...names, ...FIGURES, ...time].map(pick)
    return `SELECT ${at} AS side, ${picked.join(', ')} FROM ${at === 0 ? 'before' : 'after'}${where}`
  }
  const of = (name: string, at: 0 | 1): string => `max(${quoteName(name)}) FILTER (WHERE side = ${at})`
  const pairs = FIGURES.flatMap((name) => [`${of(name, 0)} AS ${name}_before`, `${of(name, 1)} AS ${name}_after`])
  const labels = names.map((name) => `coalesce(${of(name, 1)}, max(${quoteName(name)})) AS ${quoteName(name)}`)
  const times = hasTime
    ? [`${of('retrieved_at', 0)} AS time_before`, `${of('retrieved_at', 1)} AS time_after`]
    : ['CAST(NULL AS varchar) AS time_before', 'CAST(NULL AS varchar) AS time_after']
  const differs = [
    'n_before <> n_after',
    ...FIGURES.map((name) => `${name}_before IS DISTINCT FROM ${name}_after`),
  ].join(' OR ')
  return [
    `WITH sides AS (${side(0, before)} UNION ALL ${side(1, after)}),`,
    `cells AS (SELECT ${list(keys)}, ${[...labels, ...pairs, ...times].join(', ')},`,
    `count_if(side = 0) AS n_before, count_if(side = 1) AS n_after FROM sides GROUP BY ${list(keys)}),`,
    `judged AS (SELECT *, n_before > 1 OR n_after > 1 AS repeated,`,
    `CASE WHEN n_before = 0 THEN 'added' WHEN n_after = 0 THEN 'removed' WHEN ${differs} THEN 'changed' ELSE 'same' END AS change FROM cells)`,
  ].join(' ')
}

const absent = (name: string): string => `CAST(NULL AS ${name === 'value' ? 'double' : 'varchar'})`
