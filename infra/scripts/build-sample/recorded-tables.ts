/** Tables whose names and codes were recorded together with their figures. */
import type { SampleFile } from '../../../origin/sample/sample-file.ts'
import { dataFrom, tableFromStatsData, tableFromTree } from '../../../origin/standin/parse-table.ts'
import { elementFromJson } from '../../../origin/standin/read-json.ts'
import { childNamed, type Element, textOf } from '../../../origin/standin/tree.ts'
import { readXml } from './read-xml.ts'
import { sampleFromTable, type Told } from './sample-from-table.ts'

/** Gives the text of one recording by its name. */
export type Recordings = (name: string) => string

export const recordedTables = (read: Recordings): readonly SampleFile[] => [
  fromJson(read, 'statsdata_0003280145_raw.json', null),
  fromXml(read, 'statsdata_0003109741_gdp.xml'),
  fromJson(read, 'statsdata_0003005798.json', {
    note: 'January 2024 alone, of a monthly series',
    noteJa: '月次系列のうち2024年1月のみ',
    totalRows: 4410,
    partialAxes: ['time'],
    assignedAxes: [],
  }),
  fromJson(read, 'statsdata_0000020201_A1101_v2.1.json', {
    note: 'item A1101 (total population) alone, of every municipality, in all years it has figures for (1980 to 2015)',
    noteJa: '項目A1101（総人口）のみ。全市区町村、値のある全年度（1980～2015年度）',
    totalRows: 1_486_890,
    partialAxes: ['cat01'],
    assignedAxes: [],
  }),
  consumerPrices(read),
]

function fromJson(read: Recordings, recording: string, told: Told): SampleFile {
  const table = tableFromStatsData(JSON.parse(read(recording)))
  const retrieved = /"DATE":\s*"([^"]+)"/.exec(read(recording))?.[1] ?? null
  const remarks = recording.includes('_v2.1')
    ? ['Recorded from API 2.1, which has no COLLECT_AREA and no DESCRIPTION.']
    : []
  return sampleFromTable(table, { recordings: [recording], retrieved, remarks }, told)
}

function fromXml(read: Recordings, recording: string): SampleFile {
  const root = readXml(read(recording))
  const source = { recordings: [recording], retrieved: dateOf(root), remarks: ['Recorded in the XML form.'] }
  return sampleFromTable(tableFromTree(root), source, null)
}

/** Metadata and cells were recorded apart: the class lists trimmed, the cells without their answer's head. */
function consumerPrices(read: Recordings): SampleFile {
  const metadata = 'meta_0004052037_cpi2025.json'
  const cells = 'datainf_0004052037_cpi2025_tab1.json'
  const root = elementFromJson(
    'GET_META_INFO',
    (JSON.parse(read(metadata)) as Record<string, unknown>)['GET_META_INFO'],
  )
  const meta = tableFromTree(root)
  const table = { ...meta, ...dataFrom(elementFromJson('DATA_INF', JSON.parse(read(cells))), meta.axes) }
  return sampleFromTable(
    table,
    {
      recordings: [metadata, cells],
      retrieved: dateOf(root),
      remarks: [
        'The class lists of cat01, area and time were trimmed by whoever kept them; figures are of tab 1 alone.',
        'The cells were kept without a date: the date is that of the metadata.',
      ],
    },
    {
      note: 'index (tab 1) of three items for all Japan and the wards of Tokyo, September 2025 to September 2026',
      noteJa: '指数（tab 1）のみ。総合・食料・生鮮食品を除く総合、全国と東京都区部、2025年9月～2026年9月',
      totalRows: 13_103_352,
      partialAxes: ['tab', 'cat01', 'area', 'time'],
      assignedAxes: [],
    },
  )
}

const dateOf = (root: Element): string | null => {
  const result = childNamed(root, 'RESULT')
  return (result && textOf(childNamed(result, 'DATE'))) || null
}
