/**
 * JSON Schemas as clients are shown them. A list of tools is read by a model before every conversation, so what is
 * shown is short, and weaker than what holds: whatever a shown schema refuses the zod schema refuses too, never the
 * other way round. Arguments are judged by `shared/arguments.ts`, answers in the tests, both by the zod schemas.
 */
import * as z from 'zod'

type Json = Readonly<Record<string, unknown>>

/** Arguments with types, choices, bounds, defaults and descriptions; a call that breaks any other rule is told it in words. */
export function shownInput(schema: z.ZodObject): Record<string, unknown> {
  const { properties = {}, required } = z.toJSONSchema(schema, { io: 'input', target: 'draft-2020-12' })
  const shown = Object.entries(properties).map(([name, one]) => [name, argument(one as Json)])
  return { type: 'object', properties: Object.fromEntries(shown), ...(required === undefined ? {} : { required }) }
}

const SHOWN = ['type', 'enum', 'items', 'default', 'minimum', 'maximum', 'description']

/** Of a value or a list of such values the list is shown: it always fits. What members may hold, the description says. */
function argument({ anyOf, ...schema }: Json): Json {
  const list = (anyOf as readonly Json[] | undefined)?.find(({ type }) => type === 'array')
  if (list !== undefined) return argument({ ...list, ...schema })
  const shown = SHOWN.filter((key) => schema[key] !== undefined && !goesWithoutSaying(key, schema))
  return Object.fromEntries(shown.map((key) => [key, key === 'items' ? argument(schema[key] as Json) : schema[key]]))
}

/** The first of several choices and false are what holds where nothing is sent; counts begin at 0 or 1. */
function goesWithoutSaying(key: string, { default: absent, enum: choices, minimum, maximum }: Json): boolean {
  if (key === 'default') return absent === false || (choices as readonly unknown[] | undefined)?.[0] === absent
  if (key === 'minimum') return minimum === 0 || minimum === 1 || minimum === Number.MIN_SAFE_INTEGER
  return key === 'maximum' && maximum === Number.MAX_SAFE_INTEGER
}

/**
 * Members that are always there by name, with the type of those that hold others; what is inside one is seen in the
 * answer. `success` is left out, which is always true.
 */
export function shownOutput(schema: z.ZodObject): Record<string, unknown> {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'output', target: 'draft-2020-12' })
  const names = required.filter((name) => name !== 'success')
  return {
    type: 'object',
    properties: Object.fromEntries(names.map((name) => [name, member(properties[name] as Json)])),
  }
}

const member = ({ type }: Json): Json => (type === 'array' || type === 'object' ? { type } : {})
