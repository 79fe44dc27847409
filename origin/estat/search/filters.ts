/**
 * The filters of getStatsList, applied to our own catalogue (e-Stat API manual, 統計表情報取得, parameters). A table whose
 * listing does not say is kept and told apart: leaving it out would hide it, taking it for a hit would be a guess.
 */
import type { SearchInput } from '../../../shared/cacheable/search-estat-data.ts'
import type { CatalogueEntry } from '../../ports.ts'
import { isSmallArea } from './build-index.ts'
import type { YearSpan } from './years.ts'

/** `unknown`: the listing lacks a field that was asked for, and nothing else speaks against it. */
export type Verdict = 'yes' | 'no' | 'unknown'
/** @param span The years that the listing's names tell. */
export type Filter = (entry: CatalogueEntry, span: YearSpan | null) => Verdict

const AREAS: Readonly<Record<string, string>> = { '1': '全国', '2': '都道府県', '3': '市区町村' }

/** Null where nothing was asked for. */
export function filterOf(input: SearchInput): Filter | null {
  const { survey_years, open_years, updated_date, stats_field, stats_code, collect_area, search_kind } = input
  const filters: Filter[] = []
  if (search_kind) filters.push((entry) => verdict(isSmallArea(entry) === (search_kind === '2')))
  if (stats_code) filters.push((entry) => hasCode(entry, stats_code))
  if (stats_field) filters.push((entry) => inField(entry, stats_field))
  // As e-Stat does: small areas have no COLLECT_AREA, and asking for them sets this filter aside.
  if (collect_area && search_kind !== '2') filters.push((entry) => isCollectedFor(entry, AREAS[collect_area] ?? ''))
  if (survey_years) filters.push((entry, span) => within(surveyed(entry, span), survey_years))
  if (open_years) filters.push((entry) => within(entry.openDate, open_years))
  if (updated_date) filters.push((entry) => within(entry.updatedDate, updated_date))
  if (filters.length === 0) return null
  return (entry, span) => {
    let all: Verdict = 'yes'
    for (const filter of filters) {
      const one = filter(entry, span)
      if (one === 'no') return 'no'
      if (one === 'unknown') all = 'unknown'
    }
    return all
  }
}

const verdict = (holds: boolean): Verdict => (holds ? 'yes' : 'no')

function hasCode({ govOrg, statName }: CatalogueEntry, code: string): Verdict {
  const own = code.length === 5 ? govOrg.code : statName.code
  return own === '' ? 'unknown' : verdict(own === code)
}

function inField({ mainCategory, subCategory }: CatalogueEntry, field: string): Verdict {
  if (mainCategory === null) return 'unknown'
  if (mainCategory.code !== field.slice(0, 2)) return 'no'
  if (field.length === 2) return 'yes'
  return subCategory === null ? 'unknown' : verdict(subCategory.code === field.slice(2))
}

function isCollectedFor({ collectArea, title }: CatalogueEntry, area: string): Verdict {
  if (collectArea.includes(area) || title.includes(area)) return 'yes'
  return collectArea.length > 0 ? 'no' : 'unknown'
}

/** The survey date; where the listing has none, the years that the names tell. */
const surveyed = ({ surveyDate }: CatalogueEntry, span: YearSpan | null): string | null =>
  surveyDate ?? (span && `${span.from}01-${span.to}12`)

/** Both sides are a date or a range of `yyyy`, `yyyymm`, `yyyymmdd` (the entry's may have dashes: `yyyy-mm-dd`); they must overlap. */
function within(date: string | null, wanted: string): Verdict {
  if (date === null) return 'unknown'
  const own = range(/^\d{4}-\d{2}-\d{2}$/.test(date) ? date.replaceAll('-', '') : date)
  const asked = range(wanted)
  return verdict(own.from <= asked.to && asked.from <= own.to)
}

function range(text: string): { from: number; to: number } {
  const [first = '', last = first] = text.split('-')
  return { from: Number(first.padEnd(8, '0')), to: Number(last.padEnd(8, '9')) }
}
