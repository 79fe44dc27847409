/** Parameters that more than one cacheable tool has, so that each is described once. */
import * as z from 'zod'

export const datasetId = z
  .string()
  .describe(
    'Table id (statsDataId), ten digits, e.g. "0003410379", or the URL of its e-Stat page. From search_estat_data.',
  )

export const lang = z.enum(['J', 'E']).default('J').describe('Language of names where e-Stat has it: "J" or "E".')

export const maxRows = z
  .int()
  .min(1)
  .max(5000)
  .default(100)
  .describe('Most rows to show, 1 to 5000; fewer where they would be too long. The rest by next_cursor.')

export const cursor = z.string().optional().describe('next_cursor of the answer before, to go on from there.')

export const saveToS3 = z
  .boolean()
  .default(true)
  .describe('Keep the whole selection in the lake (needs the scope "lake"); true by default.')

export const convertToJapanese = z
  .boolean()
  .default(true)
  .describe('Names beside codes in the rows; false gives codes alone.')
