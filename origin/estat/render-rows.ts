/** The text twin of packed rows: some clients show the model only this (PRODUCT.md, section 2). */
import type { Cell, PackedRows } from './rows.ts'
import type { SourceInfo } from './source.ts'

export interface RowsHeading {
  readonly title: string
  readonly counts: { readonly matched: number; readonly returned: number; readonly truncated: boolean }
  readonly source: Pick<SourceInfo, 'citation' | 'note' | 'credit'>
  readonly nextCursor: string | null
}

/** What is fixed, the rows as TSV, legends and symbols; with a heading also counts, how to go on, and the citation. */
export function renderRows(packed: PackedRows, heading?: RowsHeading): string {
  const fixed = Object.entries(packed.fixed).filter(([, cell]) => cell !== null)
  return [
    ...(heading === undefined ? [] : headLines(heading)),
    ...(fixed.length === 0 ? [] : [fixed.map(([name, cell]) => `${name}=${inline(cell)}`).join('; ')]),
    packed.columns.join('\t'),
    ...packed.rows.map((row) => row.map(inline).join('\t')),
    ...Object.entries(packed.legend).map(([column, names]) => `${column}: ${pairs(names)}`),
    ...(Object.keys(packed.symbols).length === 0 ? [] : [`symbols: ${pairs(packed.symbols)}`]),
    ...(heading === undefined ? [] : tailLines(heading)),
  ].join('\n')
}

const headLines = ({ title, counts: { matched, returned, truncated } }: RowsHeading): readonly string[] => [
  `# ${inline(title)}`,
  `${returned} of ${matched} rows${truncated ? ' (cut: more follow)' : ''}`,
]

const tailLines = ({ source, nextCursor }: RowsHeading): readonly string[] => [
  ...(nextCursor === null ? [] : [`next_cursor: ${nextCursor}`]),
  source.citation,
  ...(source.note === null ? [] : [source.note]),
  source.credit,
]

const pairs = (names: Readonly<Record<string, string>>): string =>
  Object.entries(names)
    .map(([code, name]) => `${inline(code)} = ${inline(name)}`)
    .join('; ')

/** One cell on one line: a tab or line end inside it would be a new cell or row. */
const inline = (cell: Cell): string => (cell === null ? '' : String(cell).replace(/\s*[\t\r\n]\s*/g, ' '))
