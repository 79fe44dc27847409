/**
 * What pure code may not reach: the network, the clock, the environment, randomness, the console.
 *
 * esbuild's `define` replaces only free names, never a local of the same name, a comment or a text, and it drops types:
 * a parser's answer. Each forbidden name becomes a mark that the output is searched for.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { transformSync } from 'esbuild'

const MARK = '__impure$'

const FORBIDDEN: readonly string[] = `
  fetch caches WebSocket navigator
  process global globalThis self require eval import.meta console
  performance setTimeout setInterval setImmediate Date.now Temporal.Now
  Math.random crypto.randomUUID crypto.getRandomValues
`
  .trim()
  .split(/\s+/)

const ENVIRONMENT = ['process.env', 'import.meta.env', 'Bun.env', 'Deno.env'] as const

const nameAfter = (mark: string): string => mark.replace(MARK, '').replaceAll('$', '.')
const marked = (name: string): string => MARK + name.replaceAll('.', '$')
const defines = (names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, marked(name)]))

function transform(source: string, names: readonly string[]): string {
  return transformSync(source, { loader: 'ts', format: 'esm', define: defines(names), logLevel: 'silent' }).code
}

const marksIn = (code: string): string[] => [...code.matchAll(/__impure\$[A-Za-z$]+/g)].map(([mark]) => nameAfter(mark))

/** The forbidden names that `source` uses, each once. `new Date(milliseconds)` is arithmetic; `new Date()` reads the clock. */
export function impurities(source: string): readonly string[] {
  const code = transform(source, [...FORBIDDEN, 'Date'])
  const clock = /new __impure\$Date(\(\)|(?!\s*\())|(?<!new )__impure\$Date\(/.test(code) ? ['new Date()'] : []
  return [...new Set([...marksIn(code).filter((name) => name !== 'Date'), ...clock])]
}

/** The ways to the environment that `source` uses, each once. */
export const environmentReads = (source: string): readonly string[] => [
  ...new Set(marksIn(transform(source, ENVIRONMENT))),
]

/** One line for each file of `files` at fault under `judge`. */
export const judged = (
  root: string,
  files: readonly string[],
  judge: (source: string) => readonly string[],
): string[] =>
  files.flatMap((file) => {
    const found = judge(readFileSync(join(root, file), 'utf8'))
    return found.length === 0 ? [] : [`${file}: ${found.join(', ')}`]
  })
