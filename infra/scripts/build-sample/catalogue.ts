/** The recorded lists, and what is known of other tables by name, as one catalogue. */
import { decodeTableInfo } from '../../../origin/estat/decode-table-info.ts'
import type { CodeName, TableInfo } from '../../../origin/estat/model.ts'
import type { CatalogueFile, CatalogueGroup } from '../../../origin/sample/catalogue-file.ts'
import { childNamed, childrenNamed, childrenOf, type Element } from '../../../origin/standin/tree.ts'
import { treeFromJson } from '../../../origin/standin/read-json.ts'
import { writeJson } from '../../../origin/standin/write-json.ts'
import { readCsv } from './read-csv.ts'
import { readXml } from './read-xml.ts'
import type { Recordings } from './recorded-tables.ts'

/** Answers recorded together with figures or classes speak first, then lists, newest first. */
const DATA = [
  'statsdata_0003280145_raw.json',
  'statsdata_0003109741_gdp.xml',
  'statsdata_0003005798.json',
  'statsdata_0000020201_A1101_v2.1.json',
  'meta_0004052037_cpi2025.json',
  'statsdata_0000020202_limit10.json',
]
const LISTS = [
  'statslist_census_excerpt.json',
  'ref_dataset.xml',
  'dataset_list.xml',
  'statslist.xml',
  'statslist_00200524_2017.csv',
  'statslist_smallarea_2015.json',
  'statslist_00200524_2017_v2.1.json',
]
const NAMES = 'known_tables.tsv'

/** @param codes The official list of statistics codes (CSV: code, name, organisation, and more). */
export function catalogueFile(read: Recordings, codes: string): CatalogueFile {
  const recorded = [...DATA, ...LISTS].map((recording) => ({ recording, text: read(recording) }))
  const tables = merge([...recorded.flatMap(tablesIn), ...knownTables(read(NAMES), recorded.flatMap(tablesIn), codes)])
  return {
    sources: [
      ...recorded.map(({ recording, text }) => ({
        recording,
        retrieved: /DATE"?[:,>]\s*"?([\d-]+T[\d:.+]+)/.exec(text)?.[1] ?? null,
      })),
      { recording: NAMES, retrieved: null },
    ],
    groups: group(tables),
  }
}

function tablesIn({ recording, text }: { recording: string; text: string }): TableInfo[] {
  if (recording.endsWith('.csv')) return tablesInCsv(text)
  const root = recording.endsWith('.xml') ? readXml(text) : treeFromJson(JSON.parse(text))
  return elementsNamed(root, 'TABLE_INF').map((element) => {
    const json = JSON.parse(writeJson(element)) as { readonly TABLE_INF: unknown }
    const info = decodeTableInfo(json.TABLE_INF)
    return { ...info, mainCategory: knownName(info.mainCategory), subCategory: knownName(info.subCategory) }
  })
}

const elementsNamed = (root: Element, name: string): readonly Element[] =>
  childNamed(root, name) === null
    ? childrenOf(root).flatMap((child) => elementsNamed(child, name))
    : childrenNamed(root, name)

