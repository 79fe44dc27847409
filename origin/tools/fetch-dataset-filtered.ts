import * as z from 'zod'
import { fault } from '../../shared/fault.ts'
import { resolveSelection } from '../jobs/resolve-selection.ts'
import { parseTableId } from '../estat/table-url.ts'
import { DERIVE_KINDS } from '../estat/derive-measure.ts'
import { defineTool } from './define-tool.ts'
import { answerFetch, fetchOutput, renderFetch } from './fetch-answer.ts'
import { convertToJapanese, cursor, datasetId, filters, KEEPS, lang, maxRows, READ_ONLY, saveToS3 } from './params.ts'

const deriveKind = z.enum(DERIVE_KINDS)
const deriveKinds = z
  .union([deriveKind, z.array(deriveKind).min(1).max(DERIVE_KINDS.length)])
  .optional()
  .describe(
    'Columns worked out beside value, for one measure and unit: "change" and "change_pct" (from the period selected before), ' +
      '"yoy" (from one year before, by dates), "share" (per cent of the total selected), "rank". E.g. ["yoy"]. Refused with the reason where it would mix.',
  )

export const fetchDatasetFiltered = defineTool({
  name: 'fetch_dataset_filtered',
  version: 2,
  title: '条件を付けて取得 · Fetch the rows you need',
  description: [
    'Rows of one e-Stat table narrowed by name or code on any axis, with labels, units, symbols of missing values, counts and a citation. The usual way to get figures.',
    'Call describe_dataset first to see axes and names. A name that fits several codes is refused with the candidates. For a whole table use fetch_dataset_auto. layout "wide" makes a cross table; derive adds changes, shares and ranks.',
    '地域や時点などの条件を名前で指定して、必要な行だけを取得します。',
  ].join(' '),
  input: z.object({
    dataset_id: datasetId,
    filters,
    save_to_s3: saveToS3,
    convert_to_japanese: convertToJapanese,
    max_rows: maxRows,
    layout: z
      .enum(['long', 'wide'])
      .default('long')
      .describe('"long": one row for each figure. "wide": one axis (time where it varies) spread into columns.'),
    derive: deriveKinds,
    cursor,
    lang,
  }),
  output: fetchOutput,
  annotations: READ_ONLY,
  lakeAnnotations: KEEPS,
  scope: 'read',
  weight: 2,
  cache: null,
  needs: ['stats', 'store', 'jobs', 'runner'],

  async run(input, ports, context) {
    if (Object.keys(input.filters).length === 0)
      throw fault('INVALID_PARAMETER', 'filters is empty.', {
        hint: 'Name at least one axis, e.g. {"area": "東京都"}; for the whole table use fetch_dataset_auto.',
      })
    const derive = input.derive === undefined ? [] : [...new Set([input.derive].flat())]
    if (derive.length > 0 && input.layout === 'wide')
      throw fault('INVALID_PARAMETER', 'derive and layout "wide" do not go together: the columns would mix figures.', {
        hint: 'Use layout "long" with derive.',
      })
    const ask = { lang: input.lang, signal: context.signal }
    const meta = await ports.stats.describe(parseTableId(input.dataset_id), ask)
    const selection = await resolveSelection(ports.stats, meta, input.filters, ask)
    const plan = {
      meta,
      ...selection,
      names: input.convert_to_japanese,
      maxRows: input.max_rows,
      cursor: input.cursor,
      save: input.save_to_s3,
      tool: 'fetch_dataset_filtered',
      layout: input.layout,
      derive,
    }
    return answerFetch(plan, ports, context, ask)
  },
  render: renderFetch,
})
