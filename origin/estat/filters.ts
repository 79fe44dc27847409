/**
 * A caller's filters as narrowings that e-Stat takes, every value checked against the metadata before asking:
 * e-Stat answers a stale code with "no data", which reads like an answer (reference/estat-api.md, 3.5).
 */
import { type Candidate, fault } from '../../shared/fault.ts'
import { type FilterValue, matchesLevel, parseFilterValue } from './filter-value.ts'
import { type LastSpan, spanCandidates } from './last-span.ts'
import { matchItems } from './match-name.ts'
import type { Axis, AxisId, ClassItem, Narrowing, TableMeta } from './model.ts'
import { nearestItems } from './nearest.ts'
import { fullName } from './outer-names.ts'
import { comparePeriods, isDated } from './period.ts'
import { asRange, periodsWithin } from './periods-within.ts'
import { selectRange } from './select-range.ts'
import { cleanName, fold } from './text.ts'
import { timedItems } from './time.ts'

/** What one filter selects. */
export interface AxisSelection {
  readonly axis: AxisId
  readonly axisName: string
  readonly how: 'codes' | 'range' | 'level' | 'latest' | 'last'
  /** In e-Stat's order; for `latest` and `last` every period that may be the newest, newest first. */
  readonly items: readonly ClassItem[]
}

export interface ResolvedFilters {
  /** One for each filter, in the table's order of axes. */
  readonly selections: readonly AxisSelection[]
  /** Without `latest`; lists may be longer than e-Stat takes at once: see `splitQueries`. */
  readonly narrow: readonly Narrowing[]
  /** Time codes to try, newest first, until one has a value (`latestBatches`); null where neither `latest` nor `last` was asked for. */
  readonly latest: readonly string[] | null
  /** The span that ends with the period found (`codesOfSpan`); null for that period alone. */
  readonly last: LastSpan | null
}

/** Most candidates an error lists. */
const MAX_CANDIDATES = 20

/**
 * @param filters Axis (`area`, `cdArea` or its Japanese name) to a value (`parseFilterValue`).
 * @throws Fault INVALID_PARAMETER for an unknown axis or name; AMBIGUOUS_NAME with candidates where a name fits
 * several codes; NO_DATA where the table is a sample that holds only part of that axis.
 */
export function resolveFilters(meta: TableMeta, filters: Readonly<Record<string, unknown>>): ResolvedFilters {
  const byAxis = new Map<AxisId, { readonly selection: AxisSelection; readonly value: FilterValue }>()
  for (const [key, raw] of Object.entries(filters)) {
    const axis = resolveAxis(meta, key)
    if (byAxis.has(axis.id))
      throw fault('INVALID_PARAMETER', `filters names the axis ${sayAxis(axis)} twice.`, {
        hint: 'Give it once, with a list.',
      })
    const value = asNamed(axis, parseFilterValue(axis.id, raw))
    const selection = { axis: axis.id, axisName: axis.name, how: howOf(value), items: select(meta, axis, value) }
    byAxis.set(axis.id, { selection, value })
  }
  const chosen = meta.axes.flatMap(({ id }) => byAxis.get(id) ?? [])
  const selections = chosen.map(({ selection }) => selection)
  return {
    selections,
    narrow: chosen.flatMap(({ selection, value }) => narrowingOf(selection, value)),
    latest: selections.find(({ how }) => isNewest(how))?.items.map(({ code }) => code) ?? null,
    last: chosen.flatMap(({ value }) => (value.kind === 'last' ? [value.span] : []))[0] ?? null,
  }
}

/** Whether a selection is known only once e-Stat has said which period has values. */
export const isNewest = (how: AxisSelection['how']): boolean => how === 'latest' || how === 'last'

/** A category may be called 過去1年間 or 最新: on an axis other than time its own names come first. */
const asNamed = (axis: Axis, value: FilterValue): FilterValue =>
  axis.id !== 'time' && (value.kind === 'last' || value.kind === 'latest') && matchItems(axis, value.word).length > 0
    ? { kind: 'words', words: [value.word] }
    : value

const howOf = (value: FilterValue): AxisSelection['how'] => (value.kind === 'words' ? 'codes' : value.kind)

function narrowingOf({ axis, items }: AxisSelection, value: FilterValue): readonly Narrowing[] {
  if (isNewest(howOf(value))) return []
  return [
    value.kind === 'level'
      ? { axis, level: value.level }
      : { axis, codes: [...new Set(items.map(({ code }) => code))] },
  ]
}

const sayAxis = ({ id, name }: Axis): string => `${id} (${name.slice(0, 40)})`
/** A caller's own word in a message: on one line, without what cannot be seen, cut short. */
const sayWord = (word: string): string => `"${cleanName(word).slice(0, 60)}"`

/** The axis a key names: its id, e-Stat's parameter (`cdCat01`), or its own name. */
export function resolveAxis(meta: TableMeta, key: string): Axis {
  const wanted = fold(key)
  const id = /^(?:cd|lv)?(tab|cat\d\d|area|time)$/.exec(wanted)?.[1]
  const withoutNote = (name: string): string => fold(name).replace(/\([^)]*\)$/, '')
  for (const test of [
    (axis: Axis) => axis.id === id,
    (axis: Axis) => fold(axis.name) === wanted,
    (axis: Axis) => withoutNote(axis.name) === wanted,
  ]) {
    const [found, ...more] = meta.axes.filter(test)
    if (found !== undefined && more.length === 0) return found
    if (found !== undefined)
      throw fault('AMBIGUOUS_NAME', `${sayWord(key)} names several axes of this table.`, {
        candidates: [found, ...more].map((axis) => ({ code: axis.id, name: axis.name })),
      })
  }
  throw fault('INVALID_PARAMETER', `Table ${meta.info.id} has no axis ${sayWord(key)}.`, {
    hint: `Its axes are: ${meta.axes.map(sayAxis).join(', ')}.`,
    candidates: meta.axes.map((axis) => ({ code: axis.id, name: axis.name })),
  })
}

