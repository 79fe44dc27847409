/** The text twin of packed rows: some clients show the model only this (PRODUCT.md, section 2). */
import type { Cell, PackedRows } from './rows.ts'
import type { SourceInfo } from './source.ts'
import { figure, type Lang, plural } from './words.ts'

export interface RowsHeading {
  readonly title: string
  readonly counts: { readonly matched: number; readonly returned: number; readonly truncated: boolean }
  readonly source: Pick<SourceInfo, 'citation' | 'note' | 'credit' | 'credit_en'>
  readonly nextCursor: string | null
  /** The tool that takes the cursor, where it is another than the one that answers. */
  readonly nextTool?: string
  /** A sentence that says how to get what is not here without paging to the end. */
  readonly whole?: string
}

const WORDS = {
  J: {
    all: (rows: number) => `全${figure(rows)}行`,
    some: (shown: number, rows: number, more: boolean) =>
      `全${figure(rows)}行のうち${figure(shown)}行${more ? '（続きがあります）' : ''}`,
    fixed: '全行共通：',
    symbols: '記号',
    next: (cursor: string) => `続きを取得するには、同じ引数に cursor "${cursor}" を加えてください。`,
    nextBy: (tool: string, cursor: string) =>
      `続きを見るには、${tool} に同じ dataset_id と cursor "${cursor}" を渡してください。`,
  },
  E: {
    all: (rows: number) => plural(rows, 'row'),
    some: (shown: number, rows: number, more: boolean) =>
      `${figure(shown)} of ${plural(rows, 'row')}${more ? ' (more follow)' : ''}`,
    fixed: 'In every row: ',
    symbols: 'Symbols',
    nextBy: (tool: string, cursor: string) =>
      `For the rows that follow, call ${tool} with the same dataset_id and lang and cursor "${cursor}".`,
    next: (cursor: string) => `For the rows that follow, call again with the same arguments and cursor "${cursor}".`,
  },
} as const

/** What is fixed and what codes mean, the rows as TSV, symbols; with a heading also counts, how to go on, and the citation. */
export function renderRows(packed: PackedRows, heading?: RowsHeading, lang: Lang = 'J'): string {
  const fixed = fixedPairs(packed.fixed)
  return [
    ...(heading === undefined ? [] : headLines(heading, lang)),
    ...(fixed.length === 0 ? [] : [`${WORDS[lang].fixed}${fixed.join('; ')}`]),
    ...Object.entries(packed.legend).map(([column, names]) => `${column}: ${pairs(names)}`),
    packed.columns.join('\t'),
    ...packed.rows.map((row) => row.map(inline).join('\t')),
    ...(Object.keys(packed.symbols).length === 0 ? [] : [`${WORDS[lang].symbols}: ${pairs(packed.symbols)}`]),
    ...(heading === undefined ? [] : ['', ...tailLines(heading, lang)]),
  ].join('\n')
}

/** A code with its name beside it, as `area=13000 東京都`. */
const fixedPairs = (fixed: PackedRows['fixed']): readonly string[] =>
  Object.entries(fixed)
    .filter(([column, cell]) => cell !== null && !(column.endsWith('_name') && hasCode(fixed, column)))
    .map(([column, cell]) => {
      const name = column.endsWith('_code') ? fixed[column.replace(/_code$/, '_name')] : undefined
      if (name === undefined || name === null) return `${column}=${inline(cell)}`
      return `${column.slice(0, -'_code'.length)}=${inline(cell)} ${inline(name)}`
    })

const hasCode = (fixed: PackedRows['fixed'], column: string): boolean =>
  (fixed[column.replace(/_name$/, '_code')] ?? null) !== null

const headLines = ({ title, counts: { matched, returned, truncated } }: RowsHeading, lang: Lang): readonly string[] => [
  `# ${inline(title)}`,
  returned === matched ? WORDS[lang].all(matched) : WORDS[lang].some(returned, matched, truncated),
]

const tailLines = ({ source, nextCursor, nextTool, whole }: RowsHeading, lang: Lang): readonly string[] => [
  ...(nextCursor === null ? [] : [nextLine(nextCursor, nextTool, WORDS[lang])]),
  ...(whole === undefined ? [] : [whole]),
  source.citation,
  ...(source.note === null ? [] : [source.note]),
  lang === 'J' ? source.credit : source.credit_en,
]

const nextLine = (cursor: string, tool: string | undefined, words: (typeof WORDS)[Lang]): string =>
  tool === undefined ? words.next(cursor) : words.nextBy(tool, cursor)

const pairs = (names: Readonly<Record<string, string>>): string =>
  Object.entries(names)
    .map(([code, name]) => `${inline(code)} = ${inline(name)}`)
    .join('; ')

/** One cell on one line: a tab or line end inside it would be a new cell or row. */
const inline = (cell: Cell): string => (cell === null ? '' : String(cell).replace(/\s*[\t\r\n]\s*/g, ' '))
