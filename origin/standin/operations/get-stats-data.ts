/** 統計データ取得: cells of one table, narrowed and paged. */
import { statsDataCsv } from '../csv/stats-data.ts'
import { both, type Conditions, faultIn, narrowed, narrowingElement, readConditions, select } from '../conditions.ts'
import { namedDataset } from '../datasets.ts'
import { tableIn } from '../language.ts'
import { badParameter, found, NO_SUCH_DATASET, noSuchTable, nothingFound, type Outcome } from '../outcome.ts'
import { rangeElements, readPage } from '../paging.ts'
import { ECHO_FORMAT, echoes, type Parameters, unlessN } from '../parameters.ts'
import type { StandinTable } from '../table.ts'
import { classElement, dataElement, tableElement } from '../table-elements.ts'
import { branch, type Element, leaf } from '../tree.ts'
import type { Operation, World } from './operation.ts'

/** The manual writes replaceSpChar, e-Stat's own pages and every recording replaceSpChars: both are taken. */
const REPLACE = ['replaceSpChars', 'replaceSpChar'] as const
const REPLACEMENTS: Readonly<Record<string, string>> = { '1': '0', '2': '', '3': 'NA' }

export const getStatsData: Operation = {
  path: 'getStatsData',
  method: 'GET',
  formats: ['json', 'xml'],
  root: 'GET_STATS_DATA',
  schema: 'GetStatsData',
  // Names come from CLASS_INF; metaGetFlg and cntGetFlg have no effect on CSV (manual, getSimpleStatsData).
  simple: { path: 'getSimpleStatsData', forced: { metaGetFlg: 'Y', cntGetFlg: 'N' }, write: statsDataCsv },
  echo: [
    echoes('LANG', 'lang', 'J'),
    echoes('DATASET_ID', 'dataSetId'),
    echoes('STATS_DATA_ID', 'statsDataId'),
    { build: narrowingElement },
    ECHO_FORMAT,
    echoes('START_POSITION', 'startPosition', '1'),
    echoes('LIMIT', 'limit'),
    echoes('METAGET_FLG', 'metaGetFlg', 'Y'),
    echoes('EXPLANATION_GET_FLG', 'explanationGetFlg'),
    echoes('ANNOTATION_GET_FLG', 'annotationGetFlg'),
    echoes('REPLACE_SP_CHARS', REPLACE),
    echoes('CNT_GET_FLG', 'cntGetFlg'),
    echoes('SECTION_HEADER_FLG', 'sectionHeaderFlg'),
  ],
  answer: dataOf,
}

/** One answer of getStatsData; the bulk form puts several together. */
export function dataOf(sent: Parameters, { tables, datasets }: Pick<World, 'tables' | 'datasets'>): Outcome {
  const asked = sent.get('statsDataId')
  if ((asked === undefined) === (sent.get('dataSetId') === undefined))
    return badParameter('statsDataIdとdataSetIdのどちらか一方を指定して下さい。')
  const dataset = asked === undefined ? namedDataset(datasets, sent) : null
  const id = asked ?? dataset?.tableId
  if (id === undefined) return NO_SUCH_DATASET
  const table = tables.get(id)
  return table === undefined ? noSuchTable(id) : cellsOf(tableIn(sent, table), sent, dataset?.conditions ?? new Map())
}

/** @param stored Conditions of a dataset: those that were sent narrow it further. */
function cellsOf(table: StandinTable, sent: Parameters, stored: Conditions): Outcome {
  const conditions = readConditions(sent)
  const page = readPage(sent)
  const wrong = faultIn(conditions) ?? (typeof page === 'string' ? page : null)
  if (wrong !== null || typeof page === 'string') return badParameter(wrong ?? '')

  const selection = both(select(table.axes, stored), select(table.axes, conditions))
  const total = table.rows.count(selection)
  const countOnly = sent.get('cntGetFlg') === 'Y'
  const empty = total === 0 || (!countOnly && page.start > total)
  const explained = unlessN(sent, 'explanationGetFlg')
  const body: Element[] = [
    branch('RESULT_INF', [leaf('TOTAL_NUMBER', total), ...(countOnly || empty ? [] : rangeElements(page, total))]),
    tableElement(table, explained),
  ]
  if (unlessN(sent, 'metaGetFlg')) body.push(classElement(narrowed(table.axes, selection), explained))
  if (!countOnly && !empty)
    body.push(
      dataElement(table, () => table.rows.scan(selection, page.start, page.limit), {
        annotated: unlessN(sent, 'annotationGetFlg'),
        replacement:
          REPLACEMENTS[REPLACE.map((name) => sent.get(name)).find((value) => value !== undefined) ?? ''] ?? null,
      }),
    )
  const data = [branch('STATISTICAL_DATA', body)]
  return empty ? nothingFound(data) : found(data)
}
