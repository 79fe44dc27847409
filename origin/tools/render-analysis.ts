import { type Lang, listed } from '../estat/words.ts'
import type { AnalysisOutput } from './analyze-with-athena.ts'

const figure = (value: number | null): string =>
  value === null ? '-' : value.toLocaleString('en', { maximumFractionDigits: 4 })

type Advanced = NonNullable<AnalysisOutput['advanced']>['measures'][number]
type Basic = NonNullable<AnalysisOutput['basic']>

const WORDS = {
  J: {
    beware: (warning: string) => `注意：${warning}`,
    value: '値',
    of: (measure: string, unit: string | null, dataset: string) =>
      [`${measure}${unit === null ? '' : `（${unit}）`}`, dataset].filter((part) => part !== '').join('、'),
    inAll: '全期間',
    course: '推移：',
    areas: (count: number, level: string | null, latest: string | null) =>
      `上位の地域（${level === null ? '' : `レベル${level}の`}${figure(count)}地域中${latest === null ? '' : `、${latest}`}）：`,
    categories: (axis: string, count: number, latest: string | null) =>
      `上位の ${axis}（${figure(count)}区分中${latest === null ? '' : `、${latest}`}）：`,
    head: (name: string, { rows, values, span, areas }: Basic) =>
      `${name}：${figure(rows)}行（うち値のある行 ${figure(values)}）${span === null ? '' : `、${span.start}～${span.end}`}${areas === null ? '' : `、${figure(areas)}地域`}`,
    columns: '列：',
    datasets: 'データセット：',
    dataset: (id: string, rows: number) => `${id}（${figure(rows)}行）`,
    missing: (symbol: string | null, count: number, meaning: string | null) =>
      `値のないセル ${symbol ?? '（記号なし）'}：${figure(count)}${meaning === null ? '' : `、${meaning}`}`,
    table: ['表章項目', '単位', '件数', '最小', '平均', '最大'],
    shown: (count: number, cursor: string | null) =>
      `${figure(count)}行${cursor === null ? '' : `。続きは cursor "${cursor}" で取得できます。`}`,
  },
  E: {
    beware: (warning: string) => `Beware: ${warning}`,
    value: 'value',
    of: (measure: string, unit: string | null, dataset: string) =>
      [`${measure}${unit === null ? '' : ` (${unit})`}`, dataset].filter((part) => part !== '').join(', '),
    inAll: 'in all',
    course: 'Course: ',
    areas: (count: number, level: string | null, latest: string | null) =>
      `Top of ${figure(count)} areas${level === null ? '' : ` of level ${level}`}${latest === null ? '' : `, ${latest}`}: `,
    categories: (axis: string, count: number, latest: string | null) =>
      `Top of ${figure(count)} on ${axis}${latest === null ? '' : `, ${latest}`}: `,
    head: (name: string, { rows, values, span, areas }: Basic) =>
      `${name}: ${figure(rows)} rows, ${figure(values)} with a value${span === null ? '' : `, ${span.start} to ${span.end}`}${areas === null ? '' : `, ${figure(areas)} areas`}.`,
    columns: 'Columns: ',
    datasets: 'Datasets: ',
    dataset: (id: string, rows: number) => `${id} (${figure(rows)} rows)`,
    missing: (symbol: string | null, count: number, meaning: string | null) =>
      `Missing ${symbol ?? '(none)'}: ${figure(count)}${meaning === null ? '' : `, ${meaning}`}`,
    table: ['measure', 'unit', 'count', 'min', 'mean', 'max'],
    shown: (count: number, cursor: string | null) =>
      `${figure(count)} row${count === 1 ? '' : 's'}${cursor === null ? '' : `; more with cursor "${cursor}"`}`,
  },
} as const

/** The text twin of an analysis: a summary in sentences, or rows as TSV; then what to beware of, and the citations. */
export function renderAnalysis(result: AnalysisOutput, lang: Lang): string {
  const lines = linesOf(result, lang)
  const about = result.sources.flatMap(({ citation, note }) => (note === null ? [citation] : [citation, note]))
  return [...lines, '', ...result.warnings.map((one) => WORDS[lang].beware(one)), ...new Set(about)].join('\n')
}

function linesOf(result: AnalysisOutput, lang: Lang): readonly string[] {
  if (result.basic !== null) return renderBasic(result, result.basic, lang)
  return result.advanced === null
    ? renderRows(result, lang)
    : result.advanced.measures.flatMap((one) => renderMeasure(one, lang))
}

function renderMeasure(one: Advanced, lang: Lang): readonly string[] {
  const words = WORDS[lang]
  const held = Object.entries(one.held).map(([axis, how]) => `${axis} ${how}`)
  const places = (list: (typeof one.top_areas)[number]['top']): string =>
    listed(
      lang,
      list.map(({ name, code, value }) => `${name ?? code} ${figure(value)}`),
    )
  const course = one.trend.map(({ time, time_code, value }) => `${time ?? time_code ?? words.inAll} ${figure(value)}`)
  return [
    [words.of(one.measure ?? words.value, one.unit, one.dataset_id ?? ''), ...held].join('; '),
    ...(one.skipped === null ? [] : [one.skipped]),
    ...(course.length === 0 ? [] : [`${words.course}${listed(lang, course)}`]),
    ...one.top_areas.map(
      ({ level, areas, top }) =>
        `${words.areas(areas, level === null ? null : String(level), one.latest)}${places(top)}`,
    ),
    ...one.top_categories.map(
      ({ axis, categories, top }) => `${words.categories(axis, categories, one.latest)}${places(top)}`,
    ),
    '',
  ]
}

function renderBasic({ table_name: name, columns }: AnalysisOutput, basic: Basic, lang: Lang): readonly string[] {
  const words = WORDS[lang]
  const datasets = basic.datasets.map(({ dataset_id: id, rows }) => words.dataset(id, rows))
  return [
    words.head(name, basic),
    `${words.columns}${columns.map((column) => `${column.name} ${column.type}`).join(', ')}`,
    `${words.datasets}${listed(lang, datasets)}`,
    ...basic.missing.by_symbol.map(({ symbol, meaning, count }) => words.missing(symbol, count, meaning)),
    words.table.join('\t'),
    ...basic.measures.map(({ measure_name, measure_code, unit, count, min, mean, max }) =>
      [measure_name ?? measure_code ?? '-', unit ?? '-', ...[count, min, mean, max].map(figure)].join('\t'),
    ),
  ]
}

function renderRows({ columns, rows, counts, next_cursor }: AnalysisOutput, lang: Lang): readonly string[] {
  return [
    WORDS[lang].shown(rows.length, counts?.truncated ? next_cursor : null),
    columns.map(({ name }) => name).join('\t'),
    ...rows.map((row) => row.map((one) => (one === null ? '' : String(one).replace(/[\t\r\n]+/g, ' '))).join('\t')),
  ]
}
