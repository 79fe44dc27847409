/**
 * The parser, and nothing of its meaning: text to the parser's own tree.
 *
 * `@polyglot-sql/sdk` is WebAssembly of 23 MB: 0.3 to 0.4 s and about 100 MB once, so it is loaded by the first
 * query and not by the server's start.
 */
import { type Fault, fault } from '../../../shared/fault.ts'
import { quoted } from './refusal.ts'

/** A node of the parser's tree: one key, the type, and its fields; or a plain record inside a node. */
export type RawNode = Readonly<Record<string, unknown>>

let loading: Promise<typeof import('@polyglot-sql/sdk')> | null = null

async function load(): Promise<typeof import('@polyglot-sql/sdk')> {
  loading ??= import('@polyglot-sql/sdk')
  return loading
}

/**
 * @param text One or more statements in Trino's dialect.
 * @returns The statements' roots.
 * @throws Fault QUERY_REJECTED for a syntax error, with its line and column,
 *   and for text that passes the parser's own guards of depth and size (nesting above 32).
 */
export async function parseSql(text: string): Promise<readonly RawNode[]> {
  const sdk = await load()
  let answer: ParseAnswer
  try {
    answer = sdk.parse(text, sdk.Dialect.Trino)
  } catch (cause) {
    loading = null
    throw tooDeep(cause)
  }
  if (answer.success && Array.isArray(answer.ast)) return answer.ast
  throw syntaxFault(text, answer)
}

const tooDeep = (cause?: unknown): Fault =>
  fault('QUERY_REJECTED', 'The query was not run: it is nested too deeply, or has too many parts.', {
    hint: 'Write it flatter: common table expressions (WITH) for steps, IN (...) for many values.',
    cause,
  })

type ParseAnswer = ReturnType<typeof import('@polyglot-sql/sdk').parse>

/** The parser's place is kept, its wording is not: it names its own tokens. */
function syntaxFault(text: string, at: ParseAnswer): Fault {
  if (at.error?.includes('E_GUARD_') === true) return tooDeep()
  const place = at.errorLine === undefined ? '' : ` at line ${at.errorLine}, column ${at.errorColumn}`
  const near = text.slice(at.errorStart ?? 0, at.errorEnd ?? 0).trim()
  const cause = at.error?.includes('Unterminated') === true ? ', where a quote is not closed' : ''
  return fault('QUERY_REJECTED', `SQL syntax error${place}${near === '' ? '' : `, near ${quoted(near)}`}${cause}.`, {
    hint: "Trino's dialect: text in single quotes, names in double quotes, one SELECT without a semicolon inside.",
  })
}
