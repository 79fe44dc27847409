import type { AnalysisOutput } from './analyze-with-athena.ts'

const figure = (value: number | null): string =>
  value === null ? '-' : value.toLocaleString('en', { maximumFractionDigits: 4 })

/** The text twin of an analysis: a summary in sentences, or rows as TSV; then what to beware of, and the citations. */
export function renderAnalysis(result: AnalysisOutput): string {
  const lines = linesOf(result)
  const about = result.sources.flatMap(({ citation, note }) => (note === null ? [citation] : [citation, note]))
  return [...lines, '', ...result.warnings.map((warning) => `Beware: ${warning}`), ...new Set(about)].join('\n')
}

function linesOf(result: AnalysisOutput): readonly string[] {
  if (result.basic !== null) return renderBasic(result, result.basic)
  return result.advanced === null ? renderRows(result) : result.advanced.measures.flatMap(renderMeasure)
}

function renderMeasure(one: NonNullable<AnalysisOutput['advanced']>['measures'][number]): readonly string[] {
  const held = Object.entries(one.held).map(([axis, how]) => `${axis} ${how}`)
  const places = (list: (typeof one.top_areas)[number]['top']): string =>
    list.map(({ name, code, value }) => `${name ?? code} ${figure(value)}`).join(', ')
  return [
    `${one.measure ?? 'value'}${one.unit === null ? '' : ` (${one.unit})`}, ${one.dataset_id ?? ''}${held.length === 0 ? '' : `; ${held.join('; ')}`}`,
    ...(one.skipped === null ? [] : [one.skipped]),
    ...(one.trend.length === 0
      ? []
      : [
          `Course: ${one.trend.map(({ time, time_code, value }) => `${time ?? time_code ?? 'in all'} ${figure(value)}`).join(', ')}`,
        ]),
    ...one.top_areas.map(
      ({ level, areas, top }) =>
        `Top of ${areas} areas${level === null ? '' : ` of level ${level}`}${one.latest === null ? '' : `, ${one.latest}`}: ${places(top)}`,
    ),
    ...one.top_categories.map(
      ({ axis, categories, top }) =>
        `Top of ${categories} on ${axis}${one.latest === null ? '' : `, ${one.latest}`}: ${places(top)}`,
    ),
    '',
  ]
}

function renderBasic(
  { table_name: name, columns }: AnalysisOutput,
  basic: NonNullable<AnalysisOutput['basic']>,
): readonly string[] {
  const { rows, span, values, missing, areas, datasets, measures } = basic
  return [
    `${name}: ${figure(rows)} rows, ${figure(values)} with a value${span === null ? '' : `, ${span.start} to ${span.end}`}${areas === null ? '' : `, ${figure(areas)} areas`}.`,
    `Columns: ${columns.map((column) => `${column.name} ${column.type}`).join(', ')}`,
    `Datasets: ${datasets.map((one) => `${one.dataset_id} (${figure(one.rows)} rows)`).join(', ')}`,
    ...missing.by_symbol.map(
      ({ symbol, meaning, count }) =>
        `Missing ${symbol ?? '(none)'}: ${figure(count)}${meaning === null ? '' : `, ${meaning}`}`,
    ),
    ['measure', 'unit', 'count', 'min', 'mean', 'max'].join('\t'),
    ...measures.map(({ measure_name, measure_code, unit, count, min, mean, max }) =>
      [measure_name ?? measure_code ?? '-', unit ?? '-', ...[count, min, mean, max].map(figure)].join('\t'),
    ),
  ]
}

function renderRows({ columns, rows, counts, next_cursor }: AnalysisOutput): readonly string[] {
  const more = counts?.truncated ? `; more with cursor "${next_cursor}"` : ''
  return [
    `${rows.length} rows${more}`,
    columns.map(({ name }) => name).join('\t'),
    ...rows.map((row) => row.map((one) => (one === null ? '' : String(one).replace(/[\t\r\n]+/g, ' '))).join('\t')),
  ]
}
