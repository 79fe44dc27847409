/** Arguments of `search_files` and their one normal form. */
import * as z from 'zod'
import { present } from './normal.ts'
import { cursor, lang } from './params.ts'

const name = 'search_files'

/** Of the interface's dataType (manual 3.0, データカタログ情報取得). */
export const FILE_FORMATS = ['XLS', 'CSV', 'PDF', 'XML', 'XLS_REP', 'DB']

const input = z.object({
  query: z
    .string()
    .max(100, 'Send 100 characters at the most')
    .regex(/[\p{L}\p{N}]/u, 'Send words to search for')
    .describe('Words that must all be there, e.g. 学校基本調査 大学.'),
  stats_code: z
    .string()
    .regex(/^(\d{5}|\d{8})$/, 'Send the eight digits of a survey or the five of an organisation')
    .optional()
    .describe('Survey or organisation, of lookup, e.g. 00400001.'),
  data_type: z
    .union([z.string(), z.array(z.string())])
    .optional()
    .describe('XLS, CSV, PDF, XML, XLS_REP, DB; e.g. ["XLS"].'),
  max_results: z.int().min(1).max(20).default(5).describe('E.g. 10.'),
  cursor,
  lang,
})
type SearchFilesInput = z.infer<typeof input>

/** Words keep their spelling: e-Stat reads them, not we. */
const normalise = (parsed: SearchFilesInput): SearchFilesInput =>
  present<SearchFilesInput>({
    query: parsed.query.trim().replace(/\s+/gu, ' '),
    stats_code: parsed.stats_code,
    data_type: kindsOf(parsed.data_type),
    max_results: parsed.max_results,
    cursor: parsed.cursor,
    lang: parsed.lang,
  })

/** Kinds in one order; undefined for all; as they are written where one is unknown, which the tool refuses. */
function kindsOf(sent: SearchFilesInput['data_type']): SearchFilesInput['data_type'] {
  const kinds = fileKinds(sent)
  if (kinds.length === 0) return undefined
  return kinds.every((kind) => FILE_FORMATS.includes(kind))
    ? FILE_FORMATS.filter((format) => kinds.includes(format))
    : sent
}

/** What was named, in capitals. */
export const fileKinds = (sent: string | readonly string[] | undefined): readonly string[] =>
  (typeof sent === 'string' ? sent.split(',') : (sent ?? []))
    .map((kind) => kind.trim().toUpperCase())
    .filter((kind) => kind !== '')

export const searchFiles = { name, input, normalise }
