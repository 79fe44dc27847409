import * as z from 'zod'
import { fault } from '../../shared/fault.ts'
import { figure, plural } from '../estat/words.ts'
import type { Cell, LakeTable, QueryAnswer, TableMoment } from '../lake/ports.ts'
import { revisionPlan } from '../lake/sql/revisions.ts'
import { parseTableId } from '../estat/table-url.ts'
import type { Ports } from '../ports.ts'
import { fitting } from './budget.ts'
import { cursorAt, positionOf } from './cursor.ts'
import { type CallContext, defineTool } from './define-tool.ts'
import { unknownTable } from './lake-table.ts'
import { sourcesOfTable } from '../jobs/lineage.ts'
import { shownSources } from './shown-sources.ts'
import { cell, counts, cursor, datasetId, lang, maxRows, nextCursor, READ_ONLY, source, tableName } from './params.ts'

const snapshot = z
  .string()
  .regex(/^(-?\d{1,19}|\d{4}-\d{2}-\d{2}([T ].*)?)$/, 'must be a snapshot id of lake_tables, or a date or time')
  .optional()

const state = z.object({
  snapshot_id: z.string(),
  committed_at: z.string().nullable(),
  retrieved_at: z.string().nullable().describe('Last retrieval among the cells compared; null where none was.'),
  rows: z.int(),
})

interface Compared {
  readonly table_name: string
  readonly added: number
  readonly removed: number
  readonly changed: number
  readonly unchanged: number
}
interface States {
  readonly from: z.infer<typeof state>
  readonly to: z.infer<typeof state>
}

const WORDS = {
  J: {
    changes: (one: Compared) =>
      `${one.table_name}：追加 ${figure(one.added)}、削除 ${figure(one.removed)}、変更 ${figure(one.changed)}、変更なし ${figure(one.unchanged)}（セル数）`,
    states: ({ from, to }: States) =>
      `比較した状態：スナップショット ${from.snapshot_id}（${from.committed_at ?? '日時不明'}）から ${to.snapshot_id}（${to.committed_at ?? '日時不明'}）まで`,
    repeated: (cells: number) =>
      `テーブルに重複して登録されたセルが${figure(cells)}個あります（mode "append" による登録）。それらは最も大きい値で比較しています。`,
    next: (cursor: string) => `続きは cursor "${cursor}" で取得できます。`,
  },
  E: {
    changes: (one: Compared) =>
      `${one.table_name}: ${figure(one.added)} added, ${figure(one.removed)} removed, ${figure(one.changed)} changed, ${figure(one.unchanged)} unchanged.`,
    states: ({ from, to }: States) =>
      `From snapshot ${from.snapshot_id} (${from.committed_at ?? 'date unknown'}) to ${to.snapshot_id} (${to.committed_at ?? 'date unknown'}).`,
    repeated: (cells: number) =>
      `${plural(cells, 'cell')} in the table more than once (loaded with mode "append"): of those the largest value is compared.`,
    next: (cursor: string) => `More: call again with cursor "${cursor}".`,
  },
} as const

