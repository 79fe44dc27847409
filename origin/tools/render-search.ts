/** The text twin of a search. */
import type { DeepReadonly } from './define-tool.ts'
import type { SearchAnswer as Whole } from './table-listing.ts'

type SearchAnswer = DeepReadonly<Whole>

export function renderSearch({
  query,
  total_found,
  counts: { matched, truncated },
  results,
  suggestions,
  understood,
  surveys,
  live_results = [],
  live_complete,
  source,
  next_cursor,
}: SearchAnswer): string {
  const unknown =
    understood.unknown_words.length > 0 ? [`Not in the catalogue: ${understood.unknown_words.join(', ')}`] : []
  const ignored = understood.ignored_words ? [`Not searched for: ${understood.ignored_words.join(', ')}`] : []
  const none = results.length === 0 ? ['No table answers this. Try fewer or more general words.'] : []
  const terms = suggestions.map(({ from, to, alternatives }) => `${from} → ${[to, ...alternatives].join(', ')}`)
  return [
    `e-Stat tables for "${query}": ${total_found} found in ${matched} series (${understood.all_words} with every word).`,
    ...renderUnderstood(understood),
    ...unknown,
    ...ignored,
    ...none,
    '',
    ...results.flatMap(renderRow),
    ...(surveys.length > 0
      ? ['Surveys that answer, without a table in this catalogue:', ...surveys.map(renderSurvey)]
      : []),
    ...(live_results.length > 0 ? ["From e-Stat's own search:", '', ...live_results.flatMap(renderRow)] : []),
    ...(live_complete === false ? ["e-Stat's own search was asked as well and not all of it was heard."] : []),
    ...(terms.length > 0 ? [`Also searched as: ${terms.join('; ')}`] : []),
    ...(truncated ? [`More results: call again with cursor "${next_cursor}".`] : []),
    source.note,
    source.credit,
  ].join('\n')
}

const renderSurvey = ({ code, name, organisation, in_database }: SearchAnswer['surveys'][number]): string =>
  `   ${code} ${name} (${organisation})${in_database ? '' : ' | files alone, no table'}`

function renderUnderstood({ years, areas, surveys }: SearchAnswer['understood']): string[] {
  const parts = [
    ...(years ? [years.from === years.to ? `year ${years.from}` : `years ${years.from} to ${years.to ?? 'now'}`] : []),
    ...areas.map(({ name, prefecture_code: code }) => (code === null ? name : `${name} (prefecture ${code})`)),
    ...surveys.map(({ code, name }) => `survey ${name}${code === '' ? '' : ` (${code})`}`),
  ]
  return parts.length > 0 ? [`Understood as asking for: ${parts.join(', ')}.`] : []
}

function renderRow(hit: SearchAnswer['results'][number]): string[] {
  const facts = [
    hit.gov_org,
    hit.survey_date && `surveyed ${hit.survey_date}`,
    hit.updated_date && `updated ${hit.updated_date}`,
    hit.total_records_formatted && `${hit.total_records_formatted} cells`,
    hit.bundled && 'figures bundled',
    hit.newer_edition && `newer edition ${hit.newer_edition}`,
    hit.editions_total > 0 && `${hit.editions_total} other editions`,
  ]
  return [
    `${hit.rank}. ${hit.dataset_id} ${hit.title}`,
    `   ${[...new Set([hit.survey, hit.statistics_name])].filter(Boolean).join(' / ')} | ${facts.filter(Boolean).join(' | ')}`,
    `   ${hit.table_url}`,
    '',
  ]
}
