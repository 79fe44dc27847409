import { fetchDatasetFiltered as fetching } from '../../shared/cacheable/fetch-dataset-filtered.ts'
import { fault } from '../../shared/fault.ts'
import { staleMark } from '../../shared/stale.ts'
import { resolveSelection } from '../jobs/resolve-selection.ts'
import { parseTableId } from '../estat/table-url.ts'
import { OF_ONE_TABLE } from './cache-policies.ts'
import { defineTool } from './define-tool.ts'
import { answerFetch, fetchOutput, keptNothing, renderFetch } from './fetch-answer.ts'
import { KEEPS, READ_ONLY } from './params.ts'
import { tableValidator } from './table-validator.ts'

export const fetchDatasetFiltered = defineTool({
  name: fetching.name,
  version: 2,
  title: '条件を付けて取得 · Fetch the rows you need',
  description: [
    'Gets figures: the rows of a table that match names or codes on any axis, with units, symbols of missing values and a citation.',
    'Call describe_dataset first; an ambiguous name is refused with its candidates. For a whole table use fetch_dataset_auto.',
    '条件に合う行だけを取得します。',
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
    if (Object.keys(input.filters).length === 0)
      throw fault('INVALID_PARAMETER', 'filters is empty.', {
        hint: 'Name at least one axis, e.g. {"area": "東京都"}; for the whole table use fetch_dataset_auto.',
      })
    const derive = [input.derive ?? []].flat()
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
      tool: fetching.name,
      layout: input.layout,
      derive,
    }
    return answerFetch(plan, ports, context, ask)
  },
  render: renderFetch,
})
