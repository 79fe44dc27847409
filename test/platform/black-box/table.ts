/** Rows are checks, columns platforms. Pure. */
import type { Outcome } from './target.ts'

const MARK = { pass: 'pass', fail: 'FAIL', 'not applicable': 'n/a' } as const

export interface Column {
  readonly name: string
  /** By check. */
  readonly outcomes: ReadonlyMap<string, Outcome>
}

export function table(checks: readonly string[], columns: readonly Column[]): string {
  const width = Math.max(...checks.map((name) => name.length))
  const cell = (text: string, { name }: Column): string => text.padEnd(Math.max(name.length, 4))
  const lines = checks.map((check) => {
    const cells = columns.map((column) => cell(markOf(column.outcomes.get(check)), column))
    return [check.padEnd(width), ...cells].join('  ')
  })
  const heading = [''.padEnd(width), ...columns.map((column) => cell(column.name, column))].join('  ')
  return [heading, ...lines, ...reasons(checks, columns)].join('\n')
}

const markOf = (outcome: Outcome | undefined): string => (outcome ? MARK[outcome.state] : '')

/** Each reason once, with the platforms that have it. */
function reasons(checks: readonly string[], columns: readonly Column[]): readonly string[] {
  const said = new Map<string, string[]>()
  for (const { name, outcomes } of columns)
    for (const check of checks) {
      const outcome = outcomes.get(check)
      if (!outcome || outcome.state === 'pass') continue
      const line = outcome.state === 'fail' ? `FAIL ${name}: ${check}: ${outcome.why}` : `n/a  ${name}: ${outcome.why}`
      said.set(line, [...(said.get(line) ?? []), check])
    }
  return said.size === 0 ? [] : ['', ...said.keys()]
}