export const compareRevisions = defineTool({
  name: 'compare_revisions',
  version: 1,
  title: '改定の比較 · Compare revisions',
  description: [
    'Compares two states of a lake table: cells added, removed and changed, with both values; by default before and after the last load.',
    'Use it within a day of ingest_dataset for a revised dataset.',
    '改定で変わった値を示します。',
  ].join(' '),
  input: z.object({
    table_name: tableName,
    from_snapshot: snapshot.describe('Snapshot id or time, e.g. 2026-11-19.'),
    to_snapshot: snapshot.describe('The same, e.g. 2026-11-20.'),
    dataset_id: datasetId.optional(),
    max_rows: maxRows,
    cursor,
    lang,
  }),
  output: z.object({
    success: z.literal(true),
    table_name: z.string(),
    from: state,
    to: state,
    added: z.int().describe('Cells that are new.'),
    removed: z.int(),
    changed: z.int().describe('Cells with another value, symbol or unit.'),
    unchanged: z.int(),
    warnings: z.array(z.string()),
    columns: z.array(z.string()),
    rows: z.array(z.array(cell)).describe('Changed cells, in the order of columns.'),
    counts,
    sources: z.array(source),
    next_cursor: nextCursor,
  }),
  annotations: { ...READ_ONLY, openWorldHint: false },
  scope: 'lake',
  toolsets: ['lake'],
  weight: 3,
  cache: null,
  needs: ['tables', 'engine'],

  async run(args, ports, context) {
    const { tenant } = context.caller
    const dataset = args.dataset_id === undefined ? null : parseTableId(args.dataset_id)
    const to = await stateAt(ports, context, args.table_name, args.to_snapshot)
    const from = await stateAt(ports, context, args.table_name, args.from_snapshot ?? before(to))
    const subject = ['revisions', tenant, args.table_name, from.snapshotId, to.snapshotId, dataset]
    const offset = await positionOf(subject, args.cursor)
    const plan = revisionPlan({ before: from.columns, after: to.columns }, dataset)
    const tables = sides(from, to)
    const ask = (sql: string, most: number, start: number): Promise<QueryAnswer> =>
      ports.engine.query({ sql, tables, database: tenant, maxRows: most, offset: start }, context.signal)
    const summary = summaryOf(await ask(plan.counts, 10, 0))
    const { rows, more } = await ask(plan.changes, args.max_rows, offset)
    const shown = rows.slice(0, fitting(rows))
    const truncated = more || shown.length < rows.length
    return {
      success: true as const,
      table_name: args.table_name,
      from: { ...stateOf(from, to), retrieved_at: summary.before },
      to: { ...stateOf(to, to), retrieved_at: summary.after },
      added: summary.added,
      removed: summary.removed,
      changed: summary.changed,
      unchanged: summary.same + unread(to, dataset, summary.rows),
      warnings: summary.repeated === 0 ? [] : [WORDS[args.lang].repeated(summary.repeated)],
      columns: [...plan.columns],
      rows: shown,
      counts: { matched: summary.added + summary.removed + summary.changed, returned: shown.length, truncated },
      sources: shownSources(
        sourcesOfTable(to, false, args.lang).filter((one) => dataset === null || one.dataset_id === dataset),
        args.lang,
      ),
      next_cursor: truncated ? await cursorAt(subject, offset + shown.length) : null,
    }
  },
  render: (result, words) =>
    [
      WORDS[words].changes(result),
      WORDS[words].states(result),
      ...result.warnings,
      ...(result.rows.length === 0 ? [] : [result.columns.join('\t'), ...result.rows.map(lineOf)]),
      ...(result.next_cursor === null ? [] : [WORDS[words].next(result.next_cursor)]),
      ...result.sources.flatMap(({ citation, note }) => (note === null ? [citation] : [citation, note])),
    ].join('\n'),
})

type LakePorts = Pick<Ports, 'tables' | 'engine'>

async function stateAt(
  { tables }: LakePorts,
  { caller: { tenant } }: CallContext,
  name: string,
  wanted: string | undefined,
): Promise<LakeTable> {
  const table = await tables.load(tenant, name, momentOf(wanted))
  if (table === null) throw await unknownTable(tables, tenant, name)
  if (table.snapshotId === null) throw fault('NO_DATA', `Nothing was loaded into ${name} yet.`)
  return table
}

