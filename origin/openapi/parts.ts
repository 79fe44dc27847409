/** What operations of the OpenAPI document share: the envelope of errors, how bodies are written down. */
import { FAULTS } from '../../shared/fault.ts'
import type { JsonSchema } from '../tool-schemas.ts'

export const json = (schema: object, example?: unknown): object => ({
  'application/json': { schema, ...(example === undefined ? {} : { example }) },
})

export const object = (properties: Readonly<Record<string, object>>, optional: readonly string[] = []): JsonSchema => ({
  type: 'object',
  properties,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
})

export const TEXT = { type: 'string' } as const

const candidate = object({ code: TEXT, name: TEXT, axis: TEXT }, ['axis'])

/** PRODUCT.md section 2, "Errors". */
const error = object(
  {
    code: { type: 'string', enum: Object.keys(FAULTS), description: 'Stable: programs decide by it.' },
    message: { type: 'string', description: 'In plain words.' },
    tool: { type: ['string', 'null'] },
    hint: { type: 'string', description: 'What to do next.' },
    retry_after_seconds: { type: 'integer', minimum: 1 },
    candidates: { type: 'array', items: candidate, description: 'What an ambiguous name may mean.' },
  },
  ['retry_after_seconds', 'candidates'],
)

export const SCHEMAS = {
  Error: object({ success: { const: false }, error, text: { type: 'string', description: 'For a person.' } }, ['text']),
} as const

const failed = (description: string, headers?: object): object => ({
  description,
  ...(headers ? { headers } : {}),
  content: json({ $ref: '#/components/schemas/Error' }),
})

const SECONDS = { 'Retry-After': { description: 'Seconds to wait.', schema: { type: 'integer' } } }

/** Each a code of `FAULTS` under its status. */
export const RESPONSES = {
  Invalid: failed('An argument is missing, wrong or unknown: INVALID_PARAMETER.'),
  Unauthorized: failed('Nobody who may ask: UNAUTHORIZED.'),
  Forbidden: failed('The scope of the operation is missing: FORBIDDEN.'),
  NotFound: failed('There is no such thing of yours, or no data: NOT_FOUND, NO_DATA.'),
  Limited: failed('Too many calls: RATE_LIMITED.', SECONDS),
  Failed: failed('Any other failure; `error.code` says which.'),
} as const

const ref = (name: keyof typeof RESPONSES): object => ({ $ref: `#/components/responses/${name}` })

/** The failures of every operation that asks who is there. */
export const FAILURES = {
  '400': ref('Invalid'),
  '401': ref('Unauthorized'),
  '403': ref('Forbidden'),
  '404': ref('NotFound'),
  '429': ref('Limited'),
  default: ref('Failed'),
} as const
