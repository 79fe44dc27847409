/** Arguments of `describe_dataset` and their one normal form. */
import * as z from 'zod'
import { axisName, optionalText, present } from './normal.ts'
import { cursor, datasetId, lang } from './params.ts'
import { tableId } from './table-id.ts'

const name = 'describe_dataset'

const input = z.object({
  dataset_id: datasetId,
  axis: z.string().optional().describe('Axis to list whole, e.g. area or 地域.'),
  find: z.string().optional().describe('Part of its names or codes, e.g. 横浜.'),
  level: z.int().min(1).max(9).optional().describe('Its level, e.g. 2.'),
  cursor,
  lang,
})
type DescribeInput = z.infer<typeof input>

const normalise = (parsed: DescribeInput): DescribeInput =>
  present<DescribeInput>({
    dataset_id: tableId(parsed.dataset_id),
    axis: optionalText(parsed.axis, axisName),
    find: optionalText(parsed.find),
    level: parsed.level,
    cursor: parsed.cursor,
    lang: parsed.lang,
  })

export const describeDataset = { name, input, normalise }
