/**
 * Arguments as models send them: forgiving about form, strict about meaning. Both sides use this,
 * the edge for cacheable tools and the origin for all.
 */
import * as z from 'zod'
import { isAxisName, knownName, nearestName } from './argument-names.ts'
import { asMeant, jsonIn } from './as-meant.ts'
import { fault } from './fault.ts'
import { isTooDeep } from './json-depth.ts'

export interface ArgumentSchema<In extends z.ZodObject = z.ZodObject> {
  readonly name: string
  readonly input: In
}

/**
 * Validates the arguments of one call.
 *
 * Accepted as meant: `"5"`, `"５"` and `"1,000"` where a number goes, 2020 where a text goes, `"true"`, `"yes"`, 1 and
 * `"1"` where a boolean goes; a choice in other case or width, `"en"` for `lang`; `"null"`, `""` and null for an
 * optional argument left out; a JSON text where an object or list goes; digits and letters in full width where only
 * those in half width are taken; `maxResults` for `max_results`, `statsDataId` for `dataset_id`.
 *
 * @throws Fault INVALID_PARAMETER that names every argument at fault; an unknown one is listed with the known ones.
 */
export function parseArguments<In extends z.ZodObject>(tool: ArgumentSchema<In>, sent: unknown): z.infer<In> {
  const raw = typeof sent === 'string' && !isTooDeep(new TextEncoder().encode(sent)) ? (jsonIn(sent) ?? sent) : sent
  if (raw !== undefined && raw !== null && (typeof raw !== 'object' || Array.isArray(raw)))
    throw fault('INVALID_PARAMETER', `The arguments of ${tool.name} must be an object.`, {
      hint: `Send a JSON object. Its members are: ${Object.keys(tool.input.shape).join(', ')}.`,
    })
  if (namesPrototype(raw)) throw fault('INVALID_PARAMETER', `The arguments of ${tool.name} hold a member "__proto__".`)
  const meant = Object.fromEntries(
    named(tool, Object.entries((raw ?? {}) as Record<string, unknown>))
      .map(([key, value]) => [key, asMeant(tool.input.shape[key] as z.ZodType, value)] as const)
      .filter(([, value]) => value !== undefined),
  )
  const parsed = tool.input.safeParse(meant)
  if (parsed.success) return parsed.data
  const { issues } = parsed.error
  const wrong = [...new Set(issues.map(({ path }) => String(path[0] ?? tool.name)))]
  throw fault('INVALID_PARAMETER', issues.map(sayIssue).join(' '), {
    hint: [`Correct ${wrong.join(', ')} and call ${tool.name} again.`, ...described(tool, issues)].join(' '),
  })
}

/** What goes where something of another type was sent, or nothing: the rules that were broken beside it say so themselves. */
function described({ input }: ArgumentSchema, issues: readonly z.core.$ZodIssue[]): readonly string[] {
  const mistyped = issues.filter(({ code }) => code === 'invalid_type' || code === 'invalid_union')
  return [...new Set(mistyped.map(({ path }) => String(path[0])))].flatMap((name) => {
    const { description } = z.toJSONSchema((input.shape[name] ?? z.never()) as z.ZodType, { io: 'input' })
    return description === undefined ? [] : [`${name}: ${description}`]
  })
}

/** @throws Fault INVALID_PARAMETER for an argument that is none of the tool's, or given twice under two spellings. */
function named(tool: ArgumentSchema, given: readonly (readonly [string, unknown])[]) {
  const known = Object.keys(tool.input.shape)
  const found = given.map(([sent, value]) => ({ sent, value, name: knownName(sent, known) }))
  const unknown = found.filter(({ name }) => name === null).map(({ sent }) => sent)
  if (unknown.length > 0)
    throw fault('INVALID_PARAMETER', `${tool.name} has no argument ${unknown.map(quote).join(', ')}.`, {
      hint: [...unknown.flatMap((sent) => adviceOn(sent, known)), `Its arguments are: ${known.join(', ')}.`].join(' '),
    })
  const twice = found.filter(({ name }) => found.filter((other) => other.name === name).length > 1)
  if (twice.length > 0)
    throw fault('INVALID_PARAMETER', `${twice.map(({ sent }) => quote(sent)).join(' and ')} are the same argument.`, {
      hint: `Send ${twice[0]?.name ?? ''} once.`,
    })
  return found.map(({ name, value }) => [name as string, value] as const)
}

function adviceOn(sent: string, known: readonly string[]): readonly string[] {
  if (known.includes('filters') && isAxisName(sent))
    return [`An axis goes into filters: {"filters": {"${sent}": ...}}.`]
  const nearest = nearestName(sent, known)
  return nearest === null ? [] : [`Did you mean "${nearest}" by ${quote(sent)}?`]
}

/** A member of this name would be dropped on the way, and with it what it was to narrow. */
function namesPrototype(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return Object.keys(value).includes('__proto__') || Object.values(value).some(namesPrototype)
}

function sayIssue(issue: z.core.$ZodIssue): string {
  const where = issue.path.map(String).join('.')
  const message = [...new Set(messagesOf(issue))].join('; or ')
  return where === '' ? `${message}.` : `${where}: ${message}.`
}

/** A union says by itself no more than "Invalid input": what each of its members wants tells how to go on. */
function messagesOf(issue: z.core.$ZodIssue): readonly string[] {
  if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined')) return ['missing']
  if (issue.code !== 'invalid_union' || issue.errors.length === 0)
    return [issue.message.replace('expected record', 'expected object')]
  const inner = issue.errors.flat()
  const types = inner.map((one) => (one.code === 'invalid_type' && one.path.length === 0 ? one.expected : null))
  return types.includes(null) ? inner.flatMap(messagesOf) : [`Invalid input: expected ${types.join(' or ')}`]
}

const quote = (name: string): string => `"${name.slice(0, 60)}"`
