/** Every recorded JSON answer decoded, judged by the minimal reader of test/recordings.ts and by the raw JSON. */
import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { decodeData, decodeDataInf, decodeEnvelope, decodeMetadata } from '../../../origin/estat/decode-answer.ts'
import { decodeTableList } from '../../../origin/estat/decode-table-list.ts'
import type { Axis } from '../../../origin/estat/model.ts'
import { decodeObservation } from '../../../origin/estat/observation.ts'
import { readCells, readRecording, recordingsPresent } from '../../recordings.ts'

const rootOf = (file: string): unknown => decodeEnvelope(JSON.parse(readRecording(file)))?.root

const data = (file: string) => {
  const decoded = decodeData(rootOf(file))
  if (decoded === null) throw new Error(`${file} was not decoded`)
  return decoded
}

const nameIn = (axes: readonly Axis[], id: string, code: string): string | undefined =>
  axes.find((axis) => axis.id === id)?.items.find((item) => item.code === code)?.name

/** One string for each cell, so that 15,313 of them compare in a moment. */
const line = (codes: object, value: number | null, text: string, symbol: string | null, unit: string | null): string =>
  JSON.stringify([codes, value, text, symbol, unit])

function expectSameCells(
  file: string,
  values: ReturnType<typeof decodeDataInf>['values'],
  axes: readonly Axis[],
): void {
  const { cells } = readCells(file)
  const rows = values.map(decodeObservation)
  expect(rows.map((row) => line(row.codes, row.value, row.text, row.symbol, row.unit))).toEqual(
    cells.map((cell) => line(cell.codes ?? {}, cell.value, cell.text, cell.symbol, cell.unit)),
  )
  const wrongNames = cells.flatMap(({ codes = {}, names = {} }) =>
    Object.entries(names).filter(([id, name]) => nameIn(axes, id, codes[id] ?? '') !== name),
  )
  expect(wrongNames).toEqual([])
}

