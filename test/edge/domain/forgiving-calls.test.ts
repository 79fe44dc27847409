/** However a model writes a call of a cacheable tool, the edge reads it as the origin does: one entry for one meaning. */
import { describe, expect, it } from 'vitest'
import { planCall } from '../../../edge/domain/call-plan.ts'
import { ToolManifest } from '../../../edge/domain/tools.ts'
import { CACHEABLE } from '../../../shared/cacheable/index.ts'
import manifest from '../../../shared/tool-manifest.json' with { type: 'json' }

const tools = { manifest: ToolManifest.parse(manifest), cacheables: CACHEABLE }

function planned(name: string, args: object): Readonly<Record<string, unknown>> | null {
  const json = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: args } }
  const headers = new Headers({ 'content-type': 'application/json' })
  return planCall({ path: '/mcp', json, headers, scopes: ['read'] }, tools)?.args ?? null
}

const table = { dataset_id: '0003448237' }
const rows = { ...table, filters: { area: '東京都' }, max_rows: 10 }

describe('is the same call', () => {
  it.each<[name: string, as: object, sent: object]>([
    ['describe_dataset', table, { dataset_id: 'https://www.e-stat.go.jp/dbview?sid=0003448237' }],
    ['describe_dataset', table, { statsDataId: '０００３４４８２３７', axis: 'null', lang: 'ja' }],
    ['describe_dataset', table, { datasetId: 'statsDataId=0003448237', find: '' }],
    ['describe_dataset', { ...table, axis: 'area', level: 2 }, { ...table, axis: 'ＡＲＥＡ', level: '２' }],
    ['fetch_dataset_auto', { ...table, save_to_s3: false }, { datasetId: '0003 4482 37', saveToS3: 'no' }],
    ['fetch_dataset_filtered', rows, { ...rows, filters: '{"area":"東京都"}', max_rows: '10' }],
    ['fetch_dataset_filtered', rows, { statsDataId: '0003448237', filters: "{'area': '東京都'}", maxRows: 10 }],
    ['fetch_dataset_filtered', { ...rows, derive: ['yoy'] }, { ...rows, derive: '["yoy"]', layout: 'LONG' }],
    ['search_estat_data', { query: '人口', stats_code: '00200521' }, { query: '人口', statsCode: '００２００５２１' }],
    ['search_estat_data', { query: '人口', lang: 'E' }, { query: '人口', lang: 'English', autoSuggest: 1 }],
    ['search_files', { query: '学校', data_type: ['XLS', 'CSV'] }, { query: '学校', dataType: '["csv","xls"]' }],
    ['lookup', { kind: 'area', find: '府中市' }, { kind: 'Area', find: '府中市', level: null }],
  ])('%s %j %j', (name, as, sent) => {
    const plain = planned(name, as)
    expect(plain).not.toBeNull()
    expect(planned(name, sent)).toEqual(plain)
  })
})

it.each<[name: string, sent: object]>([
  ['describe_dataset', { ...table, datasetId: '0003448237' }],
  ['describe_dataset', { ...table, area: '東京都' }],
  ['lookup', { kind: 'areas', find: '府中市' }],
])('leaves to the origin what cannot be meant: %s %j', (name, sent) => expect(planned(name, sent)).toBeNull())
