/**
 * Figures of our own beside e-Stat's: change, change_pct, yoy, share, rank (PRODUCT.md, section 2). Only from rows of
 * one measure and one unit; refused, with the reason, where the result would be no figure. Missing stays missing.
 */
import { fault } from '../../shared/fault.ts'
import { type Figures, ranks, rounded, shares } from './derive-groups.ts'
import { type PeriodPairs, previousPeriods, yearBefore } from './derive-periods.ts'
import { type Measure, measureOfRow, namesRank } from './measure.ts'
import type { Axis, Observation, TableMeta } from './model.ts'
import type { Roles } from './roles.ts'
import type { Column } from './rows.ts'

export const DERIVE_KINDS = ['change', 'change_pct', 'yoy', 'share', 'rank'] as const
export type DeriveKind = (typeof DERIVE_KINDS)[number]

/** What a derived column holds, in words. */
export interface DerivedColumn {
  readonly kind: DeriveKind
  readonly unit: string | null
  readonly how: string
}

export interface Derivation {
  /** For the rows of the selection, in order. */
  readonly columns: readonly Column[]
  readonly derived: readonly DerivedColumn[]
}

const needsTime = (kind: DeriveKind): boolean => kind === 'change' || kind === 'change_pct' || kind === 'yoy'

function timeAxis(meta: TableMeta): Axis {
  const axis = meta.axes.find(({ id }) => id === 'time')
  if (axis !== undefined) return axis
  throw fault('INVALID_PARAMETER', `Table ${meta.info.id} has no axis of time: nothing to compare with.`, {
    hint: 'share and rank need none.',
  })
}

/**
 * The pairs of each kind that compares periods, before anything is fetched.
 * @throws Fault INVALID_PARAMETER where no selected period has a partner.
 */
export function periodPairs(
  meta: TableMeta,
  selected: ReadonlySet<string>,
  kinds: readonly DeriveKind[],
): ReadonlyMap<DeriveKind, PeriodPairs> {
  return new Map(
    kinds.filter(needsTime).map((kind) => {
      const pairs = kind === 'yoy' ? yearBefore(timeAxis(meta), selected) : previousPeriods(timeAxis(meta), selected)
      if (pairs.size > 0) return [kind, pairs]
      throw fault(
        'INVALID_PARAMETER',
        kind === 'yoy'
          ? 'The table has no period one year before any that is selected.'
          : 'No earlier period of the same kind is there to compare with.',
        {
          hint:
            kind === 'yoy'
              ? 'Ask for change: it compares with the period before, whatever lies between.'
              : 'Select two periods or more.',
        },
      )
    }),
  )
}

/** Why a measure has no such figure; null where it has. */
function reasonAgainst(kind: DeriveKind, { names, unit, kind: of, summable, because }: Measure): string | null {
  const what = names.join(' ') || unit || 'this measure'
  if (namesRank(names)) return `"${what}" is a rank: there is nothing to work out from ranks.`
  if (kind === 'share' && !summable)
    return `"${what}" (${of}: ${because}) is never summed, so it has no share of a total.`
  if ((kind === 'change_pct' || kind === 'yoy') && of === 'rate')
    return `"${what}" is a rate (${because}): a per cent of a per cent is misread. Ask for change, in points.`
  if (kind === 'rank' && of === 'index')
    return `"${what}" is an index (${because}): each series is held against its own base, not against the others.`
  return null
}

/** @throws Fault INVALID_PARAMETER where the rows are of several measures or units, or the measure has no such figure. */
function theMeasure(meta: TableMeta, rows: readonly Observation[], kinds: readonly DeriveKind[]): Measure {
  const measureOf = measureOfRow(meta)
  const found = new Map(rows.map(measureOf).map((measure) => [JSON.stringify([measure.names, measure.unit]), measure]))
  const [measure, ...more] = found.values()
  if (measure === undefined) throw fault('NO_DATA', 'There is no row to work anything out from.')
  if (more.length > 0)
    throw fault(
      'INVALID_PARAMETER',
      `The selection holds ${found.size} measures or units: ${[...found.values()]
        .slice(0, 4)
        .map(({ names, unit }) => `${names.join(' ')} (${unit ?? 'no unit'})`)
        .join(', ')}.`,
      {
        hint: 'Select one of them: derive never mixes measures or units.',
      },
    )
  for (const kind of kinds) {
    const reason = reasonAgainst(kind, measure)
    if (reason !== null) throw fault('INVALID_PARAMETER', `derive ${kind} is refused. ${reason}`, { hint: 'describe_dataset tells the kind of each measure.' }) // biome-ignore format: one line
  }
  return measure
}

