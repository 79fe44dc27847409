/** Rows of a generated table: made when they are asked for, narrowed by runs of cells, never held. */
import type { Selection, StandinRow, StandinRows } from '../table.ts'
import type { Cells } from './cells.ts'

/** What stands in a cell. */
export interface Content {
  readonly text: string
  readonly annotation: string | null
}

/**
 * @param sizes Items of each axis, in the table's order.
 * @param contentOf By number of the cell and its positions; the same cell has the same content.
 */
export function generatedRows(
  sizes: readonly number[],
  cells: Cells,
  contentOf: (cell: number, positions: ArrayLike<number>) => Content,
): StandinRows {
  const rowsIn = ({ from, to }: Run): number => cells.before(to) - cells.before(from)
  return {
    total: cells.rows,
    count(selection) {
      let count = 0
      for (const run of runsOf(sizes, selection)) count += rowsIn(run)
      return count
    },
    *scan(selection, start, limit) {
      let skip = start - 1
      let left = limit
      const position = positionsOf(sizes)
      for (const run of runsOf(sizes, selection)) {
        const within = rowsIn(run)
        if (skip >= within) {
          skip -= within
          continue
        }
        const first = cells.before(run.from) + skip
        const end = Math.min(first + left, cells.before(run.to))
        for (let row = first; row < end; row += 1) yield rowAt(cells.at(row))
        left -= end - first
        skip = 0
        if (left === 0) return
      }

      function rowAt(cell: number): StandinRow {
        const positions = position(cell)
        return { positions, ...contentOf(cell, positions) }
      }
    },
  }
}

/** Cells that lie beside each other: `from` up to but not including `to`. */
interface Run {
  readonly from: number
  readonly to: number
}

/** What a selection leaves, in order. Axes behind the last narrowed one are whole, so a run spans all of theirs. */
function* runsOf(sizes: readonly number[], selection: Selection): Generator<Run> {
  const last = selection.findLastIndex((mask) => mask !== null)
  const span = sizes.slice(last + 1).reduce((product, size) => product * size, 1)
  yield* walk(0, 0)

  function* walk(axis: number, base: number): Generator<Run> {
    if (axis > last) {
      yield { from: base * span, to: (base + 1) * span }
      return
    }
    const size = sizes[axis] ?? 0
    const mask = selection[axis] ?? null
    for (let position = 0; position < size; position += 1)
      if (mask === null || mask[position] === 1) yield* walk(axis + 1, base * size + position)
  }
}

/** Cell number to positions. The array is the same each time. */
function positionsOf(sizes: readonly number[]): (cell: number) => ArrayLike<number> {
  const positions = new Uint32Array(sizes.length)
  return (cell) => {
    let rest = cell
    for (let axis = sizes.length - 1; axis >= 0; axis -= 1) {
      const size = sizes[axis] ?? 1
      const outer = Math.floor(rest / size)
      positions[axis] = rest - outer * size
      rest = outer
    }
    return positions
  }
}
