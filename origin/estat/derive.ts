/**
 * Figures of our own beside e-Stat's: change, change_pct, yoy, share, rank (PRODUCT.md, section 2). Only from rows of
 * one measure and one unit; refused, with the reason, where the result would be no figure. Missing stays missing.
 */
import { type Figures, ranks, shares } from './derive-groups.ts'
import { type DeriveKind, measureToDerive } from './derive-measure.ts'
import { compared, type PeriodPairs, pairsWithRows, timeAxis } from './derive-periods.ts'
import type { Observation, TableMeta } from './model.ts'
import type { Roles } from './roles.ts'
import type { Column } from './rows.ts'

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
  const { unit, kind: measureKind } = measureToDerive(meta, chosen, kinds)
  const points = measureKind === 'rate' ? (lang === 'J' ? 'ポイント' : 'points') : unit
  // A year earlier is a year earlier; the period before is the one before that has rows.
  const pairsOf = (kind: DeriveKind): PeriodPairs => {
    const found = pairs.get(kind) ?? new Map<string, string>()
    return kind === 'yoy' ? found : pairsWithRows(found, rows)
  }
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
    return { figures: compared(meta, rows, chosen, pairsOf(kind), kind), how: HOW[kind][lang] }
  }

  /** The name of the period that change and change_pct compare with: it need not be the one just before. */
  function baseColumn(): readonly Column[] {
    const kind = kinds.find((one) => one === 'change' || one === 'change_pct')
    if (kind === undefined) return []
    const previous = pairsOf(kind)
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
