/** What may be worked out from which measure, and why not (PRODUCT.md, promise 5). */
import { DERIVE_KINDS } from '../../shared/cacheable/derive-kinds.ts'
import { fault } from '../../shared/fault.ts'
import { type Measure, measureOfRow, namesRank } from './measure.ts'
import type { Observation, TableMeta } from './model.ts'

export { DERIVE_KINDS }
export type DeriveKind = (typeof DERIVE_KINDS)[number]

/** Why a measure has no such figure; null where it has. */
function reasonAgainst(kind: DeriveKind, { names, unit, kind: of, summable, because }: Measure): string | null {
  const what = names.join(' ') || unit || 'this measure'
  if (namesRank(names)) return `"${what}" is a rank: there is nothing to work out from ranks.`
  if (kind === 'share' && !summable)
    return `"${what}" (${of}: ${because.E}) is never summed, so it has no share of a total.`
  if ((kind === 'change_pct' || kind === 'yoy') && of === 'rate')
    return `"${what}" is a rate (${because.E}): a per cent of a per cent is misread. Ask for change, in points.`
  if (kind === 'rank' && of === 'index')
    return `"${what}" is an index (${because.E}): each series is held against its own base, not against the others.`
  return null
}

/** @throws Fault INVALID_PARAMETER where the rows are of several measures or units, or the measure has no such figure. */
export function measureToDerive(meta: TableMeta, rows: readonly Observation[], kinds: readonly DeriveKind[]): Measure {
  const measureOf = measureOfRow(meta)
  // A cell without a figure may come without its unit.
  const valued = rows.filter(({ value }) => value !== null)
  const found = new Map(
    (valued.length > 0 ? valued : rows)
      .map(measureOf)
      .map((measure) => [JSON.stringify([measure.names, measure.unit]), measure]),
  )
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
