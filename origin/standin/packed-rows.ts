/** Rows held in memory: one packed column of positions for each axis, beside the texts. */
import type { Selection, StandinRow, StandinRows } from './table.ts'

/** Columns of positions, in the order of the table's axes; rows in the order of `texts`. */
export interface Columns {
  readonly positions: readonly (Uint16Array | Uint32Array)[]
  readonly texts: readonly string[]
  /** Row number to annotation code, where there is one. */
  readonly annotations: ReadonlyMap<number, string>
}

/**
 * Sorts the rows into e-Stat's order and keeps them.
 *
 * @param axisCount Axes of the table.
 * @param rows In any order; no two on the same positions.
 */
export function packRows(axisCount: number, rows: readonly StandinRow[]): StandinRows {
  const sorted = isSorted(rows, axisCount) ? rows : rows.toSorted((a, b) => compare(a, b, axisCount))
  const columns = Array.from({ length: axisCount }, (_, axis) => pack(sorted, axis))
  const annotations = new Map(sorted.flatMap(({ annotation }, row) => (annotation === null ? [] : [[row, annotation]])))
  return heldRows({ positions: columns, texts: sorted.map(({ text }) => text), annotations })
}

function heldRows(columns: Columns): StandinRows {
  const total = columns.texts.length
  return {
    total,
    count(selection) {
      if (selection.every((mask) => mask === null)) return total
      let count = 0
      for (let row = 0; row < total; row += 1) if (isChosen(columns, selection, row)) count += 1
      return count
    },
    scan: (selection, start, limit) => scan(columns, selection, start, limit),
  }
}

function* scan(columns: Columns, selection: Selection, start: number, limit: number): Generator<StandinRow> {
  const whole = selection.every((mask) => mask === null)
  let seen = whole ? start - 1 : 0
  for (let row = seen; row < columns.texts.length && seen < start - 1 + limit; row += 1) {
    if (!whole && !isChosen(columns, selection, row)) continue
    seen += 1
    if (seen >= start) yield rowAt(columns, row)
  }
}

function isChosen({ positions }: Columns, selection: Selection, row: number): boolean {
  for (let axis = 0; axis < selection.length; axis += 1) {
    const mask = selection[axis]
    if (mask && mask[positions[axis]?.[row] ?? -1] !== 1) return false
  }
  return true
}

const rowAt = ({ positions, texts, annotations }: Columns, row: number): StandinRow => ({
  positions: positions.map((column) => column[row] ?? 0),
  text: texts[row] ?? '',
  annotation: annotations.get(row) ?? null,
})

function pack(rows: readonly StandinRow[], axis: number): Uint16Array | Uint32Array {
  let widest = 0
  for (const { positions } of rows) widest = Math.max(widest, positions[axis] ?? 0)
  const column = widest < 0x10000 ? new Uint16Array(rows.length) : new Uint32Array(rows.length)
  rows.forEach(({ positions }, row) => {
    column[row] = positions[axis] ?? 0
  })
  return column
}

const isSorted = (rows: readonly StandinRow[], axisCount: number): boolean =>
  rows.every((row, index) => index === 0 || compare(rows[index - 1] ?? row, row, axisCount) <= 0)

function compare(a: StandinRow, b: StandinRow, axisCount: number): number {
  for (let axis = 0; axis < axisCount; axis += 1) {
    const difference = (a.positions[axis] ?? 0) - (b.positions[axis] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
