import * as z from 'zod'
import { fault } from '../../shared/fault.ts'
import type { LakeTable, QueryAnswer } from '../lake/ports.ts'
import { type AnalysisPart, assembleBasic, basicAnalysis } from '../lake/sql/analysis.ts'
import { CATALOG_TABLE } from '../lake/sql/catalog-table.ts'
import { guardSql, pageWarnings, sqlWarnings, writeCatalog } from '../lake/sql/guard.ts'
import { TRINO_NAME } from '../lake/sql/types.ts'
import type { Lang } from '../estat/words.ts'
import type { Ports } from '../ports.ts'
import { advanced, runAdvanced } from './advanced-analysis.ts'
import { estimateTokens, fitting } from './budget.ts'
import { cursorAt, positionOf } from './cursor.ts'
import { type CallContext, type DeepReadonly, defineTool } from './define-tool.ts'
import { catalogRows } from './lake-catalog.ts'
import { askTable, unknownTable } from './lake-table.ts'
import { sourcesOfTable } from '../jobs/lineage.ts'
import { cell, counts, cursor, lang, maxRows, nextCursor, READ_ONLY, source, tableName } from './params.ts'
import { renderAnalysis } from './render-analysis.ts'
import { shownSources } from './shown-sources.ts'

const measure = z.object({
  dataset_id: z.string().nullable(),
  measure_code: z.string().nullable(),
  measure_name: z.string().nullable(),
  unit: z.string().nullable(),
  count: z.int().describe('Cells with a number.'),
  min: z.number().nullable(),
  mean: z.number().nullable().describe('Of the cells, each counted once.'),
  max: z.number().nullable(),
})

const basic = z.object({
  rows: z.int(),
  span: z.object({ start: z.string(), end: z.string() }).nullable(),
  values: z.int(),
  missing: z.object({
    count: z.int(),
    by_symbol: z.array(z.object({ symbol: z.string().nullable(), meaning: z.string().nullable(), count: z.int() })),
  }),
  measures: z.array(measure).describe('Never across measures, units or datasets.'),
  measures_complete: z.boolean(),
  areas: z.int().nullable(),
  datasets: z.array(z.object({ dataset_id: z.string(), rows: z.int() })),
})

const output = z.object({
  success: z.literal(true),
  table_name: z.string(),
  analysis_type: z.enum(['basic', 'advanced', 'custom']),
  basic: basic.nullable().describe('The answer of "basic".'),
  advanced: advanced.nullable().describe('The answer of "advanced".'),
  columns: z
    .array(z.object({ name: z.string(), type: z.string() }))
    .describe('Names and Trino types: of the table with "basic", of the result with "custom".'),
  rows: z.array(z.array(cell)).describe('Of "custom": cells in the order of columns.'),
  counts: counts.omit({ matched: true }).nullable(),
  sql: z.string().nullable().describe('What ran: your query, regenerated.'),
  warnings: z.array(z.string()).describe('Where an aggregate may mix measures, units or totals with their parts.'),
  engine: z.enum(['duckdb', 'athena']),
  bytes_scanned: z.int(),
  cost_usd: z.number(),
  sources: z
    .array(source)
    .describe('Datasets that were read. Cite them; the note of the last says where more are cited.'),
  next_cursor: nextCursor,
})
export type AnalysisOutput = DeepReadonly<z.infer<typeof output>>

const input = z.object({
  table_name: tableName,
  analysis_type: z
    .enum(['basic', 'advanced', 'custom'])
    .default('basic')
    .describe('advanced: trend, top areas and categories; custom: your SQL.'),
  custom_query: z.string().optional().describe('E.g. SELECT area_name, value FROM estat.d_0000020201.'),
  max_rows: maxRows,
  cursor,
  lang,
})

export const analyzeWithAthena = defineTool({
  name: 'analyze_with_athena',
  version: 2,
  title: 'SQLで分析 · Analyse with SQL',
  description: [
    'Asks a lake table: a summary, or one SELECT in Trino SQL over the columns that lake_tables shows.',
    "Fix measure and unit and take <axis>_role = 'part' before you sum. For tables not in the lake use fetch_dataset_filtered.",
    'レイクをSQLで集計します。',
  ].join(' '),
  input,
  output,
  annotations: { ...READ_ONLY, openWorldHint: false },
  scope: 'lake',
  toolsets: ['lake'],
  weight: 3,
  cache: null,
  needs: ['tables', 'engine'],

  async run(args, ports, context) {
    const { tenant } = context.caller
    if ((args.analysis_type === 'custom') !== (args.custom_query !== undefined))
      throw fault('INVALID_PARAMETER', 'custom_query and analysis_type "custom" go together.', {
        hint: 'For your own SQL send both; for a summary send neither.',
      })
    if (args.table_name === CATALOG_TABLE) {
      if (args.custom_query !== undefined) return runCustom(args, args.custom_query, ports, context)
      throw fault('INVALID_PARAMETER', 'catalog is asked with SQL alone.', { hint: 'Use lake_tables to look at it.' })
    }
    const table = await ports.tables.load(tenant, args.table_name)
    if (table === null) throw await unknownTable(ports.tables, tenant, args.table_name)
    if (args.custom_query !== undefined) return runCustom(args, args.custom_query, ports, context)
    return args.analysis_type === 'advanced'
      ? advancedOf(table, ports, context, args.lang)
      : runBasic(table, ports, context, args.lang)
  },
  render: renderAnalysis,
})

