/** Values of arguments as models write them. What is returned is still to be validated. */
import type * as z from 'zod'

/** The value that a model meant by what it sent, or undefined for "left out". */
export function asMeant(schema: z.ZodType, value: unknown): unknown {
  const { inner, optional } = unwrapped(schema)
  if (optional && (value === null || value === 'null' || value === '')) return undefined
  const { type } = inner.def as { type: string }
  if (Number.isSafeInteger(value) && (type === 'string' || type === 'enum')) return String(value)
  if (type === 'boolean' && (value === 1 || value === 0)) return value === 1
  if (typeof value !== 'string') return value
  const read = READERS[type]
  return read === undefined ? value : read(value, inner)
}

const READERS: Readonly<Record<string, (text: string, schema: z.ZodType) => unknown>> = {
  number: (text) => numberIn(plain(text)) ?? text,
  boolean: (text) => booleanIn(plain(text).toLowerCase()) ?? text,
  string: (text, schema) => [text, plain(text), plain(text).toLowerCase()].find((one) => fits(schema, one)) ?? text,
  enum: choiceIn,
  record: (text) => jsonIn(text) ?? text,
  object: (text) => jsonIn(text) ?? text,
  array: (text) => jsonIn(text) ?? text,
  // A text that would do as it is may be a list still: a model that writes JSON means it.
  union(text, schema) {
    const parsed = jsonIn(text)
    if (parsed !== undefined && fits(schema, parsed)) return parsed
    const { options } = schema.def as unknown as { options: readonly z.ZodType[] }
    const meant = options.map((option) => asMeant(option, text)).find((one) => fits(schema, one))
    return fits(schema, text) ? text : (meant ?? text)
  },
}

const fits = (schema: z.ZodType, value: unknown): boolean => schema.safeParse(value).success

/** Full-width digits and letters as half-width ones, without blanks at the ends. */
const plain = (text: string): string => text.normalize('NFKC').trim()

/** Also with commas between thousands. */
function numberIn(text: string): number | undefined {
  if (/^[-+]?\d{1,3}(,\d{3})+$/.test(text)) return Number(text.replaceAll(',', ''))
  return /^[-+]?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined
}

function booleanIn(word: string): boolean | undefined {
  if (['true', 'yes', '1'].includes(word)) return true
  return ['false', 'no', '0'].includes(word) ? false : undefined
}

/** Of `lang`: e-Stat's letters (manual 3.0, 4.1) for what the rest of the world writes (ISO 639, or the language's name). */
const LANGUAGES: ReadonlyMap<string, string> = new Map([
  ...['ja', 'jp', 'jpn', 'japanese', '日本語'].map((word) => [word, 'J'] as const),
  ...['en', 'eng', 'english', '英語'].map((word) => [word, 'E'] as const),
])

function choiceIn(text: string, schema: z.ZodType): string {
  const { entries } = schema.def as unknown as { entries: Readonly<Record<string, string>> }
  const choices = Object.values(entries)
  if (choices.includes(text)) return text
  const word = plain(text).toLowerCase()
  const alike = choices.filter((choice) => choice.toLowerCase() === word)
  if (alike.length === 1) return alike[0] ?? text
  // "en-US" is English.
  const language = LANGUAGES.get(word.replace(/[-_].*$/, ''))
  return language !== undefined && choices.join('') === 'JE' ? language : text
}

/** JSON, or what Python prints of a dict or list without a quotation mark in it; undefined for any other text. */
export function jsonIn(text: string): unknown {
  const one = plain(text)
  if (!/^[[{]/.test(one)) return undefined
  return parsed(text) ?? parsed(one) ?? (/["\\]/.test(one) ? undefined : parsed(one.replaceAll("'", '"')))
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Without optional, default and nullable layers. */
function unwrapped(schema: z.ZodType): { readonly inner: z.ZodType; readonly optional: boolean } {
  let inner = schema
  let optional = false
  for (;;) {
    const def = inner.def as { type: string; innerType?: z.ZodType }
    if (!['optional', 'default', 'nullable', 'prefault'].includes(def.type) || !def.innerType)
      return { inner, optional }
    optional = true
    inner = def.innerType
  }
}
