/**
 * Sums of index numbers and rates (PRODUCT.md, promise 5): refused where the query and the table's record prove that
 * they are such, warned of where they may be.
 */
import * as z from 'zod'
import { readUnit } from '../../estat/unit.ts'
import type { Aggregate } from './aggregates.ts'
import { quoted, refused } from './refusal.ts'
import type { WarnedTable } from './warnings.ts'

const PREFIX = 'estat.dataset.'

/** What `jobs/lineage.ts` writes of a dataset, as far as it is read here. */
const record = z.object({
  neverSummed: z.object({
    all: z.boolean(),
    codes: z.array(z.object({ axis: z.string(), code: z.string(), name: z.string(), kind: z.enum(['rate', 'index']) })),
  }),
})
type Known = z.infer<typeof record>['neverSummed']

/** A measure that is proved to be a rate or an index, in words. */
type Proof = { readonly measure: string; readonly kind: 'rate' | 'index' }

const WORDS = { rate: 'a rate', index: 'an index number' } as const

const INSTEAD =
  'Use avg(value) for the mean of the cells, or max(value) to pick the figure of one cell. ' +
  'A mean of rates with weights is sum(r.value * w.value) / sum(w.value), w being the count that the rate is of.'

/** @throws Fault QUERY_REJECTED for a sum of a measure that is proved to be a rate or an index. */
export function refuseSum(sum: Aggregate, tables: readonly WarnedTable[]): void {
  if (!sum.isPlain || isOneCell(sum)) return
  const proof = proofOf(sum, tables)
  if (proof === null) return
  throw refused(`it sums ${quoted(proof.measure)}, ${WORDS[proof.kind]}, and those are never summed`, INSTEAD)
}

/** Measures of the table that must not be in a sum and may be in this one, by name; none where it holds to another. */
export function mayHoldRates(sum: Aggregate, tables: readonly WarnedTable[]): readonly string[] {
  if (isOneCell(sum)) return []
  const proof = proofOf(sum, tables)
  if (proof !== null) return [proof.measure]
  const unit = literal(sum, 'unit')
  if (unit !== null && readUnit(unit).kind !== 'unknown') return []
  const fits = (column: string, text: string): boolean => (sum.textOf(column) ?? text) === text
  const may = knownOf(sum, tables)
    .flatMap((known) => known?.codes ?? [])
    .filter(({ axis, code, name }) => fits(`${axis}_code`, code) && fits(`${axis}_name`, name))
  return [...new Set(may.map(({ name }) => name))]
}

/** Every axis is fixed: one cell, or the same cell of several editions. Picking it by sum adds nothing up. */
const isOneCell = ({ axes, isHeld }: Aggregate): boolean =>
  axes.length > 0 &&
  axes.every((axis) => isHeld(`${axis}_code`) || isHeld(`${axis}_name`) || (axis === 'time' && isHeld('time_start')))

function proofOf(sum: Aggregate, tables: readonly WarnedTable[]): Proof | null {
  const unit = literal(sum, 'unit')
  const { kind } = readUnit(unit)
  if (unit !== null && (kind === 'rate' || kind === 'index')) return { measure: unit, kind }
  const proofs = knownOf(sum, tables).map((known) => (known === null ? null : proofIn(known, sum)))
  return proofs.every((proof) => proof !== null) ? (proofs[0] ?? null) : null
}

/** What is known of each dataset whose rows the sum may take; null for one that is not known. */
function knownOf({ table, textOf }: Aggregate, tables: readonly WarnedTable[]): readonly (Known | null)[] {
  const properties = tables.find(({ name }) => name === table)?.properties ?? {}
  const dataset = textOf('dataset_id')
  return Object.entries(properties)
    .filter(([key]) => (dataset === null ? key.startsWith(PREFIX) : key === `${PREFIX}${dataset}`))
    .map(([, json]) => knownIn(json))
}

function knownIn(json: string): Known | null {
  try {
    return record.parse(JSON.parse(json)).neverSummed
  } catch {
    return null
  }
}

function proofIn({ all, codes }: Known, sum: Aggregate): Proof | null {
  const fixed = codes.find(
    ({ axis, code, name }) => literal(sum, `${axis}_code`) === code || literal(sum, `${axis}_name`) === name,
  )
  const found = fixed ?? (all ? codes[0] : undefined)
  return found === undefined ? null : { measure: found.name, kind: found.kind }
}

/** The value that a column is held to; null for one that is an expression (`held.ts` keeps its tree as JSON). */
function literal({ textOf }: Aggregate, column: string): string | null {
  const text = textOf(column)
  return text === null || text.startsWith('{') ? null : text
}
