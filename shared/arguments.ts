/**
 * Arguments as models send them: forgiving about form, strict about meaning. Both sides use this,
 * the edge for cacheable tools and the origin for all.
 */
import * as z from 'zod'
import { fault } from './fault.ts'

export interface ArgumentSchema<In extends z.ZodObject = z.ZodObject> {
  readonly name: string
  readonly input: In
}

/**
 * Validates the arguments of one call.
 *
 * Accepted as meant: `"5"` where a number goes, 2020 where a text goes, `"true"` where a boolean goes; `"null"`, `""`
 * and null for an optional argument left out; a JSON text where an object or list goes.
 *
 * @throws Fault INVALID_PARAMETER that names every argument at fault; an unknown one is listed with the known ones.
 */
export function parseArguments<In extends z.ZodObject>(tool: ArgumentSchema<In>, raw: unknown): z.infer<In> {
  if (raw !== undefined && raw !== null && (typeof raw !== 'object' || Array.isArray(raw)))
    throw fault('INVALID_PARAMETER', `The arguments of ${tool.name} must be an object.`)
  if (namesPrototype(raw)) throw fault('INVALID_PARAMETER', `The arguments of ${tool.name} hold a member "__proto__".`)
  const known = Object.keys(tool.input.shape)
  const given = Object.entries((raw ?? {}) as Record<string, unknown>)
  const unknown = given.map(([key]) => key).filter((key) => !known.includes(key))
  if (unknown.length > 0)
    throw fault('INVALID_PARAMETER', `${tool.name} has no argument ${unknown.map(quote).join(', ')}.`, {
      hint: `Its arguments are: ${known.join(', ')}.`,
    })
  const meant = Object.fromEntries(
    given
      .map(([key, value]) => [key, asMeant(tool.input.shape[key] as z.ZodType, value)] as const)
      .filter(([, value]) => value !== undefined),
  )
  const parsed = tool.input.safeParse(meant)
  if (parsed.success) return parsed.data
  throw fault('INVALID_PARAMETER', parsed.error.issues.map(sayIssue).join(' '), {
    hint: `Correct ${[...new Set(parsed.error.issues.map(({ path }) => String(path[0] ?? tool.name)))].join(', ')} and call ${tool.name} again.`,
  })
}

/** A member of this name would be dropped on the way, and with it what it was to narrow. */
function namesPrototype(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return Object.keys(value).includes('__proto__') || Object.values(value).some(namesPrototype)
}

/** The value that a model meant by what it sent, or undefined for "left out". */
function asMeant(schema: z.ZodType, value: unknown): unknown {
  const { type, optional } = kindOf(schema)
  if (optional && (value === null || value === 'null' || value === '')) return undefined
  if (Number.isSafeInteger(value) && (type === 'string' || type === 'enum')) return String(value)
  if (typeof value !== 'string') return value
  const text = value.normalize('NFKC').trim()
  if (type === 'number' && /^-?\d+(\.\d+)?$/.test(text)) return Number(text)
  if (type === 'boolean' && /^(true|false)$/i.test(text)) return text.toLowerCase() === 'true'
  if ((type === 'record' || type === 'object' || type === 'array') && /^[[{]/.test(text))
    return parseJson(text) ?? value
  return value
}

/** Unwraps optional, default and nullable layers. */
function kindOf(schema: z.ZodType): { type: string; optional: boolean } {
  let inner = schema
  let optional = false
  for (;;) {
    const def = inner.def as { type: string; innerType?: z.ZodType }
    if (!['optional', 'default', 'nullable', 'prefault'].includes(def.type) || !def.innerType)
      return { type: def.type, optional }
    optional = true
    inner = def.innerType
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function sayIssue(issue: z.core.$ZodIssue): string {
  const where = issue.path.map(String).join('.')
  const message = [...new Set(messagesOf(issue))].join('; or ')
  return where === '' ? `${message}.` : `${where}: ${message}.`
}

/** A union says by itself no more than "Invalid input": what each of its members wants tells how to go on. */
function messagesOf(issue: z.core.$ZodIssue): readonly string[] {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [issue.message]
  const inner = issue.errors.flat()
  const types = inner.map((one) => (one.code === 'invalid_type' && one.path.length === 0 ? one.expected : null))
  return types.includes(null) ? inner.flatMap(messagesOf) : [`Invalid input: expected ${types.join(' or ')}`]
}

const quote = (name: string): string => `"${name.slice(0, 60)}"`
