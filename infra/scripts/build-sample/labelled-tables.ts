/**
 * Two census tables that were kept as labels and figures, without codes. Areas and years have standard codes; the
 * rest is assigned here, as `s01` and on: no code of e-Stat looks so, and one that is sent to e-Stat finds nothing.
 */
import { PREFECTURES } from '../../../origin/estat/prefectures.ts'
import type { SampleFile } from '../../../origin/sample/sample-file.ts'
import { packRows } from '../../../origin/standin/packed-rows.ts'
import { elementFromJson } from '../../../origin/standin/read-json.ts'
import type { StandinAxis, StandinItem, StandinRow, StandinTable } from '../../../origin/standin/table.ts'
import { textOf, childNamed } from '../../../origin/standin/tree.ts'
import { readCsv } from './read-csv.ts'
import type { Recordings } from './recorded-tables.ts'
import { sampleFromTable } from './sample-from-table.ts'

/** @param unrecorded TABLE_INF of 0003410380, which no list that was recorded holds. */
export const labelledTables = (read: Recordings, unrecorded: unknown): readonly SampleFile[] => [
  byPrefecture(read),
  bySexAndAge(read, unrecorded),
]

function byPrefecture(read: Recordings): SampleFile {
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
    axis(
      'time',
      time,
      distinct(records, 4).map((name) => item(`${name.replace('年', '')}000000`, name)),
    ),
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

const SEXES: Readonly<Record<string, string>> = { 男性: '男', 女性: '女' }
/** Until 2000 the highest group counts everyone above it, under the name that it has since 2005. */
const OPEN_GROUP = { kept: '85~89歳', until: 2000, name: '85歳以上' }

function bySexAndAge(read: Recordings, info: unknown): SampleFile {
  const recording = 'labels_0003410380_pyramid.csv'
  const records = readCsv(read(recording))
    .slice(1)
    .map(([year = '', sex = '', age = '', value = '']) => [
      '人口',
      SEXES[sex] ?? missing(sex),
      ageOf(age, year),
      `${year}年`,
      value,
    ])
  // The group of old comes last: it is no member of the sequence that the later years have.
  const ages = distinct(records, 2).toSorted(
    (a, b) => Number(a === OPEN_GROUP.name) - Number(b === OPEN_GROUP.name) || years(a) - years(b),
  )
  const axes = [
    axis('tab', '表章項目', [item('s01', '人口', '人')]),
    axis(
      'cat01',
      '男女',
      distinct(records, 1).map((name, index) => item(assigned(index), name)),
    ),
    axis(
      'cat02',
      '年齢（5歳階級）',
      ages.map((name, index) => item(assigned(index), name)),
    ),
    axis(
      'time',
      '時間軸（調査年）',
      distinct(records, 3).map((name) => item(`${name.replace('年', '')}000000`, name)),
    ),
  ]
  const rows = records.map((record) => rowOf(axes, record.slice(0, 4), record[4] ?? ''))
  return sampleFromTable(
    table(info, axes, rows),
    {
      recordings: [recording, 'known_tables.tsv'],
      retrieved: null,
      remarks: [
        'The file was relabelled by whoever kept it: 男性 and 女性 are 男 and 女 again, ~ is ～ again.',
        'Unit, the tab axis, the names of the axes and the codes of tab, cat01 and cat02 (s01 and on) were not kept and are assigned here; years have their number and 000000.',
        'Until 2000 the group kept as 85~89歳 holds everyone of 85 and over: it has a code and a name of its own here, 85歳以上.',
        'TABLE_INF holds what is known of the table from known_tables.tsv; its dates were not recorded.',
      ],
    },
    {
      note: 'population by sex and five-year age group, all Japan, at every census from 1920 to 2020, without totals; unit, axis names and codes of tab, cat01 and cat02 assigned by the sample; 85歳以上 until 2000 relabelled',
      noteJa:
        '男女別・5歳階級別人口のみ（総数を除く）。全国、1920～2020年の各調査年。単位・軸名と表章項目・男女・年齢のコードは本サンプルで付与。2000年以前の85歳以上は名称を付け直した',
      totalRows: 3752,
      partialAxes: ['tab', 'cat01', 'cat02'],
      assignedAxes: ['tab', 'cat01', 'cat02'],
    },
  )
}

const ageOf = (kept: string, year: string): string =>
  kept === OPEN_GROUP.kept && Number(year) <= OPEN_GROUP.until ? OPEN_GROUP.name : kept.replace('~', '～')

const years = (age: string): number => Number.parseInt(age, 10)

const assigned = (index: number): string => `s${String(index + 1).padStart(2, '0')}`

const distinct = (records: readonly (readonly string[])[], field: number): string[] => [
  ...new Set(records.map((record) => record[field] ?? '')),
]

const item = (code: string, name: string, unit: string | null = null): StandinItem => ({
  code,
  name,
  level: '',
  unit,
  parentCode: null,
  addInf: null,
})

const axis = (id: string, name: string, items: readonly StandinItem[]): StandinAxis => ({
  id,
  name,
  description: null,
  explanations: [],
  items,
})

/** `NA` becomes an empty cell: it was there, its symbol was not kept. */
const rowOf = (axes: readonly StandinAxis[], names: readonly string[], value: string): StandinRow => ({
  positions: axes.map(({ items }, index) => items.findIndex(({ name }) => name === names[index])),
  text: value === 'NA' ? '' : value,
  annotation: null,
})

function table(json: unknown, axes: readonly StandinAxis[], rows: readonly StandinRow[]): StandinTable {
  const info = elementFromJson('TABLE_INF', json)
  const collectAreas = [textOf(childNamed(info, 'COLLECT_AREA'))].filter((area) => area !== '')
  const empty = { notes: [], annotations: [] }
  return { id: info.attributes['id'] ?? '', info, collectAreas, axes, ...empty, rows: packRows(axes.length, rows) }
}

interface RecordedList {
  readonly GET_STATS_LIST: { readonly DATALIST_INF: { readonly TABLE_INF: readonly Record<string, unknown>[] } }
}

function listedInfo(read: Recordings, id: string): unknown {
  const list = JSON.parse(read('statslist_census_excerpt.json')) as RecordedList
  const found = list.GET_STATS_LIST.DATALIST_INF.TABLE_INF.find((one) => one['@id'] === id) ?? missing(id)
  return Object.fromEntries(Object.entries(found).filter(([key]) => key !== 'UPDATED_DATE'))
}

function missing(what: string): never {
  throw new Error(`The recordings have no ${what}.`)
}
