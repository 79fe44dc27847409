/** 0003410379, 男女別人口及び人口性比: population of all Japan and each prefecture, kept as labels. */
import { PREFECTURES } from '../../../origin/estat/prefectures.ts'
import type { SampleFile } from '../../../origin/sample/sample-file.ts'
import { axis, distinct, item, missing, rowOf, table, yearItem } from './labels.ts'
import { readCsv } from './read-csv.ts'
import type { Recordings } from './recorded-tables.ts'
import { sampleFromTable } from './sample-from-table.ts'

export function populationByPrefecture(read: Recordings): SampleFile {
  const recordings = ['labels_0003410379_japan.csv', 'labels_0003410379_prefectures.csv']
  const [header = [], ...first] = readCsv(read(recordings[0] ?? ''))
  const records = [...first, ...readCsv(read(recordings[1] ?? '')).slice(1)]
  const [, tab = '', cat01 = '', area = '', time = ''] = header
  const codeOfArea = new Map([['全国', '00000'], ...PREFECTURES.map(({ name, code }) => [name, code] as const)])
  const areas = distinct(records, 3).map((name) => item(codeOfArea.get(name) ?? missing(name), name))
  const axes = [
    axis('tab', tab, [item('s01', '人口', '人')]),
    axis('cat01', cat01, [item('s01', '総数')]),
    axis('area', area, areas),
    axis('time', time, distinct(records, 4).map(yearItem)),
  ]
  const rows = records.map((record) => rowOf(axes, record.slice(1, 5), record[6] ?? ''))
  return sampleFromTable(
    table(listedInfo(read, '0003410379'), axes, rows),
    {
      recordings: [...recordings, 'statslist_census_excerpt.json'],
      retrieved: '2022-07-15',
      remarks: [
        'Names and unit are as sent. The codes were not kept: those of tab and cat01 (s01) are assigned here, areas have their JIS prefecture code and 000, years their number and 000000. Levels and parents were not kept.',
        '沖縄県 1945 was kept as NA, which is no symbol of e-Stat: the cell is there, empty, its symbol not recorded.',
        'TABLE_INF is from a list recorded on 2026-10-02; its UPDATED_DATE is left out, since the figures are older.',
      ],
    },
    {
      note: 'population (人口) of both sexes (総数), all Japan and the 47 prefectures, at every census from 1920 to 2020; codes of tab and cat01 assigned by the sample; the symbol of 沖縄県 1945 was not recorded',
      noteJa:
        '人口の総数のみ。全国と47都道府県、1920～2020年の各調査年。表章項目と男女のコードは本サンプルで付与。沖縄県1945年の記号は記録なし',
      totalRows: 4200,
      partialAxes: ['tab', 'cat01', 'area'],
      assignedAxes: ['tab', 'cat01'],
    },
  )
}

interface RecordedList {
  readonly GET_STATS_LIST: { readonly DATALIST_INF: { readonly TABLE_INF: readonly Record<string, unknown>[] } }
}

function listedInfo(read: Recordings, id: string): unknown {
  const list = JSON.parse(read('statslist_census_excerpt.json')) as RecordedList
  const found = list.GET_STATS_LIST.DATALIST_INF.TABLE_INF.find((one) => one['@id'] === id) ?? missing(id)
  return Object.fromEntries(Object.entries(found).filter(([key]) => key !== 'UPDATED_DATE'))
}
