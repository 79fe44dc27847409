/** `last 5 years`, `過去10年`, `直近12か月`: a span that ends with the latest period that has a value. */
import { fault } from '../../shared/fault.ts'
import type { Axis, ClassItem } from './model.ts'
import { fold } from './text.ts'
import { comparePeriods, type DatedPeriod, isDated, type TimeKind } from './period.ts'
import { timedItems } from './time.ts'

/** `period`: as many of the table's own periods, whatever their length. */
export type SpanUnit = 'year' | 'fiscal_year' | 'calendar_year' | 'quarter' | 'month' | 'period'

export interface LastSpan {
  /** 1 to 999. */
  readonly count: number
  readonly unit: SpanUnit
}

const UNITS: readonly (readonly [pattern: RegExp, unit: SpanUnit])[] = [
  [/^(?:fiscalyears?|fy|年度(?:間|分)?)$/, 'fiscal_year'],
  [/^(?:calendaryears?|暦年(?:間|分)?)$/, 'calendar_year'],
  [/^(?:years?|yrs?|年(?:間|分)?)$/, 'year'],
  [/^(?:quarters?|四半期(?:間|分)?)$/, 'quarter'],
  [/^(?:months?|[かカヶケ箇]月(?:間|分)?)$/, 'month'],
  [/^(?:periods?|回(?:分)?|期(?:間|分)?|時点)$/, 'period'],
]

/** Reads `last 5 years`, `past 12 months`, `直近5年`, `過去10年間`, `最近3か月`; null for anything else. */
export function parseLastSpan(text: string): LastSpan | null {
  const [, digits = '', word = ''] = /^(?:(?:the)?(?:last|past|latest|recent)|直近|過去|最近|最新)の?(\d{1,3})(\D+)$/.exec(fold(text)) ?? [] // biome-ignore format: one line
  const unit = UNITS.find(([pattern]) => pattern.test(word))?.[1]
  return unit === undefined || Number(digits) === 0 ? null : { count: Number(digits), unit }
}

const KINDS: Readonly<Record<SpanUnit, readonly TimeKind[]>> = {
  year: ['year', 'fiscal_year'],
  fiscal_year: ['fiscal_year'],
  calendar_year: ['year'],
  quarter: ['quarter'],
  month: ['month'],
  period: [],
}
const MONTHS: Readonly<Record<Exclude<SpanUnit, 'period'>, number>> = {
  year: 12,
  fiscal_year: 12,
  calendar_year: 12,
  quarter: 3,
  month: 1,
}

type Dated = { readonly item: ClassItem; readonly period: DatedPeriod }

const datedOf = (axis: Axis): readonly Dated[] =>
  timedItems(axis).flatMap(({ item, period }) => (isDated(period) ? [{ item, period }] : []))

/**
 * The one kind of period that a span is made of: years where the table has them, else, for a span in years, its
 * months, quarters or halves.
 * @throws Fault AMBIGUOUS_NAME where 年 and 年度 both fit, or several kinds; INVALID_PARAMETER where none does.
 */
function kindOf(axis: Axis, { count, unit }: LastSpan): TimeKind {
  const there = [...new Set(datedOf(axis).map(({ period }) => period.kind))]
  const fitting = unit === 'period' ? there : there.filter((kind) => KINDS[unit].includes(kind))
  const kinds = fitting.length === 0 && unit === 'year' ? there : fitting
  const [kind] = kinds
  if (kind !== undefined && kinds.length === 1) return kind
  const listed = there.map((one) => one.replace('_', ' ')).join(', ')
  if (kind === undefined)
    throw fault(
      'INVALID_PARAMETER',
      `${axis.id} has no periods of that kind; it has: ${listed || 'none with a date'}.`,
      {
        hint: 'Count in the periods that the table has, e.g. "last 4 quarters", or give {"from", "to"}.',
      },
    )
  throw fault('AMBIGUOUS_NAME', `${axis.id} holds several kinds of period that fit: ${kinds.join(', ')}.`, {
    hint: `Say which: "last ${count} calendar years" (直近${count}暦年), "last ${count} fiscal years" (直近${count}年度), "last 12 months", or {"from", "to"}.`,
  })
}

/** Periods of the kind that the span is made of, newest first: where its end is looked for. */
export function spanCandidates(axis: Axis, span: LastSpan): readonly ClassItem[] {
  const kind = kindOf(axis, span)
  return datedOf(axis)
    .filter(({ period }) => period.kind === kind)
    .toSorted((a, b) => comparePeriods(b.period, a.period))
    .map(({ item }) => item)
}

/**
 * The codes of a span that ends with `latest`, in e-Stat's order. By dates: the last 5 years of a census held every
 * fifth year are one census; `period` counts what is there.
 */
export function codesOfSpan(axis: Axis, span: LastSpan, latest: string): readonly string[] {
  const kind = kindOf(axis, span)
  const same = datedOf(axis).filter(({ period }) => period.kind === kind)
  const end = same.find(({ item }) => item.code === latest)
  if (end === undefined) return [latest]
  const before = same.filter(({ period }) => period.end <= end.period.end)
  if (span.unit !== 'period') {
    const after = monthsBefore(end.period.end, span.count * MONTHS[span.unit])
    return before.filter(({ period }) => period.end.slice(0, 7) > after).map(({ item }) => item.code)
  }
  const newest = before.toSorted((a, b) => comparePeriods(b.period, a.period)).slice(0, span.count)
  return before.filter((one) => newest.includes(one)).map(({ item }) => item.code)
}

/** `yyyy-mm`, so many months before an ISO date. */
function monthsBefore(iso: string, months: number): string {
  const at = Number(iso.slice(0, 4)) * 12 + Number(iso.slice(5, 7)) - 1 - months
  return `${String(Math.floor(at / 12)).padStart(4, '0')}-${String((at % 12) + 1).padStart(2, '0')}`
}
