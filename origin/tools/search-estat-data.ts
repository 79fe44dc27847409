import { searchEstatData } from '../../shared/cacheable/search-estat-data.ts'
import { OF_DAILY_LISTS } from './cache-policies.ts'
import { defineTool } from './define-tool.ts'
import { READ_ONLY } from './params.ts'
import { renderSearch } from './render-search.ts'
import { searchAnswer } from './table-listing.ts'
import { searchTables } from './table-search.ts'

export const searchEstatDataTool = defineTool({
  name: searchEstatData.name,
  version: 3,
  title: '統計表を探す · Search e-Stat tables',
  description: [
    "Finds tables of Japan's official statistics (population, prices, wages, trade, health...) for a question in Japanese or English.",
    'Use it first, to get a dataset_id. For figures go on with describe_dataset and fetch_dataset_filtered.',
    '統計表を言葉で探します。',
  ].join(' '),
  input: searchEstatData.input,
  output: searchAnswer,
  annotations: READ_ONLY,
  scope: 'read',
  toolsets: ['search'],
  weight: 1,
  cache: OF_DAILY_LISTS,
  // What the sample answers until the catalogue is built, or e-Stat did not answer, is another answer soon.
  mayKeep: ({ catalogue, live_complete }) => catalogue.state !== 'building' && live_complete !== false,
  validator: async (_input, { catalogue }) => catalogue.version?.() ?? null,
  // What e-Stat was asked beside the catalogue, no version of ours tells.
  isValidated: ({ live_complete }) => live_complete === null,
  needs: ['catalogue'],
  run: (raw, { catalogue }, context) => searchTables(searchEstatData.normalise(raw), catalogue, context),
  render: renderSearch,
})
