/** The codes that the rows of a lake table use, axis by axis, as SQL: its dictionary. */
import type { LakeTable } from '../ports.ts'
import { quoteName } from './dialect.ts'

const PARTS = ['code', 'name', 'level', 'parent_code', 'role'] as const

/** Ids of the table's axes, in the order of its columns: `tab`, `cat01`, `area`, `time`... */
export const axesOfTable = ({
  columns,
}: {
  readonly columns: readonly { readonly name: string }[]
}): readonly string[] => columns.flatMap(({ name }) => /^(tab|cat\d\d|area|time)_code$/.exec(name)?.[1] ?? [])

/**
 * One row for each code of an axis: code, name, level, parent, role (null where the table has no such column), and how
 * many rows of the table have it; in order of code.
 */
export function dictionarySql({ name, columns }: Pick<LakeTable, 'name' | 'columns'>, axis: string): string {
  const known = new Set(columns.map((column) => column.name))
  const parts = PARTS.map((part) => {
    const column = `${axis}_${part}`
    return known.has(column) ? `${quoteName(column)} AS ${part}` : `CAST(NULL AS varchar) AS ${part}`
  })
  const places = PARTS.map((_, at) => at + 1).join(', ')
  return `SELECT ${parts.join(', ')}, count(*) AS rows FROM ${quoteName(name)} WHERE ${quoteName(`${axis}_code`)} IS NOT NULL GROUP BY ${places} ORDER BY 1, 2`
}

/** How many rows `dictionarySql` gives for each of the axes: one row, a column for each. */
export const countCodesSql = (table: Pick<LakeTable, 'name' | 'columns'>, axes: readonly string[]): string =>
  `SELECT ${axes.map((axis) => `(SELECT count(*) FROM (${dictionarySql(table, axis)}) AS t)`).join(', ')}`
