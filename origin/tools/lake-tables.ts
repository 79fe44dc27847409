import * as z from 'zod'
import { fault } from '../../shared/fault.ts'
import { axesOfTable, countCodesSql, dictionarySql } from '../lake/sql/dictionary.ts'
import { TRINO_NAME } from '../lake/sql/types.ts'
import type { Ports } from '../ports.ts'
import { fitting } from './budget.ts'
import { cursorAt, positionOf } from './cursor.ts'
import { type CallContext, type DeepReadonly, defineTool } from './define-tool.ts'
import { askTable, unknownTable } from './lake-table.ts'
import { sourcesOfTable } from '../jobs/lineage.ts'
import { listed, listedOf, snapshot, snapshotsOf, tableOf, unreadableOf } from './lake-listing.ts'
import { counts, cursor, lang, nextCursor, READ_ONLY, source, tableName } from './params.ts'
import { renderLakeTables } from './render-lake.ts'
import { shownSources } from './shown-sources.ts'

/** Tables of one page of the list: each is read. */
const PAGE_TABLES = 20
/** Codes of each axis that the description of a table shows; the rest with `axis`. */
const CODES_SHOWN = 12
/** Codes of one page with `axis`. */
const PAGE_CODES = 500

const code = z.object({
  code: z.string(),
  name: z.string().nullable(),
  level: z.int().nullable(),
  parent_code: z.string().nullable(),
  role: z.string().nullable().describe('"total", "part", "of_which" or "unknown".'),
  rows: z.int(),
})

const described = z.object({
  columns: z.array(z.object({ name: z.string(), type: z.string(), description: z.string() })),
  axes: z.array(
    z.object({
      axis: z.string(),
      codes: z.int().describe('Codes in the table; one that two datasets name differently counts twice.'),
      dictionary: z.array(code).describe(`The first ${CODES_SHOWN}; all of them with argument axis.`),
    }),
  ),
  snapshots: z.array(snapshot).describe('Newest first. Those that were replaced more than a day ago expire.'),
  sources: z.array(source),
})

const output = z.object({
  success: z.literal(true),
  tables: z.array(listed).describe('The tables, or the one that was asked for.'),
  table: described.nullable().describe('With table_name: what is in it.'),
  counts: counts.describe('Of tables, or with axis of codes.'),
  next_cursor: nextCursor,
})
export type LakeTablesOutput = DeepReadonly<z.infer<typeof output>>

const input = z.object({
  table_name: tableName.optional(),
  axis: z.string().optional().describe('Axis to list whole, e.g. area.'),
  cursor,
  lang,
})

export const lakeTables = defineTool({
  name: 'lake_tables',
  version: 1,
  title: 'レイクのテーブル · Tables of the lake',
  description: [
    'Lists the tables of your lake; with table_name its columns, codes, snapshots and sources.',
    'Use it before SQL in analyze_with_athena. For tables not loaded yet use search_estat_data.',
    'レイクのテーブルと列を示します。',
  ].join(' '),
  input,
  output,
  annotations: { ...READ_ONLY, openWorldHint: false },
  scope: 'lake',
  toolsets: ['lake'],
  weight: 1,
  // A tenant's own, changed by its own loads: a list without the table just loaded would be wrong, and a validator would
  // have to read what the list reads.
  cache: null,
  needs: ['tables', 'engine'],

  async run(args, ports, context) {
    if (args.table_name !== undefined) return describeTable(args.table_name, args, ports, context)
    if (args.axis !== undefined)
      throw fault('INVALID_PARAMETER', 'axis goes with table_name.', { hint: 'Name the table whose codes are wanted.' })
    return listTables(ports, context, args.cursor)
  },

  render: renderLakeTables,
})

type LakePorts = Pick<Ports, 'tables' | 'engine'>

async function listTables(
  { tables }: LakePorts,
  { caller: { tenant } }: CallContext,
  from: string | undefined,
): Promise<LakeTablesOutput> {
  const names = await tables.list(tenant)
  const subject = ['lake', tenant]
  const start = await positionOf(subject, from)
  const page = names.slice(start, start + PAGE_TABLES)
  // One that went away since it was listed is left out.
  const loaded = await Promise.all(page.map((name) => tableOf(tables, tenant, name)))
  const all = loaded.map((table) => {
    if (table === null) return null
    return 'problem' in table ? unreadableOf(table) : listedOf(table)
  })
  const fits = fitting(all)
  const shown = all.slice(0, fits).filter((table) => table !== null)
  const next = start + Math.min(fits, page.length)
  const truncated = next < names.length
  return {
    success: true,
    tables: shown,
    table: null,
    counts: { matched: names.length, returned: shown.length, truncated },
    next_cursor: truncated ? await cursorAt(subject, next) : null,
  }
}

async function describeTable(
  name: string,
  { axis, cursor: from, lang: words }: z.infer<typeof input>,
  { tables, engine }: LakePorts,
  context: CallContext,
): Promise<LakeTablesOutput> {
  const { tenant } = context.caller
  const table = await tables.load(tenant, name)
  if (table === null) throw await unknownTable(tables, tenant, name)
  const axes = axesOfTable(table)
  if (axis !== undefined && !axes.includes(axis))
    throw fault('INVALID_PARAMETER', `The table has no axis "${axis.slice(0, 40)}".`, {
      hint: `Axes: ${axes.join(', ')}.`,
    })
  const subject = ['lake codes', tenant, name, table.snapshotId, axis]
  const start = await positionOf(subject, from)
  const ask = askTable(engine, table, context)
  const wanted = axis === undefined ? axes : [axis]
  const totals = wanted.length === 0 ? [] : ((await ask(countCodesSql(table, wanted), 1)).rows[0] ?? [])
  const shown: { axis: string; codes: number; dictionary: z.infer<typeof code>[] }[] = []
  for (const [at, id] of wanted.entries()) {
    const { rows } = await ask(dictionarySql(table, id), axis === undefined ? CODES_SHOWN : PAGE_CODES, start)
    shown.push({ axis: id, codes: Number(totals[at] ?? 0), dictionary: rows.map(codeOf) })
  }
  const only = axis === undefined ? undefined : shown[0]
  if (only !== undefined) only.dictionary = only.dictionary.slice(0, fitting(only.dictionary))
  const next = start + (only?.dictionary.length ?? 0)
  const truncated = only !== undefined && next < only.codes
  return {
    success: true,
    tables: [listedOf(table)],
    table: {
      columns:
        axis === undefined
          ? table.columns.map((column) => ({
              name: column.name,
              type: TRINO_NAME[column.type],
              description: column.doc,
            }))
          : [],
      axes: shown,
      snapshots: axis === undefined ? snapshotsOf(table) : [],
      sources: shownSources(sourcesOfTable(table, false, words), words),
    },
    counts:
      only === undefined
        ? { matched: 1, returned: 1, truncated: false }
        : { matched: only.codes, returned: only.dictionary.length, truncated },
    next_cursor: truncated ? await cursorAt(subject, next) : null,
  }
}

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)

function codeOf([value, name, level, parent, role, rows]: readonly unknown[]): z.infer<typeof code> {
  return {
    code: text(value) ?? '',
    name: text(name),
    level: level === null || level === undefined || level === '' ? null : Number(level),
    parent_code: text(parent),
    role: text(role),
    rows: Number(rows),
  }
}
