import { searchEstatData } from '../../shared/cacheable/search-estat-data.ts'
import { buildIndex, type SearchIndex, search } from '../estat/search/index.ts'
import type { StatsCatalogue } from '../ports.ts'
import { defineTool } from './define-tool.ts'
import { READ_ONLY } from './params.ts'
import { type SearchAnswer, searchAnswer, toSearchAnswer } from './table-listing.ts'

/** One index for each catalogue. A cache of a pure function: it goes when its catalogue does. */
const indexes = new WeakMap<StatsCatalogue, SearchIndex>()

function indexOf(catalogue: StatsCatalogue): SearchIndex {
  const index = indexes.get(catalogue) ?? buildIndex(catalogue.entries())
  indexes.set(catalogue, index)
  return index
}

export const searchEstatDataTool = defineTool({
  name: searchEstatData.name,
  version: 1,
  title: '統計表を探す · Search e-Stat tables',
  description: [
    "Finds tables of Japan's official statistics (e-Stat) for a question in natural Japanese or English. Use it first, whenever you need a dataset_id: population, households, GDP, prices, wages, unemployment, trade, health, farming and all else that the ministries survey.",
    'Do not use it to read figures (describe_dataset, then fetch_dataset_filtered) or when you have the id already.',
    '日本の政府統計の統計表を、自然な言葉で探します。',
  ].join(' '),
  input: searchEstatData.input,
  output: searchAnswer,
  annotations: READ_ONLY,
  scope: 'read',
  weight: 1,
  cache: { ttl: 3_600, swr: 86_400, sie: 604_800 },
  needs: ['catalogue'],
  async run(raw, { catalogue }) {
    const input = searchEstatData.normalise(raw)
    return toSearchAnswer(search(indexOf(catalogue), input), input, catalogue)
  },
  render,
})

function render({
  query,
  total_found,
  counts: { matched, truncated },
  results,
  suggestions,
  understood,
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
    ...(terms.length > 0 ? [`Also searched as: ${terms.join('; ')}`] : []),
    ...(truncated ? [`More results: call again with cursor "${next_cursor}".`] : []),
    source.note,
    source.credit,
  ].join('\n')
}

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
