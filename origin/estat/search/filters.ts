/**
 * The filters of getStatsList, applied to our own catalogue (e-Stat API manual, 統計表情報取得, parameters). A table whose
 * listing does not say is kept and told apart: leaving it out would hide it, taking it for a hit would be a guess.
 */
import type { SearchInput } from '../../../shared/cacheable/search-estat-data.ts'
import { MUNICIPAL, NATIONAL, PREFECTURAL, type SearchIndex } from './build-index.ts'

/** `unknown`: the listing lacks a field that was asked for, and nothing else speaks against it. */
export type Verdict = 'yes' | 'no' | 'unknown'
/** Of a row of the index. */
export type Filter = (row: number) => Verdict

const AREAS: Readonly<Record<string, number>> = { '1': NATIONAL, '2': PREFECTURAL, '3': MUNICIPAL }

/** Null where nothing was asked for. */
export function filterOf(input: SearchInput, index: SearchIndex): Filter | null {
  const { survey_years, open_years, updated_date, stats_field, stats_code, collect_area, search_kind } = input
  const filters: Filter[] = []
  if (search_kind) filters.push((row) => verdict((index.smallArea[row] === 1) === (search_kind === '2')))
  if (stats_code) filters.push(hasCode(index, stats_code))
  if (stats_field) filters.push(inField(index, stats_field))
  // As e-Stat does: small areas have no COLLECT_AREA, and asking for them sets this filter aside.
  if (collect_area && search_kind !== '2') filters.push(isCollectedFor(index, AREAS[collect_area] ?? 0))
  if (survey_years) filters.push(surveyedIn(index, rangeOf(survey_years)))
  if (open_years) filters.push(dated(index.opened, rangeOf(open_years)))
  if (updated_date) filters.push(dated(index.updated, rangeOf(updated_date)))
  if (filters.length === 0) return null
  return (row) => {
    let all: Verdict = 'yes'
    for (const filter of filters) {
      const one = filter(row)
      if (one === 'no') return 'no'
      if (one === 'unknown') all = 'unknown'
    }
    return all
  }
}

const verdict = (holds: boolean): Verdict => (holds ? 'yes' : 'no')

function hasCode({ organisation, surveys, surveyOf }: SearchIndex, code: string): Filter {
  if (code.length === 5) {
    const wanted = Number(code)
    return (row) => (organisation[row] === 0 ? 'unknown' : verdict(organisation[row] === wanted))
  }
  return (row) => {
    const own = surveys[surveyOf[row] ?? 0]?.code ?? ''
    return own === '' ? 'unknown' : verdict(own === code)
  }
}

/** A minor field of which the listing names the major one alone is not known. */
function inField({ field }: SearchIndex, wanted: string): Filter {
  const main = Number(wanted.slice(0, 2))
  const sub = wanted.length === 2 ? null : Number(wanted.slice(2))
  return (row) => {
    const own = field[row] ?? 65_535
    if (own === 65_535) return 'unknown'
    if (Math.floor(own / 100) !== main) return 'no'
    if (sub === null) return 'yes'
    return own % 100 === 0 ? 'unknown' : verdict(own % 100 === sub)
  }
}

function isCollectedFor({ levels, collected }: SearchIndex, area: number): Filter {
  return (row) => {
    if (((levels[row] ?? 0) & area) > 0) return 'yes'
    return collected[row] === 0 ? 'unknown' : 'no'
  }
}

interface Range {
  readonly from: number
  readonly to: number
}

/** By the survey date; where the listing has none, by the years that the names tell. */
function surveyedIn({ surveyedFrom, surveyedTo, from, to }: SearchIndex, asked: Range): Filter {
  return (row) => {
    const dated = (surveyedTo[row] ?? 0) > 0
    if (!dated && (to[row] ?? 0) === 0) return 'unknown'
    const first = dated ? (surveyedFrom[row] ?? 0) : (from[row] ?? 0) * 10_000
    const last = dated ? (surveyedTo[row] ?? 0) : (to[row] ?? 0) * 10_000 + 9999
    return verdict(first <= asked.to && asked.from <= last)
  }
}

const dated =
  (dates: Uint32Array, asked: Range): Filter =>
  (row) => {
    const date = dates[row] ?? 0
    return date === 0 ? 'unknown' : verdict(asked.from <= date && date <= asked.to)
  }

/** `yyyy`, `yyyymm`, `yyyymmdd` or two of them with a dash, as numbers of eight digits. */
function rangeOf(text: string): Range {
  const [first = '', last = first] = text.split('-')
  return { from: Number(first.padEnd(8, '0')), to: Number(last.padEnd(8, '9')) }
}
