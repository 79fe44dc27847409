/** Arguments of `describe_dataset` and their one normal form. */
import * as z from 'zod'
import { axisName, optionalText, present } from './normal.ts'
import { cursor, datasetId, lang } from './params.ts'
import { tableId } from './table-id.ts'

const name = 'describe_dataset'

const input = z.object({
  dataset_id: datasetId,
  axis: z.string().optional().describe('One axis to list in full: "area", "cat01" or its Japanese name.'),
  find: z.string().optional().describe('Only codes whose code or name contains this, e.g. "横浜". Needs axis.'),
  level: z.int().min(1).max(9).optional().describe('Only codes of this level, e.g. 2. Needs axis.'),
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
