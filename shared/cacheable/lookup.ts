/** Arguments of `lookup` and their one normal form. */
import * as z from 'zod'
import { foldedFor, present } from './normal.ts'
import { cursor, lang } from './params.ts'

const name = 'lookup'

const input = z.object({
  kind: z
    .enum(['survey', 'area', 'field'])
    .describe(
      'What to look up: "survey" (government statistics code), "area" (JIS code of prefecture, city or ward), "field" (statistical field).',
    ),
  find: z
    .string()
    .max(100, 'Send 100 characters at the most')
    .regex(/[\p{L}\p{N}]/u, 'Send a name, a part of one, or a code')
    .describe(
      'A name, a part of one, or a code. Example: "労働力", "府中市", "Tokyo", "00200521", "prices" (surveys also by what they ask).',
    ),
  level: z
    .int()
    .min(1)
    .max(3)
    .optional()
    .describe(
      'Areas: 1 nation and prefectures, 2 municipalities, 3 wards of designated cities. Fields: 1 major, 2 minor. Not for surveys.',
    ),
  cursor,
  lang,
})
type LookupInput = z.infer<typeof input>

const normalise = (parsed: LookupInput): LookupInput =>
  present<LookupInput>({
    kind: parsed.kind,
    // The tool itself compares nothing but folded words.
    find: foldedFor(input.shape.find, parsed.find),
    level: parsed.level,
    cursor: parsed.cursor,
    lang: parsed.lang,
  })

export const lookup = { name, input, normalise }
