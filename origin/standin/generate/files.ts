/** Data catalogues of any size from a seed: the files of generated tables, as getDataCatalog lists them. */
import { branch, type Element, leaf } from '../tree.ts'
import { type CatalogueOptions, generatedEntry } from './catalogue.ts'
import { choicesAt } from './random.ts'

/** `kind` as `fileKind` of a download has it: 0 Excel, 1 CSV, 2 PDF. */
const FORMATS = [
  { format: 'XLS', kind: 0 },
  { format: 'CSV', kind: 1 },
  { format: 'PDF', kind: 2 },
] as const
const FIRST_ID = 1_500_000
const FIRST_FILE_ID = 60_000_000
const LICENCE = 'Government of Japan Standard Terms of Use'

/** One data set for each table, with one to three files, in order of id. */
export const generatedFiles = (options: CatalogueOptions): Iterable<Element> => ({
  *[Symbol.iterator]() {
    for (let place = 0; place < options.tables; place += 1) yield datasetOf(options, place)
  },
})

/** Every element is there, empty ones too (recorded). */
function datasetOf(options: CatalogueOptions, place: number): Element {
  const { statName, govOrg, statisticsName, title, cycle, surveyDate, collectArea, openDate, updatedDate, titleNo } =
    generatedEntry(options, place)
  const id = String(FIRST_ID + place).padStart(12, '0')
  const formats = FORMATS.slice(0, 1 + choicesAt(options.seed ^ 0x7f4a7c15, place).below(FORMATS.length))
  return branch(
    'DATA_CATALOG_INF',
    [
      branch('DATASET', [
        leaf('STAT_NAME', statName.name, { code: statName.code }),
        leaf('ORGANIZATION', govOrg.name, { code: govOrg.code }),
        branch('TITLE', [
          leaf('NAME', `${statisticsName}_${title}`),
          leaf('TABULATION_CATEGORY', statisticsName),
          ...emptyOnes('TABULATION_SUB_CATEGORY', 5),
          leaf('CYCLE', cycle ?? ''),
          leaf('SURVEY_DATE', surveyDate ?? ''),
          leaf('COLLECT_AREA', collectArea[0] ?? '該当なし'),
        ]),
        leaf('DESCRIPTION', null),
        leaf('PUBLISHER', govOrg.name),
        leaf('CONTACT_POINT', govOrg.name),
        leaf('CREATOR', govOrg.name),
        leaf('RELEASE_DATE', openDate ?? ''),
        leaf('LAST_MODIFIED_DATE', updatedDate ?? ''),
        leaf('FREQUENCY_OF_UPDATE', ''),
        leaf('LANDING_PAGE', `https://www.e-stat.go.jp/stat-search/files?toukei=${statName.code}`),
      ]),
      branch(
        'RESOURCES',
        formats.map(({ format, kind }) =>
          branch(
            'RESOURCE',
            [
              branch('TITLE', [
                leaf('NAME', titleNo === null ? title : `${titleNo}_${title}`),
                leaf('TABLE_CATEGORY', ''),
                leaf('TABLE_NO', titleNo ?? ''),
                leaf('TABLE_NAME', title),
                leaf('TABLE_EXPLANATION', ''),
                ...emptyOnes('TABLE_SUB_CATEGORY', 3),
              ]),
              leaf('URL', `https://www.e-stat.go.jp/stat-search/file-download?statInfId=${id}&fileKind=${kind}`),
              leaf('DESCRIPTION', ''),
              leaf('FORMAT', format),
              leaf('RELEASE_DATE', openDate ?? ''),
              leaf('LAST_MODIFIED_DATE', updatedDate ?? ''),
              leaf('RESOURCE_LICENCE_ID', LICENCE),
              leaf('LANGUAGE', 'J'),
            ],
            { id: String(FIRST_FILE_ID + FORMATS.length * place + kind).padStart(12, '0') },
          ),
        ),
      ),
    ],
    { id },
  )
}

const emptyOnes = (name: string, count: number): readonly Element[] =>
  Array.from({ length: count }, (_, at) => leaf(`${name}${at + 1}`, ''))
