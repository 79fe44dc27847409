/** Parameters and result parts that more than one tool has, so that each is described once. */
import * as z from 'zod'

export { filters } from '../../shared/cacheable/filters.ts'
export {
  convertToJapanese,
  cursor,
  datasetId,
  lang,
  maxRows,
  saveToS3,
} from '../../shared/cacheable/params.ts'

export const tableName = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,127}$/, 'must be a-z, 0-9 and _, beginning with a letter')
  .describe('E.g. d_0000020201.')

export const outputFilename = z.string().optional().describe('E.g. 人口.csv.')

/** A cell of an e-Stat row. */
const dataCell = z.union([z.string(), z.number(), z.null()])
/** A cell of a query's answer. */
export const cell = z.union([z.string(), z.number(), z.boolean(), z.null()])

export const counts = z.object({
  matched: z.int().describe('Rows that match in all.'),
  returned: z.int().describe('Rows in this answer.'),
  truncated: z.boolean().describe('True where rows follow: see next_cursor.'),
})

/** Packed rows: constant columns lifted into `fixed`, rows as arrays in the order of `columns`. */
export const packedRows = {
  columns: z.array(z.string()).describe('Names of the cells of each row, in order.'),
  fixed: z.record(z.string(), dataCell).describe('Columns that are the same in every row.'),
  rows: z.array(z.array(dataCell)),
  legend: z.record(z.string(), z.record(z.string(), z.string())).describe('Column of codes to code to name.'),
  symbols: z.record(z.string(), z.string()).describe('Symbols of missing values and what they mean in this table.'),
}

export const nextCursor = z.string().nullable().describe('Pass as cursor for the rows that follow; null at the end.')

/** Where figures come from and how to cite them (promise 2). */
export const source = z.object({
  dataset_id: z.string(),
  title: z.string(),
  survey: z.string(),
  organisation: z.string(),
  table_url: z.string(),
  updated_date: z.string().nullable(),
  retrieved_at: z.string().nullable(),
  origin: z.enum(['live', 'lake', 'sample']),
  credit: z.string(),
  credit_en: z.string(),
  citation: z.string().describe('Ready to paste beside the figures.'),
  note: z.string().nullable().describe('What must be known of this source: a bundled sample, an excerpt.'),
})

/** What a fetch kept. */
export const kept = {
  kept: z.boolean().describe('True where the whole selection is in the lake now.'),
  kept_note: z.string().nullable().describe('Why nothing was kept, or where to go on.'),
  s3_json_path: z.string().nullable().describe('The kept pages, for transform_to_parquet and save_dataset_as_csv.'),
  fetch_id: z.string().nullable(),
  job_id: z.string().nullable().describe('Where the rows are fetched as a job: for get_job.'),
}

export const READ_ONLY = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true }
/** Writes into the caller's own lake, never destroys, same again when repeated. */
export const KEEPS = { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: true }
