/** Which axis of a dataset becomes the columns of a wide file, and which of its codes. */
import { fault } from '../../shared/fault.ts'
import { resolveAxis } from './filters.ts'
import { measureAxes } from './measure.ts'
import type { Axis, ClassItem, Observation, TableMeta } from './model.ts'

/** A sheet of Excel has 16,384 columns; the axes that stay take some. */
export const MOST_COLUMNS = 16_000

export interface SpreadPlan {
  readonly axis: Axis
  /** Codes that occur, in e-Stat's order: one column each. */
  readonly items: readonly ClassItem[]
}

export interface SpreadChooser {
  /** Looks at a row. @returns True once nothing more can be learnt. */
  see(row: Observation): boolean
  /** @throws Fault INVALID_PARAMETER where no axis can be spread, or into more than `MOST_COLUMNS`. */
  choose(): SpreadPlan
}

/**
 * The axis named, or time where it varies, else the one of which most codes occur. Never one that says what is
 * measured: its columns would hold different units.
 *
 * @throws Fault INVALID_PARAMETER for an axis that is not there or says what is measured.
 */
export function spreadChooser(meta: TableMeta, wanted: string | undefined): SpreadChooser {
  const axes = candidates(meta, wanted)
  const used = new Map(axes.map(({ id }) => [id, new Set<string>()]))
  const usedOf = ({ id }: Axis): ReadonlySet<string> => used.get(id) ?? new Set()
  const first = axes.find(({ id }) => wanted !== undefined || id === 'time')
  return {
    see({ codes }) {
      for (const [id, seen] of used) seen.add(codes[id] ?? '')
      return first !== undefined && first.items.length > 1 && usedOf(first).size === first.items.length
    },
    choose() {
      const varying = axes.filter((axis) => usedOf(axis).size > 1)
      const most = varying.toSorted((a, b) => usedOf(b).size - usedOf(a).size)[0]
      const axis = wanted === undefined ? (varying.find(({ id }) => id === 'time') ?? most) : first
      if (axis === undefined)
        throw fault('INVALID_PARAMETER', 'These rows differ only in what is measured: there is no axis to spread.', {
          hint: 'Use layout "long": columns of different measures would mix units.',
        })
      const items = axis.items.filter(({ code }) => usedOf(axis).has(code))
      if (items.length <= MOST_COLUMNS) return { axis, items }
      throw fault(
        'INVALID_PARAMETER',
        `${axis.id} would become ${items.length} columns; ${MOST_COLUMNS} are the most.`,
        {
          hint: 'Narrow that axis, spread another, or use layout "long".',
        },
      )
    },
  }
}

function candidates(meta: TableMeta, wanted: string | undefined): readonly Axis[] {
  const measures = measureAxes(meta)
  if (wanted === undefined) return meta.axes.filter((axis) => !measures.includes(axis))
  const axis = resolveAxis(meta, wanted)
  if (!measures.includes(axis)) return [axis]
  throw fault('INVALID_PARAMETER', `${axis.id} (${axis.name}) says what is measured, and one line holds one measure.`, {
    hint: 'Spread another axis, or use layout "long".',
  })
}