function select(meta: TableMeta, axis: Axis, value: FilterValue): readonly ClassItem[] {
  if (value.kind === 'latest' || value.kind === 'last')
    return newestFirst(axis, value.kind === 'last' ? value.span : null)
  if (value.kind === 'level') {
    const found = axis.items.filter(({ level }) => matchesLevel(level, value.level))
    return orFail(found, meta, axis, `level ${value.level} (its levels: ${levelsOf(axis)})`)
  }
  if (value.kind === 'range') {
    const found = selectRange(axis, value, (word) => resolveWord(meta, axis, word))
    return orFail(found, meta, axis, sayWord(`${value.from ?? ''}..${value.to ?? ''}`))
  }
  const codes = new Set(value.words.flatMap((word) => resolveWords(meta, axis, word)).map(({ code }) => code))
  return axis.items.filter(({ code }) => codes.has(code))
}

const levelsOf = ({ items }: Axis): string =>
  [...new Set(items.flatMap(({ level }) => level ?? []))].toSorted((a, b) => a - b).join(', ') || 'none'

/** A word may be e-Stat's own comma list where it is no name by itself. */
function resolveWords(meta: TableMeta, axis: Axis, word: string): readonly ClassItem[] {
  const parts = word.split(/[,、，]/).map((part) => part.trim()).filter((part) => part !== '') // biome-ignore format: one line
  const asList = parts.length > 1 && matchItems(axis, word).length === 0
  return asList ? parts.map((part) => resolveWord(meta, axis, part)) : [resolveWord(meta, axis, word)]
}

function resolveWord(meta: TableMeta, axis: Axis, word: string): ClassItem {
  const [found, ...more] = matchItems(axis, word)
  if (found !== undefined && more.length === 0) return found
  const inside = periodsWithin(axis, word)
  if (found === undefined && inside.length === 0) return failed(meta, axis, sayWord(word), nearestItems(axis, word))
  const fitting = found === undefined ? inside : [found, ...more]
  const count = fitting.length
  const all = inside.length < 2 ? '' : ` For all within it: ${asRange(inside)}.`
  throw fault('AMBIGUOUS_NAME', `${sayWord(word)} fits ${count} codes of ${sayAxis(axis)}.`, {
    hint: `Call again with one of the codes in candidates${count > MAX_CANDIDATES ? ` (the first ${MAX_CANDIDATES} of ${count})` : ''}.${all}`,
    candidates: candidates(axis, fitting.slice(0, MAX_CANDIDATES)),
  })
}

/** Names that repeat are told apart by what stands above them: 東京都 府中市 and 広島県 府中市. */
function candidates(axis: Axis, items: readonly ClassItem[]): readonly Candidate[] {
  const repeats = ({ code, name }: ClassItem): boolean => items.some((one) => one.name === name && one.code !== code)
  return items.map((item) => ({
    code: item.code,
    name: repeats(item) ? fullName(axis, item) : item.name,
    axis: axis.id,
  }))
}

const orFail = (items: readonly ClassItem[], meta: TableMeta, axis: Axis, what: string): readonly ClassItem[] =>
  items.length > 0 ? items : failed(meta, axis, what, axis.items.slice(0, 8))

/** Nothing fits: outside the sample where the sample holds only part of the axis, wrong otherwise. */
function failed(meta: TableMeta, axis: Axis, what: string, like: readonly ClassItem[]): never {
  const { extent } = meta
  const near = like.length > 0 ? like : axis.items.slice(0, 8)
  if (extent?.partialAxes.includes(axis.id))
    throw fault('NO_DATA', `The bundled sample of table ${meta.info.id} holds no ${what} on ${sayAxis(axis)}.`, {
      hint: `The sample is an excerpt (${extent.note}). To ask e-Stat itself, set ESTAT_APP_ID.`,
      candidates: candidates(axis, near),
    })
  throw fault('INVALID_PARAMETER', `${sayAxis(axis)} of table ${meta.info.id} has no ${what}.`, {
    hint: `${spanOf(axis)}${like.length > 0 ? 'Use one of the codes in candidates, or list' : 'None resembles it; candidates are the first of the axis. List'} all with describe_dataset.`,
    candidates: candidates(axis, near),
  })
}

/** From when to when the periods of an axis go; nothing where they have no dates. */
function spanOf(axis: Axis): string {
  const dated = axis.id === 'time' ? timedItems(axis).flatMap(({ period }) => (isDated(period) ? [period] : [])) : []
  const starts = dated.map(({ start }) => start.slice(0, 7)).toSorted()
  const ends = dated.map(({ end }) => end.slice(0, 7)).toSorted()
  return starts[0] === undefined ? '' : `Its periods go from ${starts[0]} to ${ends.at(-1)}. `
}

function newestFirst(axis: Axis, span: LastSpan | null): readonly ClassItem[] {
  const dated = timedItems(axis).filter(({ period }) => isDated(period))
  if (axis.id === 'time' && dated.length > 0)
    return span === null
      ? dated.toSorted((a, b) => comparePeriods(b.period, a.period)).map(({ item }) => item)
      : spanCandidates(axis, span)
  throw fault(
    'INVALID_PARAMETER',
    `"latest" and "last 5 years" are for periods; ${sayAxis(axis)} has none with a date.`,
    {
      hint: 'Name the codes that you want; describe_dataset lists them.',
      candidates: candidates(axis, axis.items.slice(0, 8)),
    },
  )
}