describe.runIf(recordingsPresent)('recorded answers', () => {
  it('are twelve JSON files, each with a test below', () => {
    const folder = new URL('../../../../shared/data/estat/', import.meta.url)
    expect(readdirSync(folder).filter((file) => file.endsWith('.json'))).toHaveLength(12)
  })

  it('statsdata_0000020201_A1101_v2.1.json: 15,313 values, 303 of them a symbol', () => {
    const { total, from, to, nextKey, axes, values, notes, info } = data('statsdata_0000020201_A1101_v2.1.json')
    expect([total, from, to, nextKey, values.length]).toEqual([15313, 1, 15313, null, 15313])
    expectSameCells('statsdata_0000020201_A1101_v2.1.json', values, axes)
    expect(values.map(decodeObservation).filter(({ symbol }) => symbol === '-')).toHaveLength(303)
    expect(notes.map(({ symbol }) => symbol)).toEqual(['***', '-', 'X'])
    expect(axes.map(({ id, items }) => [id, items.length])).toEqual([
      ['tab', 1],
      ['cat01', 1],
      ['area', 1917],
      ['time', 38],
    ])
    expect(info).toMatchObject({
      title: 'Ａ　人口・世帯',
      titleNo: '0000020201',
      surveyDate: null,
      totalRecords: 1486890,
      collectArea: [],
    })
  })

  it('statsdata_0000020202_limit10.json: 10 of 403,227 rows and where the next begin', () => {
    const { total, to, nextKey, axes, values, info } = data('statsdata_0000020202_limit10.json')
    expect([total, to, nextKey]).toEqual([403227, 10, 11])
    expectSameCells('statsdata_0000020202_limit10.json', values, axes)
    expect(axes[1]?.items.map(({ unit }) => unit)).toEqual([...Array.from({ length: 7 }, () => 'ｈａ'), 'ｍ2', 'ｍ2'])
    expect(info.description).toEqual([
      '社会・人口統計体系の市区町村ごとに集計したデータを提供します。',
      'データは、2024年3月31日時点の市区町村で整備しています。',
    ])
  })

  it('statsdata_0003280145_raw.json: no tab, no time, a title without number, a range of survey dates', () => {
    const { axes, values, notes, info } = data('statsdata_0003280145_raw.json')
    expectSameCells('statsdata_0003280145_raw.json', values, axes)
    expect(axes.map(({ id }) => id)).toEqual(['cat01', 'area'])
    expect(info).toMatchObject({
      titleNo: null,
      surveyDate: '201601-201612',
      cycle: '年次',
      description: [],
      collectArea: ['該当なし'],
    })
    expect(info.title).toMatch(/^農林水産物輸出入概況 ９.*コーヒー豆（生豆）$/)
    expect(notes).toContainEqual({ symbol: '－', meaning: '事実のないもの' })
  })

  it('statsdata_0003005798.json: levels of "" on tab, axes of one code, a NOTE for the character 0', () => {
    const { axes, values, notes, info } = data('statsdata_0003005798.json')
    expectSameCells('statsdata_0003005798.json', values, axes)
    expect(axes[0]?.items).toEqual([{ code: '01', name: '実数(人口)', level: null, unit: '万人', parentCode: null }])
    expect(axes[4]?.description).toMatch(/^○地域区分/)
    expect(notes.map(({ symbol }) => symbol)).toEqual(['*', '***', '0', '…'])
    expect(info.description[0]?.split('\n')).toHaveLength(5)
  })

  it('meta_0004052037_cpi2025.json: parents outside the list, levels 1 to 4', () => {
    const metadata = decodeMetadata(rootOf('meta_0004052037_cpi2025.json'))
    const time = metadata?.axes.at(-1)
    expect(metadata?.info).toMatchObject({
      id: '0004052037',
      updatedDate: '2026-10-02',
      totalRecords: 13103352,
      cycle: null,
    })
    expect(time?.items[0]).toEqual({
      code: '2026000909',
      name: '2026年9月',
      level: 4,
      unit: null,
      parentCode: '2026000709',
    })
    expect(time?.items.some(({ code }) => code === '2026000709')).toBe(false)
    expect(metadata?.axes[0]?.items.map(({ unit }) => unit)).toEqual([null, '%', '%'])
  })

  it('datainf_0004052037_cpi2025_tab1.json: one NOTE bare, cells without a unit', () => {
    const { values, notes } = decodeDataInf(JSON.parse(readRecording('datainf_0004052037_cpi2025_tab1.json')))
    const axes = decodeMetadata(rootOf('meta_0004052037_cpi2025.json'))?.axes ?? []
    expectSameCells('datainf_0004052037_cpi2025_tab1.json', values, axes)
    expect(notes).toEqual([{ symbol: '***', meaning: '該当データがない場合を示す。' }])
  })

  it('datainf_0003445078_census2020.json: codes with an underscore', () => {
    const { values } = decodeDataInf(JSON.parse(readRecording('datainf_0003445078_census2020.json')))
    expectSameCells('datainf_0003445078_census2020.json', values, [])
    expect(decodeObservation(values[0] ?? { $: '' })).toMatchObject({ codes: { tab: '2020_01' }, value: 126146099 })
  })

  it('statslist_census_excerpt.json: a table listed once for each area is one table', () => {
    const { total, listings, tables, nextKey } = decodeTableList(rootOf('statslist_census_excerpt.json'))
    expect([total, listings, tables.length, nextKey]).toEqual([55, 4, 2, 41])
    expect(tables.map(({ id, collectArea }) => [id, collectArea])).toEqual([
      ['0003433219', ['全国', '市区町村', '都道府県']],
      ['0003410379', ['該当なし']],
    ])
  })

  it('statslist_smallarea_2015.json: 1,782 tables, no collection area, dates as numbers', () => {
    const { total, tables } = decodeTableList(rootOf('statslist_smallarea_2015.json'))
    expect([total, tables.length]).toEqual([1782, 1782])
    expect(tables.filter(({ smallArea }) => smallArea)).toHaveLength(423)
    expect(tables.every(({ surveyDate, collectArea }) => surveyDate === '201510' && collectArea.length === 0)).toBe(
      true,
    )
  })

  it('statslist_00200524_2017_v2.1.json: 21 tables with the numbers of their titles', () => {
    const { tables } = decodeTableList(rootOf('statslist_00200524_2017_v2.1.json'))
    expect(tables.map(({ titleNo }) => titleNo)).toEqual(
      Array.from({ length: 21 }, (_, n) => String(n + 1).padStart(3, '0')),
    )
    expect(tables[13]?.title).toBe('参考表　男女別人口の計算表－総人口，日本人人口，外国人人口')
  })

  it('statsnamelist_census.json: a list of surveys holds no tables', () => {
    expect(decodeTableList(rootOf('statsnamelist_census.json'))).toEqual({
      total: 4,
      listings: 0,
      nextKey: null,
      tables: [],
    })
  })

  it('error100_v2.1.json: refused, and no data part', () => {
    const answer = decodeEnvelope(JSON.parse(readRecording('error100_v2.1.json')))
    expect(answer?.status).toBe(100)
    expect(decodeData(answer?.root)).toBeNull()
  })
})
