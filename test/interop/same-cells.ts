/** Rows of different engines in one form: numbers as numbers, days and moments as ISO 8601. */
import type { LakeColumn } from '../../origin/lake/ports.ts'

type Columns = readonly Pick<LakeColumn, 'name' | 'type'>[]

function plain(cell: unknown, type: LakeColumn['type'] | undefined): unknown {
  if (cell === null || cell === undefined) return null
  if (type === 'double' || type === 'int' || type === 'long') return Number(cell)
  if (type !== 'timestamptz' || typeof cell !== 'string') return cell
  const iso = cell.replace(/ UTC$/, '').replace(' ', 'T').replace(/Z?$/, 'Z')
  return new Date(iso).toISOString()
}

/** @returns A line for each row, its columns in the order of `columns`, the lines in order: equal where the rows are. */
export function canonical(
  columns: Columns,
  answer: {
    readonly columns: readonly (string | { readonly name: string })[]
    readonly rows: readonly (readonly unknown[])[]
  },
): readonly string[] {
  const names = answer.columns.map((column) => (typeof column === 'string' ? column : column.name))
  const order = columns.map(({ name }) => names.indexOf(name))
  if (names.length !== columns.length || order.includes(-1))
    throw new Error(`other columns: ${names.join()} instead of ${columns.map(({ name }) => name).join()}`)
  return answer.rows
    .map((row) => JSON.stringify(order.map((at, place) => plain(row[at], columns[place]?.type))))
    .toSorted()
}
