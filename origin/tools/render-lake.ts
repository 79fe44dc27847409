/** The text twin of the lake's tables, or of one of them described. */
import { figure, type Lang, plural } from '../estat/words.ts'
import type { LakeTablesOutput } from './lake-tables.ts'

const WORDS = {
  J: {
    tables: (count: number) => (count === 0 ? 'テーブルはありません。' : `テーブルは${figure(count)}件です。`),
    table: (name: string, rows: number, datasets: string, loaded: string | null) =>
      `${name}：${figure(rows)}行、${datasets}${loaded === null ? '' : `、最終登録 ${loaded}`}`,
    unreadable: (name: string, problem: string) => `${name}：読み取れません（${problem}）`,
    columns: '列：',
    axis: (axis: string, codes: number) => `${axis}（${figure(codes)}コード）：`,
    role: { total: '計', part: '内訳', of_which: '再掲' },
    snapshots: 'スナップショット：',
    snapshot: (id: string, at: string, operation: string, rows: number) => `${id} ${at} ${operation} ${figure(rows)}行`,
    next: (cursor: string) => `続きは cursor "${cursor}" で取得できます。`,
  },
  E: {
    tables: (count: number) => `${plural(count, 'table')}.`,
    table: (name: string, rows: number, datasets: string, loaded: string | null) =>
      `${name}: ${plural(rows, 'row')}, ${datasets}${loaded === null ? '' : `, loaded ${loaded}`}`,
    unreadable: (name: string, problem: string) => `${name}: cannot be read (${problem})`,
    columns: 'Columns: ',
    axis: (axis: string, codes: number) => `${axis} (${plural(codes, 'code')}): `,
    role: { total: 'total', part: 'part', of_which: 'of which' },
    snapshots: 'Snapshots: ',
    snapshot: (id: string, at: string, operation: string, rows: number) =>
      `${id} ${at} ${operation} ${plural(rows, 'row')}`,
    next: (cursor: string) => `More: call again with cursor "${cursor}".`,
  },
} as const

export function renderLakeTables({ tables, table, counts, next_cursor }: LakeTablesOutput, lang: Lang): string {
  const words = WORDS[lang]
  return [
    ...(table === null ? [words.tables(counts.matched)] : []),
    ...tables.map(({ table_name, rows, datasets, updated_at, problem }) =>
      problem === null
        ? words.table(
            table_name,
            rows,
            datasets.map(({ dataset_id, title }) => `${dataset_id} ${title}`).join('; '),
            updated_at,
          )
        : words.unreadable(table_name, problem),
    ),
    ...(table === null ? [] : renderTable(table, lang)),
    ...(next_cursor === null ? [] : [words.next(next_cursor)]),
  ].join('\n')
}

type Table = NonNullable<LakeTablesOutput['table']>

function renderTable({ columns, axes, snapshots, sources }: Table, lang: Lang): readonly string[] {
  const words = WORDS[lang]
  const history = snapshots.map((one) => words.snapshot(one.snapshot_id, one.committed_at, one.operation, one.rows))
  return [
    ...(columns.length === 0
      ? []
      : [`${words.columns}${columns.map(({ name, type }) => `${name} ${type}`).join(', ')}`]),
    ...axes.map(({ axis, codes, dictionary }) => {
      const shown = dictionary.map((one) => `${one.code} ${one.name ?? ''}${roleOf(one.role, lang)}`)
      return `${words.axis(axis, codes)}${shown.join('; ')}${dictionary.length < codes ? '; …' : ''}`
    }),
    ...(history.length === 0 ? [] : [`${words.snapshots}${history.join('; ')}`]),
    ...sources.flatMap(({ citation, note }) => (note === null ? [citation] : [citation, note])),
  ]
}

function roleOf(role: string | null, lang: Lang): string {
  const known: Readonly<Record<string, string>> = WORDS[lang].role
  const word = role === null ? undefined : known[role]
  return word === undefined ? '' : ` [${word}]`
}
