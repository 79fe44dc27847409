/** What is shown of keys. Pure. */
import type { ListedKey } from '../../../shared/key-admin.ts'

/** An answer for people and the same for scripts. */
export interface Said {
  readonly text: string
  readonly json: unknown
}

type Column = readonly [heading: string, of: (key: ListedKey) => string]

const COLUMNS: readonly Column[] = [
  ['ID', ({ id }) => id],
  ['STATE', ({ state }) => state],
  ['TENANT', ({ tenant }) => tenant ?? ''],
  ['SCOPES', ({ scopes }) => scopes?.join(',') ?? ''],
  ['LIMIT', ({ limit }) => (limit === null ? 'default' : limit === undefined ? '' : `${limit}/min`)],
  ['EXPIRES', ({ expires }) => (expires === null ? 'never' : dayOf(expires))],
  ['CREATED', ({ created }) => dayOf(created)],
  ['LABEL', ({ label }) => printable(label ?? '')],
]

const dayOf = (instant: string | undefined): string => instant?.slice(0, 10) ?? ''

/** A label may have been written by another program: nothing in it moves a terminal's cursor. */
const printable = (text: string): string => text.replaceAll(/\p{C}/gu, '?')

/** One line for each key under a heading. */
export function keyTable(keys: readonly ListedKey[]): string {
  if (keys.length === 0) return 'There are no keys. Make one: npm run keys -- create --label "who has it"'
  const rows = [COLUMNS.map(([heading]) => heading), ...keys.map((key) => COLUMNS.map(([, of]) => of(key)))]
  const widths = COLUMNS.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)))
  return rows
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** One key, a line for each of its facts. */
export function keyCard(key: ListedKey): string {
  const full: readonly Column[] = [
    ...COLUMNS.filter(([heading]) => heading !== 'EXPIRES' && heading !== 'CREATED'),
    ['EXPIRES', ({ expires }) => (expires === null ? 'never' : (expires ?? ''))],
    ['CREATED', ({ created }) => created ?? 'unknown'],
    ['REVOKED', ({ revoked }) => revoked ?? 'no'],
  ]
  return full.map(([heading, of]) => `${heading.toLowerCase().padEnd(8)} ${of(key)}`.trimEnd()).join('\n')
}
