/** Arguments of `lookup` and their one normal form. */
import * as z from 'zod'
import { foldedFor, present } from './normal.ts'
import { cursor, lang } from './params.ts'

const name = 'lookup'

const input = z.object({
  kind: z.enum(['survey', 'area', 'field']).describe('What to look up.'),
  find: z
    .string()
    .max(100, 'Send 100 characters at the most')
    .regex(/[\p{L}\p{N}]/u, 'Send a name, a part of one, or a code')
    .describe('Name, part of one or code, e.g. 労働力, 府中市, Tokyo.'),
  level: z
    .int()
    .min(1)
    .max(3)
    .optional()
    .describe('E.g. 2. Areas: 1 prefectures, 2 municipalities, 3 wards; fields: 1 major, 2 minor.'),
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
