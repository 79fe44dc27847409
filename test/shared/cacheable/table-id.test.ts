import { describe, expect, it } from 'vitest'
import { readTableId, tableId } from '../../../shared/cacheable/table-id.ts'

const ID = '0003448237'

describe('read as a table id', () => {
  it.each([
    ID,
    ` ${ID}　`,
    '０００３４４８２３７',
    '0003 4482 37',
    '000344-8237',
    `statsDataId=${ID}`,
    `dataset_id: ${ID}`,
    `"${ID}"`,
    `https://www.e-stat.go.jp/dbview?sid=${ID}`,
    `https://www.e-stat.go.jp/dbview?sid=${ID}#table`,
    `http://e-stat.go.jp/en/dbview?sid=${ID}`,
    `www.e-stat.go.jp/dbview?sid=${ID}`,
    `https://www.e-stat.go.jp/stat-search/database?page=1&layout=dataset&statdisp_id=${ID}`,
    `https://www.e-stat.go.jp/en/stat-search/database?statdisp_id=${ID}`,
    `https://api.e-stat.go.jp/rest/3.0/app/json/getStatsData?appId=none&statsDataId=${ID}`,
    `api.e-stat.go.jp/rest/3.0/app/getMetaInfo?statsDataId=${ID}`,
  ])('%s', (text) => {
    expect(readTableId(text)).toBe(ID)
    expect(tableId(tableId(text))).toBe(ID)
  })
})

describe('no table id', () => {
  it.each([
    '',
    '3448237',
    '00034482370',
    '2020-2021',
    '0003448237, 0003448238',
    '表0003448237',
    `https://www.e-stat.go.jp/stat-search/files?stat_infid=000032143614`,
    `https://www.e-stat.go.jp.example/dbview?sid=${ID}`,
    `https://example.com/dbview?sid=${ID}`,
    `javascript://www.e-stat.go.jp/dbview?sid=${ID}`,
    `https://www.e-stat.go.jp/dbview?sid=`,
  ])('%s', (text) => {
    expect(readTableId(text)).toBeNull()
    expect(tableId(text)).toBe(text)
  })
})
