/** TABLE_INF written from what is known of a table: the inverse of decoding it (reference/estat-api.md, 3.3). */
import type { CodeName, TableInfo } from '../estat/model.ts'
import type { StandinListing } from './table.ts'
import { branch, type Element, leaf } from './tree.ts'

/** TABLE_INF is made when it is looked at: going through a large catalogue looks at few. */
export const listingFrom = (info: TableInfo): StandinListing => ({
  id: info.id,
  get info() {
    return elementFrom(info)
  },
  collectAreas: info.collectArea,
})

/** Elements in e-Stat's order; what is null is 0 or `-` where e-Stat says so, else absent. */
function elementFrom(info: TableInfo): Element {
  const children = [
    coded('STAT_NAME', info.statName),
    coded('GOV_ORG', info.govOrg),
    leaf('STATISTICS_NAME', info.statisticsName),
    leaf('TITLE', info.title, { no: info.titleNo }),
    leaf('CYCLE', info.cycle ?? '-'),
    leaf('SURVEY_DATE', info.surveyDate ?? '0'),
    ...optional('OPEN_DATE', info.openDate),
    leaf('SMALL_AREA', info.smallArea ? 1 : 0),
    ...optional('COLLECT_AREA', info.collectArea[0] ?? null),
    ...(info.mainCategory === null ? [] : [coded('MAIN_CATEGORY', info.mainCategory)]),
    ...(info.subCategory === null ? [] : [coded('SUB_CATEGORY', info.subCategory)]),
    leaf('OVERALL_TOTAL_NUMBER', info.totalRecords ?? 0),
    ...optional('UPDATED_DATE', info.updatedDate),
    branch('STATISTICS_NAME_SPEC', [leaf('TABULATION_CATEGORY', info.statisticsName)]),
    leaf('DESCRIPTION', info.description.length === 0 ? null : info.description.join('<br />')),
    branch('TITLE_SPEC', [leaf('TABLE_NAME', info.title)]),
  ]
  return branch('TABLE_INF', children, { id: info.id })
}

const coded = (name: string, { code, name: text }: CodeName): Element => leaf(name, text, { code })

const optional = (name: string, text: string | null): readonly Element[] => (text === null ? [] : [leaf(name, text)])
