/** Arguments of `fetch_dataset_filtered` and their one normal form. */
import * as z from 'zod'
import { DERIVE_KINDS } from './derive-kinds.ts'
import { filters, normaliseFilters } from './filters.ts'
import { keepsRows, saves } from './keeps-rows.ts'
import { present } from './normal.ts'
import { convertToJapanese, cursor, datasetId, lang, maxRows, saveToS3 } from './params.ts'
import { tableId } from './table-id.ts'

const name = 'fetch_dataset_filtered'

const deriveKind = z.enum(DERIVE_KINDS)
const deriveKinds = z
  .union([deriveKind, z.array(deriveKind).min(1).max(DERIVE_KINDS.length)])
  .optional()
  .describe('From the period before, the year before (yoy), share of the total, rank. E.g. ["yoy"].')

const input = z.object({
  dataset_id: datasetId,
  filters,
  save_to_s3: saveToS3,
  convert_to_japanese: convertToJapanese,
  max_rows: maxRows,
  layout: z.enum(['long', 'wide']).default('long').describe('wide: time as columns.'),
  derive: deriveKinds,
  cursor,
  lang,
})
type FetchFilteredInput = z.infer<typeof input>

const normalise = (parsed: FetchFilteredInput): FetchFilteredInput =>
  present<FetchFilteredInput>({
    dataset_id: tableId(parsed.dataset_id),
    filters: normaliseFilters(parsed.filters),
    save_to_s3: saves(parsed),
    convert_to_japanese: parsed.convert_to_japanese,
    max_rows: parsed.max_rows,
    layout: parsed.layout,
    // In the order asked for: columns come in it.
    derive: parsed.derive === undefined ? undefined : [...new Set([parsed.derive].flat())],
    cursor: parsed.cursor,
    lang: parsed.lang,
  })

export const fetchDatasetFiltered = { name, input, normalise, keeps: keepsRows }
