/**
 * Settings from environment variables. The entries call `parseConfig` once and pass the result down; no other file
 * reads the environment. The README's configuration tables are generated from the descriptions here.
 *
 * No secret has a default. An empty variable counts as absent, as compose files and dashboards leave them.
 */
import type * as z from 'zod'

export { EdgeConfig } from './settings/edge.ts'
export { EdgeServerConfig, EdgeServerOwn } from './settings/edge-server.ts'
export { OriginConfig } from './settings/origin.ts'

/** A setting is missing or wrong. The message names variables and what they must be; it never holds a value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: readonly string[]

  /** @param problems One line for each variable at fault: its name and what it must be. */
  constructor(problems: readonly string[]) {
    super(`Wrong configuration\n${problems.map((line) => `  ${line}`).join('\n')}`)
    this.problems = problems
  }
}

/** @throws ConfigError with one line for each variable at fault. */
export function parseConfig<Schema extends z.ZodObject>(
  schema: Schema,
  env: Readonly<Record<string, unknown>>,
): z.infer<Schema> {
  const known = Object.keys(schema.shape)
  const given = Object.fromEntries(
    known.map((name) => [name, env[name]]).filter(([, value]) => value !== '' && value !== undefined),
  )
  const parsed = schema.safeParse(given)
  if (parsed.success) return parsed.data
  const lines = parsed.error.issues.map(({ path, code, message }) => {
    const name = String(path[0])
    return `${name}: ${name in given ? sayIssue(code, message) : 'is required'}`
  })
  throw new ConfigError([...new Set(lines)])
}

/** zod's own messages quote what was expected, never what was received; an unusual kind is told in our words all the same. */
const sayIssue = (code: string, message: string): string =>
  ['custom', 'invalid_value', 'invalid_format', 'too_small', 'too_big', 'invalid_type'].includes(code)
    ? message
    : 'has the wrong form'
