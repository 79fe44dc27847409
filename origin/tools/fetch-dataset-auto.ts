import * as z from 'zod'
import { parseTableId } from '../estat/table-url.ts'
import { defineTool } from './define-tool.ts'
import { answerFetch, fetchOutput, renderFetch } from './fetch-answer.ts'
import { convertToJapanese, cursor, datasetId, KEEPS, lang, maxRows, READ_ONLY, saveToS3 } from './params.ts'

export const fetchDatasetAuto = defineTool({
  name: 'fetch_dataset_auto',
  version: 2,
  title: '統計表を丸ごと取得 · Fetch a whole table',
  description: [
    'Every row of one e-Stat table, checked against its count: the first rows are shown decoded, the whole is kept in the lake (scope lake, save_to_s3).',
    'Use it when the whole table is wanted. For some areas, items or periods use fetch_dataset_filtered; a table too large for one call becomes a job, whose id comes with the first rows.',
    '統計表の全行を取得し、先頭の行を表示します。',
  ].join(' '),
  input: z.object({
    dataset_id: datasetId,
    save_to_s3: saveToS3,
    convert_to_japanese: convertToJapanese,
    max_rows: maxRows,
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
    const ask = { lang: input.lang, signal: context.signal }
    const meta = await ports.stats.describe(parseTableId(input.dataset_id), ask)
    const plan = {
      meta,
      queries: [[]],
      filters: {},
      names: input.convert_to_japanese,
      maxRows: input.max_rows,
      cursor: input.cursor,
      save: input.save_to_s3,
      tool: 'fetch_dataset_auto',
    }
    return answerFetch(plan, ports, context, ask)
  },
  render: renderFetch,
})