function momentOf(text: string | undefined): TableMoment | undefined {
  if (text === undefined) return undefined
  if (/^-?\d+$/.test(text)) return { snapshotId: text }
  // A day means its end, and a time without a zone is one in Japan, wherever the server stands.
  const whole = /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T23:59:59.999` : text
  const time = Date.parse(/(Z|[+-]\d{2}:?\d{2})$/i.test(whole.slice(10)) ? whole : `${whole}+09:00`)
  if (Number.isNaN(time))
    throw fault('INVALID_PARAMETER', 'A snapshot is neither an id nor a time.', {
      hint: 'Give an id of lake_tables, a day such as 2026-11-19, or a time such as 2026-11-19T09:00:00+09:00.',
    })
  return { time }
}

/** The state that `to` replaced. */
function before(to: LakeTable): string {
  const parent = to.snapshots.find(({ id }) => id === to.snapshotId)?.parentId ?? null
  if (parent !== null) return parent
  throw fault('NO_DATA', 'The table was loaded once: there is nothing to compare it with.', {
    hint: 'Load the dataset again after e-Stat updated it (load_to_iceberg), then compare.',
  })
}

/**
 * Files that both states hold are the same, to the byte, on both sides: only the others are read. Where rows were
 * appended meanwhile, those of a new file may repeat cells of one that stayed: then all files of its dataset are read.
 */
function sides(from: LakeTable, to: LakeTable): Readonly<Record<string, LakeTable>> {
  const mayRepeat = new Set(wasAppended(from, to) ? without(to, from).map(({ datasetId: id }) => id) : [])
  const read = (table: LakeTable, other: LakeTable): LakeTable => {
    const changed = new Set(without(table, other))
    return { ...table, files: table.files.filter((file) => changed.has(file) || mayRepeat.has(file.datasetId)) }
  }
  return { before: read(from, to), after: read(to, from) }
}

function without(table: LakeTable, other: LakeTable): LakeTable['files'] {
  const known = new Set(other.files.map(({ key }) => key))
  return table.files.filter(({ key }) => !known.has(key))
}

/** Whether one of the snapshots between the two only added files; also where they are no longer all known. */
function wasAppended(from: LakeTable, to: LakeTable): boolean {
  const byId = new Map([...from.snapshots, ...to.snapshots].map((one) => [one.id, one]))
  for (let id = to.snapshotId; id !== from.snapshotId; ) {
    const snapshot = id === null ? undefined : byId.get(id)
    if (snapshot === undefined || snapshot.operation === 'append') return true
    byId.delete(snapshot.id)
    id = snapshot.parentId
  }
  return false
}

/**
 * Rows of the later state in files that were left out: nothing of theirs changed. An engine that reads a table by its
 * snapshot leaves none out, and is the one that tables with deleted rows are read by.
 */
function unread(to: LakeTable, dataset: string | null, read: number): number {
  if (to.rowsDeleted === true) return 0
  const files = to.files.filter(({ datasetId: id }) => dataset === null || id === dataset)
  return Math.max(0, files.reduce((sum, { rows }) => sum + rows, 0) - read)
}

interface Summary {
  readonly added: number
  readonly removed: number
  readonly changed: number
  readonly same: number
  readonly repeated: number
  readonly before: string | null
  readonly after: string | null
  /** Of the later state, as the engine read it. */
  readonly rows: number
}

function summaryOf({ rows }: QueryAnswer): Summary {
  const count = (change: string): number => Number(rows.find(([name]) => name === change)?.[1] ?? 0)
  const latest = (at: 3 | 4): string | null => {
    const times = rows.map((row) => row[at]).filter((one): one is string => typeof one === 'string')
    return times.toSorted().at(-1) ?? null
  }
  return {
    added: count('added'),
    removed: count('removed'),
    changed: count('changed'),
    same: count('same'),
    repeated: rows.reduce((sum, row) => sum + Number(row[2]), 0),
    before: latest(3),
    after: latest(4),
    rows: rows.reduce((sum, row) => sum + Number(row[5]), 0),
  }
}

const stateOf = (table: LakeTable, newest: LakeTable) => {
  const known = newest.snapshots.find(({ id }) => id === table.snapshotId)
  return {
    snapshot_id: table.snapshotId ?? '',
    committed_at: known === undefined ? null : new Date(known.at).toISOString(),
    rows: table.rows,
  }
}

const lineOf = (row: readonly Cell[]): string => row.map((one) => one ?? '').join('\t')
