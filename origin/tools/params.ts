/** Parameters and result parts that more than one tool has, so that each is described once. */
import * as z from 'zod'

export const datasetId = z
  .string()
  .describe(
    'Table id (statsDataId), ten digits, e.g. "0003410379", or the URL of its e-Stat page. From search_estat_data.',
  )

export const lang = z.enum(['J', 'E']).default('J').describe('Language of names where e-Stat has it: "J" or "E".')

export const tableName = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,127}$/, 'must be a-z, 0-9 and _, beginning with a letter')
  .describe('Name of a lake table without its database, e.g. "d_0000020201".')

const filterScalar = z.union([z.string(), z.number().transform(String)])
const filterRange = z.object({ from: filterScalar.optional(), to: filterScalar.optional() }).strict()
const filterList = z.array(z.union([filterScalar, z.array(filterScalar).min(1)])).min(1)
const filterLevel = z.object({ level: filterScalar }).strict()

/** {axis: code, name, list (lists in it are one list), range, level, "latest" or "last 5 years"} */
export const filters = z
  .record(z.string(), z.union([filterScalar, filterList, filterRange, filterLevel]))
  .describe(
    'Axis to what is wanted: a code, a name, a list of them, {"from","to"}, {"level"}; on time also "latest" and "last 5 years" (直近5年), counted back from the latest period that has a value. ' +
      'E.g. {"area": "東京都", "cat01": ["総数", "男"], "time": {"from": "2010", "to": "令和2年"}}.',
  )

export const maxRows = z
  .int()
  .min(1)
  .max(5000)
  .default(100)
  .describe('Most rows to show, 1 to 5000; fewer where they would be too long. The rest by next_cursor.')

export const cursor = z.string().optional().describe('next_cursor of the answer before, to go on from there.')

export const outputFilename = z
  .string()
  .optional()
  .describe('File name, e.g. "人口_東京都.csv"; made from the id where absent. Never takes another file\'s place.')

export const saveToS3 = z
  .boolean()
  .default(true)
  .describe('Keep the whole selection in the lake (needs the scope "lake"); true by default.')

export const convertToJapanese = z
  .boolean()
  .default(true)
  .describe('Names beside codes in the rows; false gives codes alone.')

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
