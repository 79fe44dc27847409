/** Origins under another name, and of two queries together. */
import { columnOfKey, type Held, keyOf } from './held.ts'
import type { Origin, Source } from './origins.ts'

export const renamedOrigins = (
  columns: readonly Origin[],
  table: string | null,
  names: readonly string[] = [],
): readonly Origin[] => columns.map((column, at) => ({ ...column, table, name: names[at] ?? column.name }))

/**
 * Of UNION: rows of both sides in one. What each side holds to a value of its own is free in the whole; so a source
 * stands for both, which holds what every one of theirs holds to the same value.
 */
export function unitedOrigins(
  left: readonly Origin[],
  right: readonly Origin[],
  held: Held,
  newSource: (axes: readonly string[]) => Source,
): readonly Origin[] {
  const sources = [...new Set([...left, ...right].flatMap(({ reads }) => reads))]
  const axes = [...new Set(sources.flatMap((source) => source.axes))]
  const united = newSource(axes)
  const parts = axes.flatMap((axis) => ['code', 'name', 'role', 'start', 'end'].map((part) => `${axis}_${part}`))
  for (const column of [...parts, 'unit']) {
    const texts = new Set(sources.map(({ id }) => held.textOf(keyOf(id, column))))
    const [text = null] = texts
    if (texts.size === 1 && text !== null) held.hold([{ kind: 'value', key: keyOf(united.id, column), text }])
  }
  return left.map(({ name, key, reads }, at) => {
    const other = right[at]
    const alike = key !== null && other?.key && columnOfKey(key) === columnOfKey(other.key)
    const carries = reads.length > 0 || (other?.reads.length ?? 0) > 0
    return { table: null, name, key: alike ? keyOf(united.id, columnOfKey(key)) : null, reads: carries ? [united] : [] }
  })
}
