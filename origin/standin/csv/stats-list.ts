/** getSimpleStatsList: one line of 35 columns for each listing (reference/estat-api.md, 3.12). */
import { childNamed, childrenNamed, type Element, textOf } from '../tree.ts'
import {
  csvLine,
  resultLines,
  section,
  STATISTICS_NAME,
  STATISTICS_NAME_EXPLANATION,
  TABLE_SUB_CATEGORIES,
  texts,
} from './lines.ts'

type Column = readonly [name: string, read: (table: Element) => string]

const text = (name: string): Column => [name, (table) => textOf(childNamed(table, name))]
const attribute = (name: string, child: string, key: string): Column => [
  name,
  (table) => (child === '' ? table : childNamed(table, child))?.attributes[key] ?? '',
]
const within = (parent: string, names: readonly string[]): readonly Column[] =>
  names.map((name): Column => [name, (table) => texts(childNamed(table, parent), [name])[0] ?? ''])
const named = (name: string, child: string): Column => [name, (table) => textOf(childNamed(table, child))]

const COLUMNS: readonly Column[] = [
  attribute('TABLE_INF', '', 'id'),
  attribute('STAT_CODE', 'STAT_NAME', 'code'),
  text('STAT_NAME'),
  attribute('GOV_ORG_CODE', 'GOV_ORG', 'code'),
  named('GOV_ORG_NAME', 'GOV_ORG'),
  ...within('STATISTICS_NAME_SPEC', STATISTICS_NAME),
  ...within('DESCRIPTION', STATISTICS_NAME_EXPLANATION),
  attribute('NO', 'TITLE', 'no'),
  text('TITLE'),
  ...within('TITLE_SPEC', ['TABLE_EXPLANATION', 'TABLE_CATEGORY', ...TABLE_SUB_CATEGORIES]),
  ...['CYCLE', 'SURVEY_DATE', 'OPEN_DATE', 'SMALL_AREA', 'COLLECT_AREA', 'OVERALL_TOTAL_NUMBER', 'UPDATED_DATE'].map(
    text,
  ),
  attribute('MAIN_CATEGORY_CODE', 'MAIN_CATEGORY', 'code'),
  text('MAIN_CATEGORY'),
  attribute('SUB_CATEGORY_CODE', 'SUB_CATEGORY', 'code'),
  text('SUB_CATEGORY'),
]

/** The form of statsNameList=Y is not on record: surveys have the four columns of theirs that are known. */
const SURVEY_COLUMNS: readonly Column[] = COLUMNS.slice(1, 5)

/** RESULT_INF has no NUMBER here (recorded). */
export function statsListCsv(root: Element): string {
  const list = childNamed(root, 'DATALIST_INF')
  const range = list && childNamed(list, 'RESULT_INF')
  const head = `${resultLines(root)}${section('RESULT_INF', range)}`
  const tables = list ? childrenNamed(list, 'TABLE_INF') : []
  const lines = list && tables.length === 0 ? childrenNamed(list, 'LIST_INF') : tables
  if (lines.length === 0) return head
  const columns = tables.length > 0 ? COLUMNS : SURVEY_COLUMNS
  return [
    head,
    csvLine(['STAT_INF']),
    csvLine(columns.map(([name]) => name)),
    ...lines.map((line) => csvLine(columns.map(([, read]) => read(line)))),
  ].join('')
}
