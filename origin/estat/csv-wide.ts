/**
 * A dataset as wide CSV: one axis spread into columns, written while the rows stream by.
 *
 * e-Stat sends rows ordered by the axes in turn, the last one fastest (reference/estat-api.md, 3.5). So all cells of a
 * line have come once a code of an axis before the spread one changes: only the rows between two such changes are
 * held. With the last axis spread, as time mostly is, that is one line.
 */
import { fault } from '../../shared/fault.ts'
import { axisHeadings, type CsvOptions, csvLine } from './csv.ts'
import type { SpreadPlan } from './csv-spread.ts'
import type { Axis, Observation, TableMeta } from './model.ts'
import { rowOrder } from './split-queries.ts'

/** Cells held at once, at the most: some tens of megabytes. Datasets up to that size are put in order whatever theirs. */
export const HELD_CELLS = 100_000

export interface WideWriter {
  readonly header: string
  readonly columns: readonly string[]
  /** Takes the next row. @returns The lines that are complete now, mostly none. @throws Fault as `wideCsv` says. */
  add(row: Observation): string
  /** The lines that are left. */
  end(): string
  /** Lines given out so far. */
  lines(): number
}

interface Line {
  readonly first: Observation
  readonly cells: Map<string, Observation>
}

/**
 * A line is of one measure and one unit: the axis that says what is measured is never spread, and cells of another
 * unit begin a line of their own. A cell holds the number's text or the symbol as e-Stat sent it; empty is no cell.
 *
 * @param rows Rows that will come.
 * @throws Fault TOO_LARGE where more than `HELD_CELLS` would be held; DATA_TRANSFORM_ERROR for a cell
 *   that comes twice or has no column.
 */
export function wideCsv(meta: TableMeta, { axis, items }: SpreadPlan, rows: number, options: CsvOptions): WideWriter {
  const others = meta.axes.filter(({ id }) => id !== axis.id)
  const columns = wideColumns(others, items)
  const before = rows <= HELD_CELLS ? [] : meta.axes.slice(0, meta.axes.indexOf(axis))
  const follows = inOrder(before, axis)
  const compare = rowOrder({ ...meta, axes: others })
  const known = new Set(items.map(({ code }) => code))
  const print = linePrinter(others, items, options)
  let held = new Map<string, Line>()
  let cells = 0
  let lines = 0

  const flush = (): string => {
    const block = [...held.values()]
    held = new Map()
    cells = 0
    lines += block.length
    return (block.length > 1 ? block.toSorted((a, b) => compare(a.first, b.first)) : block).map(print).join('')
  }
  return {
    header: csvLine(columns, options),
    columns,
    lines: () => lines,
    end: flush,
    add(row) {
      const done = follows(row) ? flush() : ''
      const key = lineKey(others, row)
      const line = held.get(key) ?? { first: row, cells: new Map<string, Observation>() }
      const code = row.codes[axis.id] ?? ''
      if (!known.has(code)) throw fault('DATA_TRANSFORM_ERROR', `A row has a code that ${axis.id} does not list.`)
      if (line.cells.has(code)) throw fault('DATA_TRANSFORM_ERROR', 'One cell of this table came twice.')
      if (++cells > HELD_CELLS) throw tooMuchToHold(axis)
      line.cells.set(code, row)
      held.set(key, line)
      return done
    },
  }
}

const lineKey = (others: readonly Axis[], row: Observation): string =>
  `${others.map(({ id }) => row.codes[id] ?? '').join('\0')}\0${row.unit ?? ''}`

/** Whether a row begins a new block. Rows must come in the order of `before`, or a block would not be whole. */
function inOrder(before: readonly Axis[], spread: Axis): (row: Observation) => boolean {
  const ranks = before.map(({ id, items }) => ({ id, rank: new Map(items.map(({ code }, at) => [code, at])) }))
  let last: readonly number[] | null = null
  return ({ codes }) => {
    const next = ranks.map(({ id, rank }) => rank.get(codes[id] ?? '') ?? rank.size)
    const change = last === null ? -1 : next.findIndex((position, at) => position !== last?.[at])
    const backwards = last !== null && change !== -1 && (next[change] ?? 0) < (last[change] ?? 0)
    last = next
    if (backwards)
      throw fault('TOO_LARGE', `The rows do not come in an order in which ${spread.id} can be spread.`, {
        hint: 'Use layout "long", or filter with a range or a level in place of a list of over 100 codes.',
      })
    return change !== -1
  }
}

const tooMuchToHold = ({ id, name }: Axis) =>
  fault('TOO_LARGE', `${id} (${name}) cannot be spread: too many cells lie between its codes.`, {
    hint: 'Spread the last axis of the table (leave spread out for time), narrow the filters, or use layout "long".',
  })

/** Codes and names of the axes that stay, the unit, the spread codes, annotations. */
function wideColumns(others: readonly Axis[], items: SpreadPlan['items']): readonly string[] {
  const kept = [...axisHeadings(others, ['unit', 'annotation']), 'unit']
  const count = new Map<string, number>()
  for (const name of [...kept, ...items.map(({ name }) => name), 'annotation'])
    count.set(name, (count.get(name) ?? 0) + 1)
  const spread = items.map(({ code, name }) => (count.get(name) === 1 ? name : `${name} (${code})`))
  return [...kept, ...spread, 'annotation']
}

function linePrinter(others: readonly Axis[], items: SpreadPlan['items'], options: CsvOptions): (line: Line) => string {
  const axes = others.map((one) => ({ id: one.id, names: new Map(one.items.map(({ code, name }) => [code, name])) }))
  return ({ first, cells }) => {
    const labels = axes.flatMap(({ id, names }) => [first.codes[id] ?? '', names.get(first.codes[id] ?? '') ?? ''])
    const notes = items.flatMap(({ code }) => {
      const note = cells.get(code)?.annotation ?? null
      return note === null ? [] : [`${code}: ${note}`]
    })
    const texts = items.map(({ code }) => cells.get(code)?.text ?? '')
    return csvLine([...labels, first.unit ?? '', ...texts, notes.join('; ')], options)
  }
}
