/**
 * The "basic" analysis of a lake table, as a plan: SQL texts to run, and how their answers become one result.
 * Figures are never put together across datasets, measures or units (PRODUCT.md, promise 5).
 */
import type { TableMeta } from '../../estat/model.ts'
import type { Cell, LakeTable, QueryAnswer } from '../ports.ts'
import { quoteName, quoteText } from './dialect.ts'
import { measureAxesOf } from './measure-axes.ts'

export type AnalysisPart = 'overview' | 'datasets' | 'missing' | 'measures'

export interface AnalysisQuery {
  readonly part: AnalysisPart
  /** Trino's dialect; passes the guard. */
  readonly sql: string
  /** Rows to ask for: what `assembleBasic` needs, or the most it shows. */
  readonly maxRows: number
}

export interface MeasureSummary {
  readonly dataset_id: string | null
  /** Codes of the measure's axes, joined by "/" where there are two; null where the table has none. */
  readonly measure_code: string | null
  readonly measure_name: string | null
  readonly unit: string | null
  /** Cells with a number. */
  readonly count: number
  readonly min: number | null
  /** Of the cells, each counted once: no weighted mean. */
  readonly mean: number | null
  readonly max: number | null
}

export interface BasicAnalysis {
  readonly rows: number
  /** First day and last day covered, ISO dates; null where the table has no time. */
  readonly span: { readonly start: string; readonly end: string } | null
  readonly values: number
  readonly missing: {
    readonly count: number
    readonly by_symbol: readonly {
      readonly symbol: string | null
      readonly meaning: string | null
      readonly count: number
    }[]
  }
  readonly measures: readonly MeasureSummary[]
  /** False where there are more measures than `measures` lists. */
  readonly measures_complete: boolean
  /** Distinct area codes; null where the table has no area. */
  readonly areas: number | null
  readonly datasets: readonly { readonly dataset_id: string; readonly rows: number }[]
}

/** Most measures that one answer lists. */
const MAX_MEASURES = 200
const MAX_SYMBOLS = 50
const MAX_DATASETS = 200

type Analysed = Pick<LakeTable, 'name' | 'columns' | 'properties'>

/**
 * @param meta Of the table's only dataset, where at hand: tells which axis holds measures when nothing else does.
 */
export function basicAnalysis(table: Analysed, meta: TableMeta | null = null): readonly AnalysisQuery[] {
  const has = (name: string): boolean => table.columns.some((column) => column.name === name)
  const from = `FROM ${quoteName(table.name)}`
  const column = (name: string): string => (has(name) ? quoteName(name) : 'CAST(NULL AS varchar)')
  const symbols = [column('symbol'), column('symbol_meaning')]
  const measures = measureColumns(table, meta)
  return [
    {
      part: 'overview',
      sql: `SELECT count(*) AS row_count, count("value") AS value_count, ${span(has)}, ${areas(has)} ${from}`,
      maxRows: 1,
    },
    {
      part: 'datasets',
      sql: `SELECT ${column('dataset_id')} AS dataset_id, count(*) AS n ${from} GROUP BY 1 ORDER BY 1`,
      maxRows: MAX_DATASETS,
    },
    {
      part: 'missing',
      sql: `SELECT ${symbols[0]} AS symbol, ${symbols[1]} AS meaning, count(*) AS n ${from} WHERE "value" IS NULL GROUP BY 1, 2 ORDER BY n DESC, symbol, meaning`,
      maxRows: MAX_SYMBOLS,
    },
    {
      part: 'measures',
      sql: [
        `SELECT ${column('dataset_id')} AS dataset_id, ${column('unit')} AS unit,`,
        'count("value") AS n, min("value") AS low, avg("value") AS mean, max("value") AS high',
        ...measures.map((measure, at) => `, ${measure} AS m${at}`),
        `${from} GROUP BY 1, 2${measures.map((_, at) => `, ${at + 7}`).join('')}`,
        `ORDER BY 1, ${measures.map((_, at) => `${at + 7}, `).join('')}2`,
      ].join(' '),
      maxRows: MAX_MEASURES,
    },
  ]
}

const span = (has: (name: string) => boolean): string =>
  has('time_start') && has('time_end')
    ? 'min("time_start") AS first_day, max("time_end") AS last_day'
    : 'CAST(NULL AS date) AS first_day, CAST(NULL AS date) AS last_day'

const areas = (has: (name: string) => boolean): string =>
  has('area_code') ? 'count(DISTINCT "area_code") AS areas' : 'CAST(NULL AS bigint) AS areas'

/** Code and name of each measure axis in turn; an axis that only some datasets measure by is null for the others. */
export function measureColumns(table: Analysed, meta: TableMeta | null): readonly string[] {
  return measureAxesOf(table, meta).flatMap(({ axis, datasets }) =>
    ['code', 'name'].map((part) => {
      const column = quoteName(`${axis}_${part}`)
      if (datasets === null) return column
      return `CASE WHEN "dataset_id" IN (${datasets.map(quoteText).join(', ')}) THEN ${column} END`
    }),
  )
}

/** @param answers Of every query of the plan, by part. */
export function assembleBasic(answers: Readonly<Record<AnalysisPart, QueryAnswer>>): BasicAnalysis {
  const [rows, values, start, end, areas] = answers.overview.rows[0] ?? []
  const count = number(rows) ?? 0
  return {
    rows: count,
    span: typeof start === 'string' && typeof end === 'string' ? { start, end } : null,
    values: number(values) ?? 0,
    missing: {
      count: count - (number(values) ?? 0),
      by_symbol: answers.missing.rows.map(([symbol, meaning, n]) => ({
        symbol: text(symbol),
        meaning: text(meaning),
        count: number(n) ?? 0,
      })),
    },
    measures: summaries(answers.measures.rows),
    measures_complete: !answers.measures.more,
    areas: number(areas),
    datasets: answers.datasets.rows.map(([id, n]) => ({ dataset_id: text(id) ?? '', rows: number(n) ?? 0 })),
  }
}

/** Where two axes make the measure and the first says the same everywhere, the second names it alone. */
function summaries(rows: readonly (readonly Cell[])[]): readonly MeasureSummary[] {
  const axes = Math.max(0, ((rows[0]?.length ?? 6) - 6) / 2)
  const firsts = new Set(rows.map((row) => row[6]))
  const from = axes > 1 && firsts.size === 1 ? 1 : 0
  const joined = (row: readonly Cell[], offset: 0 | 1, by: string): string | null => {
    const parts = Array.from({ length: axes - from }, (_, at) => text(row[6 + 2 * (at + from) + offset]))
    const known = parts.filter((part) => part !== null)
    return known.length === 0 ? null : known.join(by)
  }
  return rows.map((row) => ({
    dataset_id: text(row[0]),
    measure_code: joined(row, 0, '/'),
    measure_name: joined(row, 1, ' / '),
    unit: text(row[1]),
    count: number(row[2]) ?? 0,
    min: number(row[3]),
    mean: number(row[4]),
    max: number(row[5]),
  }))
}

const text = (cell: Cell | undefined): string | null => (typeof cell === 'string' ? cell : null)
const number = (cell: Cell | undefined): number | null => (typeof cell === 'number' ? cell : null)
