import type { AnalysisOutput } from './analyze-with-athena.ts'

const figure = (value: number | null): string =>
  value === null ? '-' : value.toLocaleString('en', { maximumFractionDigits: 4 })

/** The text twin of an analysis: a summary in sentences, or rows as TSV; then what to beware of, and the citations. */
export function renderAnalysis(result: AnalysisOutput): string {
  const lines = result.basic === null ? renderRows(result) : renderBasic(result, result.basic)
  const about = result.sources.flatMap(({ citation, note }) => (note === null ? [citation] : [citation, note]))
  return [...lines, '', ...result.warnings.map((warning) => `Beware: ${warning}`), ...new Set(about)].join('\n')
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
