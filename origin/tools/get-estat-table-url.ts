import * as z from 'zod'
import { parseTableId, tableUrl } from '../estat/table-url.ts'
import { defineTool } from './define-tool.ts'
import { datasetId, READ_ONLY } from './params.ts'

export const getEstatTableUrl = defineTool({
  name: 'get_estat_table_url',
  version: 1,
  title: '統計表のページ · URL of a table',
  description: [
    'Gives the e-Stat page of a table, for a person to open or cite.',
    'Whether the table exists is told by describe_dataset.',
    '統計表のページのURLを返します。',
  ].join(' '),
  input: z.object({ dataset_id: datasetId }),
  output: z.object({ success: z.literal(true), dataset_id: z.string(), table_url: z.string() }),
  annotations: { ...READ_ONLY, openWorldHint: false },
  scope: 'read',
  toolsets: ['search'],
  weight: 1,
  // Worked out from the arguments alone.
  cache: null,
  needs: [],
  run: async ({ dataset_id }) => {
    const id = parseTableId(dataset_id)
    return { success: true as const, dataset_id: id, table_url: tableUrl(id) }
  },
  render: ({ dataset_id, table_url }) => `${dataset_id}: ${table_url}`,
})
