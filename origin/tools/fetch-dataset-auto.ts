import { fetchDatasetAuto as fetching } from '../../shared/cacheable/fetch-dataset-auto.ts'
import { staleMark } from '../../shared/stale.ts'
import { parseTableId } from '../estat/table-url.ts'
import { OF_ONE_TABLE } from './cache-policies.ts'
import { defineTool } from './define-tool.ts'
import { answerFetch, fetchOutput, keptNothing, renderFetch } from './fetch-answer.ts'
import { KEEPS, READ_ONLY } from './params.ts'
import { tableValidator } from './table-validator.ts'

export const fetchDatasetAuto = defineTool({
  name: fetching.name,
  version: 2,
  title: '統計表を丸ごと取得 · Fetch a whole table',
  description: [
    'Fetches a whole table: shows its first rows and keeps all in the lake (save_to_s3); a large one becomes a job (get_job).',
    'For some areas, items or periods use fetch_dataset_filtered.',
    '統計表の全行を取得します。',
  ].join(' '),
  input: fetching.input,
  output: fetchOutput.extend({ stale: staleMark }),
  annotations: READ_ONLY,
  lakeAnnotations: KEEPS,
  scope: 'read',
  toolsets: ['fetch'],
  weight: 2,
  cache: OF_ONE_TABLE,
  mayKeep: keptNothing,
  validator: tableValidator,
  needs: ['stats', 'store', 'jobs', 'runner'],

  async run(raw, ports, context) {
    const input = fetching.normalise(raw)
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
      tool: fetching.name,
    }
    return answerFetch(plan, ports, context, ask)
  },
  render: renderFetch,
})