type LakePorts = Pick<Ports, 'tables' | 'engine'>

async function runBasic(
  table: LakeTable,
  { engine }: LakePorts,
  context: CallContext,
  words: Lang,
): Promise<AnalysisOutput> {
  const ask = askTable(engine, table, context)
  const plan = basicAnalysis(table)
  const answers = new Map<AnalysisPart, QueryAnswer>()
  for (const [at, { part, sql, maxRows: most }] of plan.entries()) {
    context.progress(at, plan.length, part)
    answers.set(part, await ask(sql, most))
  }
  const all = [...answers.values()]
  return {
    ...NOTHING,
    table_name: table.name,
    analysis_type: 'basic',
    columns: columnsOf(table),
    basic: assembleBasic(Object.fromEntries(answers) as Record<AnalysisPart, QueryAnswer>),
    ...spentOn(all),
    sources: shownSources(sourcesOfTable(table, true, words), words),
  }
}

async function advancedOf(
  table: LakeTable,
  { engine }: LakePorts,
  context: CallContext,
  words: Lang,
): Promise<AnalysisOutput> {
  const ask = askTable(engine, table, context)
  const answers: QueryAnswer[] = []
  const result = await runAdvanced(
    table,
    async (sql, most) => {
      context.progress(answers.length, null, `query ${answers.length + 1}`)
      const answer = await ask(sql, most)
      answers.push(answer)
      return answer
    },
    words,
  )
  return {
    ...NOTHING,
    table_name: table.name,
    analysis_type: 'advanced',
    columns: columnsOf(table),
    advanced: result,
    ...spentOn(answers),
    sources: shownSources(sourcesOfTable(table, true, words), words),
  }
}

const columnsOf = ({ columns }: LakeTable) => columns.map(({ name, type }) => ({ name, type: TRINO_NAME[type] }))

const spentOn = (answers: readonly QueryAnswer[]) => ({
  engine: answers[0]?.engine ?? ('duckdb' as const),
  bytes_scanned: answers.reduce((sum, answer) => sum + answer.bytesScanned, 0),
  cost_usd: answers.reduce((sum, answer) => sum + answer.costUsd, 0),
})

async function runCustom(
  args: z.infer<typeof input>,
  query: string,
  { tables, engine }: LakePorts,
  { caller, signal }: CallContext,
): Promise<AnalysisOutput> {
  const database = caller.tenant
  const names = await tables.list(caller.tenant)
  const { sql, query: read, tables: used } = await guardSql(query, { tables: [...names, CATALOG_TABLE], database })
  const found = await Promise.all(used.filter(isTable).map((name) => tables.load(caller.tenant, name)))
  const loaded = Object.fromEntries(found.flatMap((table) => (table === null ? [] : [[table.name, table]])))
  const catalog = used.every(isTable) ? null : await catalogRows(tables, caller.tenant)
  const subject = [sql, Object.values(loaded).map(({ snapshotId }) => snapshotId), catalog]
  const offset = await positionOf(subject, args.cursor)
  // Before it runs: a sum of rates is refused.
  const advice = sqlWarnings(read, Object.values(loaded))
  const text = catalog === null ? sql : writeCatalog(read, catalog, database)
  const answer = await engine.query({ sql: text, tables: loaded, database, maxRows: args.max_rows, offset }, signal)
  const rows = shownOf(answer.rows)
  const more = answer.more || rows.length < answer.rows.length
  return {
    ...NOTHING,
    table_name: args.table_name,
    analysis_type: 'custom',
    columns: answer.columns,
    rows,
    counts: { returned: rows.length, truncated: more },
    sql,
    warnings: [...advice, ...(more || offset > 0 ? pageWarnings(read) : [])].map((words) => words[args.lang]),
    engine: answer.engine,
    bytes_scanned: answer.bytesScanned,
    cost_usd: answer.costUsd,
    sources: shownSources(
      Object.values(loaded).flatMap((table) => sourcesOfTable(table, true, args.lang)),
      args.lang,
    ),
    next_cursor: more ? await cursorAt(subject, offset + rows.length) : null,
  }
}

const isTable = (name: string): boolean => name !== CATALOG_TABLE

/** Tokens of one row at most: shown twice, as data and as text, it leaves an answer under 25,000 (promise 7). */
const MAX_ROW_TOKENS = 11_500

/** The first rows, as many as fit. @throws Fault TOO_LARGE where not even one does: paging would never get past it. */
function shownOf(rows: QueryAnswer['rows']): QueryAnswer['rows'] {
  const shown = rows.slice(0, fitting(rows))
  if (shown.length === 1 && estimateTokens(JSON.stringify(shown[0])) > MAX_ROW_TOKENS)
    throw fault('TOO_LARGE', 'One row of the result is longer than an answer may be.', {
      hint: 'Select fewer columns or aggregate: return rows instead of an array or a long text.',
    })
  return shown
}

/** What an answer of one kind lacks of the other. */
const NOTHING = {
  success: true,
  basic: null,
  advanced: null,
  columns: [],
  rows: [],
  counts: null,
  sql: null,
  warnings: [],
  next_cursor: null,
} as const
