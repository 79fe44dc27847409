/** TABLE_INF as lines of CSV, in the order of getSimpleStatsData. */
import { childNamed, type Element, textOf } from '../tree.ts'
import { csvLine, STATISTICS_NAME, TABLE_SUB_CATEGORIES, texts } from './lines.ts'

/** How the attribute of an element stands before its text. */
const WITH: Readonly<Record<string, 'code' | 'no'>> = {
  STAT_NAME: 'code',
  GOV_ORG: 'code',
  TITLE: 'no',
  MAIN_CATEGORY: 'code',
  SUB_CATEGORY: 'code',
}
const ORDER = [
  'STAT_NAME',
  'GOV_ORG',
  'STATISTICS_NAME',
  'TITLE',
  'CYCLE',
  'SURVEY_DATE',
  'OPEN_DATE',
  'SMALL_AREA',
  'COLLECT_AREA',
  'MAIN_CATEGORY',
  'SUB_CATEGORY',
  'OVERALL_TOTAL_NUMBER',
  'UPDATED_DATE',
]

/** A TITLE without a number has an empty field in its place (recorded). What the table lacks has no line. */
export function tableLines(info: Element): string {
  const lines = ORDER.flatMap((name) => {
    const child = childNamed(info, name)
    if (child === null) return []
    const attribute = WITH[name]
    const before = attribute === undefined ? [] : [child.attributes[attribute] ?? '']
    return [csvLine([name, ...before, textOf(child)])]
  })
  const names = texts(childNamed(info, 'STATISTICS_NAME_SPEC'), STATISTICS_NAME)
  const title = childNamed(info, 'TITLE_SPEC')
  const titles = texts(title, ['TABLE_CATEGORY', 'TABLE_NAME', 'TABLE_EXPLANATION', ...TABLE_SUB_CATEGORIES])
  return [
    csvLine(['TABLE_INF', info.attributes['id'] ?? '']),
    ...lines,
    csvLine(['STATISTICS_NAME_SPEC', ...names]),
    csvLine(['TITLE_SPEC', ...titles]),
  ].join('')
}
