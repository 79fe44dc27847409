/** The text twin of a search. */
import { figure, type Lang, listed, plural } from '../estat/words.ts'
import type { DeepReadonly } from './define-tool.ts'
import type { SearchAnswer as Whole } from './table-listing.ts'

type SearchAnswer = DeepReadonly<Whole>

const WORDS = {
  J: {
    head: (query: string, tables: number, series: number, all: number) =>
      `「${query}」の検索結果：${figure(tables)}表（${figure(series)}系列。すべての語を含む表は${figure(all)}）`,
    unknown: (words: string) => `目録にない語：${words}`,
    ignored: (words: string) => `検索に使わなかった語：${words}`,
    none: '該当する統計表がありません。語を減らすか、より一般的な語で検索してください。',
    surveys: '該当するが、この目録に統計表のない調査：',
    filesOnly: 'ファイルのみ（統計表なし）',
    live: 'e-Stat自体の検索による結果：',
    notHeard: 'e-Stat自体の検索にも問い合わせましたが、一部は応答がありませんでした。',
    also: (terms: string) => `次の語でも検索しました：${terms}`,
    more: (cursor: string) => `続きは cursor "${cursor}" で取得できます。`,
    years: (from: number, to: number | null) =>
      from === to ? `${from}年` : `${from}年～${to === null ? '現在' : `${to}年`}`,
    area: (name: string, prefecture: string) => `${name}（都道府県 ${prefecture}）`,
    survey: (name: string, code: string) => `調査「${name}」${code === '' ? '' : `（${code}）`}`,
    understood: (parts: string) => `次の条件として解釈しました：${parts}`,
    surveyed: (date: string) => `調査年月 ${date}`,
    updated: (date: string) => `更新日 ${date}`,
    cells: (count: string) => `${count}セル`,
    bundled: '数値を同梱',
    newer: (id: string) => `新しい版 ${id}`,
    editions: (count: number) => `ほかに${figure(count)}版`,
  },
  E: {
    head: (query: string, tables: number, series: number, all: number) =>
      `e-Stat tables for "${query}": ${figure(tables)} found in ${figure(series)} series (${figure(all)} with every word).`,
    unknown: (words: string) => `Not in the catalogue: ${words}`,
    ignored: (words: string) => `Not searched for: ${words}`,
    none: 'No table answers this. Try fewer or more general words.',
    surveys: 'Surveys that answer, without a table in this catalogue:',
    filesOnly: 'files alone, no table',
    live: "From e-Stat's own search:",
    notHeard: "e-Stat's own search was asked as well and not all of it was heard.",
    also: (terms: string) => `Also searched as: ${terms}`,
    more: (cursor: string) => `More results: call again with cursor "${cursor}".`,
    years: (from: number, to: number | null) => (from === to ? `year ${from}` : `years ${from} to ${to ?? 'now'}`),
    area: (name: string, prefecture: string) => `${name} (prefecture ${prefecture})`,
    survey: (name: string, code: string) => `survey ${name}${code === '' ? '' : ` (${code})`}`,
    understood: (parts: string) => `Understood as asking for: ${parts}.`,
    surveyed: (date: string) => `surveyed ${date}`,
    updated: (date: string) => `updated ${date}`,
    cells: (count: string) => `${count} cells`,
    bundled: 'figures bundled',
    newer: (id: string) => `newer edition ${id}`,
    editions: (count: number) => plural(count, 'other edition'),
  },
} as const

export function renderSearch(answer: SearchAnswer, lang: Lang): string {
  const { query, total_found, counts, results, suggestions, understood, surveys, live_results = [] } = answer
  const { source, next_cursor: next } = answer
  const words = WORDS[lang]
  const terms = suggestions.map(({ from, to, alternatives }) => `${from} → ${listed(lang, [to, ...alternatives])}`)
  const unknown = listed(lang, understood.unknown_words)
  const ignored = listed(lang, understood.ignored_words ?? [])
  return [
    words.head(query, total_found, counts.matched, understood.all_words),
    ...renderUnderstood(understood, lang),
    ...(unknown === '' ? [] : [words.unknown(unknown)]),
    ...(ignored === '' ? [] : [words.ignored(ignored)]),
    ...(results.length === 0 ? [words.none] : []),
    '',
    ...results.flatMap((row) => renderRow(row, lang)),
    ...(surveys.length > 0 ? [words.surveys, ...surveys.map((survey) => renderSurvey(survey, lang))] : []),
    ...(live_results.length > 0 ? [words.live, '', ...live_results.flatMap((row) => renderRow(row, lang))] : []),
    ...(answer.live_complete === false ? [words.notHeard] : []),
    ...(terms.length > 0 ? [words.also(terms.join('; '))] : []),
    ...(counts.truncated ? [words.more(next ?? '')] : []),
    source.note,
    source.credit,
  ].join('\n')
}

const renderSurvey = ({ code, name, organisation, in_database }: SearchAnswer['surveys'][number], lang: Lang): string =>
  `   ${code} ${name} (${organisation})${in_database ? '' : ` | ${WORDS[lang].filesOnly}`}`

function renderUnderstood({ years, areas, surveys }: SearchAnswer['understood'], lang: Lang): string[] {
  const words = WORDS[lang]
  const parts = [
    ...(years ? [words.years(years.from, years.to)] : []),
    ...areas.map(({ name, prefecture_code: code }) => (code === null ? name : words.area(name, code))),
    ...surveys.map(({ code, name }) => words.survey(name, code)),
  ]
  return parts.length > 0 ? [words.understood(listed(lang, parts))] : []
}

function renderRow(hit: SearchAnswer['results'][number], lang: Lang): string[] {
  const words = WORDS[lang]
  const facts = [
    hit.gov_org,
    hit.survey_date && words.surveyed(hit.survey_date),
    hit.updated_date && words.updated(hit.updated_date),
    hit.total_records_formatted && words.cells(hit.total_records_formatted),
    hit.bundled && words.bundled,
    hit.newer_edition && words.newer(hit.newer_edition),
    hit.editions_total > 0 && words.editions(hit.editions_total),
  ]
  return [
    `${hit.rank}. ${hit.dataset_id} ${hit.title}`,
    `   ${[...new Set([hit.survey, hit.statistics_name])].filter(Boolean).join(' / ')} | ${facts.filter(Boolean).join(' | ')}`,
    `   ${hit.table_url}`,
    '',
  ]
}
