/** The parts of documents that code already holds, as Markdown. */
import * as z from 'zod'
import type { AnyTool } from '../../../origin/tools/define-tool.ts'

interface Property {
  readonly type?: string
  readonly enum?: readonly string[]
  readonly default?: unknown
  readonly description?: string
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')
const row = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`

function table(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  return [row(heading), row(heading.map(() => '---')), ...rows.map(row)].join('\n')
}

/** One row for each tool: name, parameters (required ones starred), scope, the first sentence of its description. */
export function toolTable(tools: readonly AnyTool[]): string {
  return table(
    ['tool', 'parameters', 'scope', 'what it does'],
    tools.map(({ name, input, scope, description }) => [
      `\`${name}\``,
      parametersOf(input),
      scope,
      description.split(/(?<=\.) /)[0] ?? '',
    ]),
  )
}

function parametersOf(input: z.ZodObject): string {
  const { properties = {}, required = [] } = z.toJSONSchema(input, { io: 'input' }) as {
    properties?: Record<string, Property>
    required?: readonly string[]
  }
  return Object.entries(properties)
    .map(([name, property]) => {
      const star = required.includes(name) ? '*' : ''
      return `\`${name}\`${star}${property.default === undefined ? '' : `=${JSON.stringify(property.default)}`}`
    })
    .join(', ')
}

/** One row for each variable: name, default, meaning. A secret never has a default. */
export function configTable(config: z.ZodObject): string {
  return table(
    ['variable', 'default', 'meaning'],
    Object.entries(config.shape).map(([name, schema]) => [
      `\`${name}\``,
      defaultOf(schema as z.ZodType),
      (schema as z.ZodType).description ?? '',
    ]),
  )
}

function defaultOf(schema: z.ZodType): string {
  const parsed = schema.safeParse(undefined)
  if (!parsed.success) return 'required'
  const { data } = parsed as { data: unknown }
  if (data === undefined || data === '' || (Array.isArray(data) && data.length === 0)) return ''
  return `\`${Array.isArray(data) ? data.join(',') : typeof data === 'string' ? data : JSON.stringify(data)}\``
}

/** What the edge knows of the tools (HOUSE.md, habit 3). */
export function toolManifest(tools: readonly AnyTool[]): string {
  const lines = tools.map(({ name, version, scope, toolsets, weight, cache }) => {
    return `    ${JSON.stringify({ name, version, scope, toolsets, weight, cache })}`
  })
  return `{\n  "tools": [\n${lines.join(',\n')}\n  ]\n}\n`
}
