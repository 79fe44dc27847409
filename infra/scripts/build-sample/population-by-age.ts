/** 0003410380, 年齢（5歳階級），男女別人口: kept as labels, and under other names than e-Stat's. */
import type { SampleFile } from '../../../origin/sample/sample-file.ts'
import { assigned, axis, distinct, item, missing, rowOf, table, yearItem } from './labels.ts'
import { readCsv } from './read-csv.ts'
import type { Recordings } from './recorded-tables.ts'
import { sampleFromTable } from './sample-from-table.ts'

const SEXES: Readonly<Record<string, string>> = { 男性: '男', 女性: '女' }
/** Until 2000 the highest group counts everyone above it, under the name that it has since 2005. */
const OPEN_GROUP = { kept: '85~89歳', until: 2000, name: '85歳以上' }

/** @param info TABLE_INF, which no list that was recorded holds. */
export function populationByAge(read: Recordings, info: unknown): SampleFile {
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
    axis('time', '時間軸（調査年）', distinct(records, 3).map(yearItem)),
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