/**
 * @param rows The selection, with the rows of the periods it is held against (`periodPairs`).
 * @param chosen Those of the selection, in the order of the answer.
 * @throws Fault INVALID_PARAMETER with the reason where the result would mix what must not be mixed.
 */
export function derive(
  meta: TableMeta,
  rows: readonly Observation[],
  chosen: readonly Observation[],
  {
    kinds,
    pairs,
    roles,
    lang,
  }: {
    readonly kinds: readonly DeriveKind[]
    readonly pairs: ReadonlyMap<DeriveKind, PeriodPairs>
    readonly roles: Roles
    readonly lang: 'J' | 'E'
  },
): Derivation {
  const { unit, kind: measureKind } = theMeasure(meta, chosen, kinds)
  const points = measureKind === 'rate' ? (lang === 'J' ? 'ポイント' : 'points') : unit
  const done = kinds.map((kind): { column: Column; derived: DerivedColumn } => {
    const { figures, how } = figuresOf(kind)
    const cells = chosen.map((row) => figures.get(row) ?? null)
    return {
      column: { name: kind, cells, figure: true },
      derived: { kind, unit: kind === 'change' ? points : kind === 'rank' ? null : '%', how },
    }
  })
  return {
    columns: [...done.map(({ column }) => column), ...baseColumn()],
    derived: done.map(({ derived }) => derived),
  }

  function figuresOf(kind: DeriveKind): { readonly figures: Figures; readonly how: string } {
    if (kind === 'share') {
      const { axis, total, figures } = shares(meta, chosen, roles)
      const name = axis.items.find(({ code }) => code === total)?.name ?? total
      return {
        figures,
        how:
          lang === 'J' ? `${axis.name}の「${name}」(${total}) に占める割合` : `per cent of ${axis.id} ${total} ${name}`,
      }
    }
    if (kind === 'rank') {
      const { axis, figures } = ranks(meta, chosen, roles)
      return {
        figures,
        how:
          lang === 'J'
            ? `${axis.name}の中で大きい順（合計と再掲を除く）`
            : `largest first over ${axis.id}; totals and of-which items are not ranked`,
      }
    }
    return { figures: compared(meta, rows, chosen, pairs.get(kind) ?? new Map(), kind), how: HOW[kind][lang] }
  }

  /** The name of the period that change and change_pct compare with: it need not be the one just before. */
  function baseColumn(): readonly Column[] {
    const previous = pairs.get('change') ?? pairs.get('change_pct')
    if (previous === undefined) return []
    const names = new Map(timeAxis(meta).items.map(({ code, name }) => [code, name]))
    return [
      {
        name: 'compared_with',
        cells: chosen.map((row) => names.get(previous.get(row.codes['time'] ?? '') ?? '') ?? null),
      },
    ]
  }
}

const HOW: Readonly<Record<'change' | 'change_pct' | 'yoy', Readonly<Record<'J' | 'E', string>>>> = {
  change: {
    J: '選んだ時点のうち一つ前の時点 (compared_with) との差',
    E: 'less the period selected before it (compared_with)',
  },
  change_pct: {
    J: '選んだ時点のうち一つ前の時点 (compared_with) からの増減率',
    E: 'per cent of the period selected before it (compared_with), less 100',
  },
  yoy: { J: '1年前の同じ期間からの増減率', E: 'per cent of the same period one year before, less 100' },
}

function compared(
  meta: TableMeta,
  rows: readonly Observation[],
  chosen: readonly Observation[],
  pairs: PeriodPairs,
  kind: DeriveKind,
): Figures {
  const others = meta.axes.filter(({ id }) => id !== 'time')
  const keyOf = ({ codes, unit }: Observation, time: string): string => JSON.stringify([time, unit, ...others.map(({ id }) => codes[id])]) // biome-ignore format: one line
  const byKey = new Map(rows.map((row) => [keyOf(row, row.codes['time'] ?? ''), row]))
  return new Map(
    chosen.map((row) => {
      const base = byKey.get(keyOf(row, pairs.get(row.codes['time'] ?? '') ?? ''))
      return [row, base === undefined ? null : difference(row, base, kind)]
    }),
  )
}

/** A per cent of nothing, or of less than nothing, is no figure. */
function difference(row: Observation, base: Observation, kind: DeriveKind): number | null {
  if (row.value === null || base.value === null) return null
  if (kind === 'change') return Number((row.value - base.value).toFixed(Math.max(decimals(row.text), decimals(base.text)))) + 0 // biome-ignore format: one line
  return base.value <= 0 ? null : rounded((row.value / base.value - 1) * 100)
}

const decimals = (text: string): number => text.split('.')[1]?.length ?? 0