/** getSimpleStatsList: one line for each listing, below the line that starts with TABLE_INF. */
function tablesInCsv(text: string): TableInfo[] {
  const records = readCsv(text)
  const head = records.findIndex(([first]) => first === 'TABLE_INF')
  const names = records[head] ?? []
  return records.slice(head + 1).map((record) => {
    const field = (name: string): string => record[names.indexOf(name)] ?? ''
    const coded = (code: string, name: string): unknown =>
      field(code) === '' ? undefined : { '@code': field(code), $: field(name) }
    return decodeTableInfo({
      '@id': field('TABLE_INF'),
      STAT_NAME: coded('STAT_CODE', 'STAT_NAME'),
      GOV_ORG: coded('GOV_ORG_CODE', 'GOV_ORG_NAME'),
      STATISTICS_NAME: [
        field('TABULATION_CATEGORY'),
        ...[1, 2, 3, 4, 5].map((at) => field(`TABULATION_SUB_CATEGORY${at}`)),
      ]
        .filter((part) => part !== '')
        .join(' '),
      TITLE: { '@no': field('NO'), $: field('TITLE') },
      ...Object.fromEntries(
        ['CYCLE', 'SURVEY_DATE', 'OPEN_DATE', 'SMALL_AREA', 'COLLECT_AREA', 'OVERALL_TOTAL_NUMBER', 'UPDATED_DATE'].map(
          (name) => [name, field(name)],
        ),
      ),
      MAIN_CATEGORY: coded('MAIN_CATEGORY_CODE', 'MAIN_CATEGORY'),
      SUB_CATEGORY: coded('SUB_CATEGORY_CODE', 'SUB_CATEGORY'),
    })
  })
}

/**
 * Tables known by id, survey, title and organisation. The survey's code is looked up by name and organisation, and
 * stays "" unless exactly one fits; its first five digits are the organisation's (manual 3.0, statsCode).
 */
function knownTables(tsv: string, recorded: readonly TableInfo[], codes: string): TableInfo[] {
  const surveys = readCsv(codes).slice(1)
  const organisations = new Map(recorded.map(({ govOrg }) => [govOrg.name, govOrg.code]))
  return tsv
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => {
      const [id = '', survey = '', title = '', organisation = '', total = ''] = line.split('\t')
      const [statName = '', ...statisticsName] = survey.split(' / ')
      const found = surveys.filter(([, name, by]) => name === statName && by === organisation)
      const code = found.length === 1 ? (found[0]?.[0] ?? '') : ''
      return decodeTableInfo({
        '@id': id,
        STAT_NAME: { '@code': code, $: statName },
        GOV_ORG: { '@code': organisations.get(organisation) ?? code.slice(0, 5), $: organisation },
        STATISTICS_NAME: statisticsName.join(' / '),
        TITLE: title,
        OVERALL_TOTAL_NUMBER: total,
        SMALL_AREA: id.startsWith('8003') && survey.includes('小地域') ? 1 : 0,
      })
    })
}

/** The recording of datasets has empty elements where a category is not known: null, as where it is absent. */
const knownName = (name: CodeName | null): CodeName | null => (name?.code === '' && name.name === '' ? null : name)

/** One for each id: the first speaks, later ones fill what it leaves open; collection areas are gathered. */
function merge(tables: readonly TableInfo[]): readonly TableInfo[] {
  const byId = new Map<string, TableInfo>()
  for (const table of tables) {
    const first = byId.get(table.id)
    byId.set(table.id, first === undefined ? table : filled(first, table))
  }
  return [...byId.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1))
}

function filled(first: TableInfo, later: TableInfo): TableInfo {
  const open = Object.entries(first).filter(([, value]) => value === null || value === '')
  return {
    ...first,
    ...Object.fromEntries(open.map(([key]) => [key, later[key as keyof TableInfo]])),
    collectArea: [...new Set([...first.collectArea, ...later.collectArea])],
  }
}

/** Tables that share everything but id, number, end of title and size are kept under one head. */
function group(tables: readonly TableInfo[]): CatalogueGroup[] {
  const groups = new Map<string, CatalogueGroup>()
  for (const { id, title, titleNo, totalRecords, description: _, ...common } of tables) {
    const titleStart =
      common.statisticsName.includes('国勢調査 ') && id.startsWith('8003') ? `${title.split(' ')[0]} ` : ''
    const key = JSON.stringify({ ...common, titleStart })
    const known = groups.get(key) ?? { ...common, titleStart, tables: [] }
    const entry = [id, titleNo, title.slice(titleStart.length), totalRecords] as const
    groups.set(key, { ...known, tables: [...known.tables, entry] })
  }
  return [...groups.values()]
}
