/** データセット参照: one registered dataset, or the list of those that can be used. */
import { select } from '../conditions.ts'
import { type Dataset, isUsable, namedDataset } from '../datasets.ts'
import { isFromArea } from '../list-filters.ts'
import { tableIn } from '../language.ts'
import { found, NO_SUCH_DATASET, nothingFound, type Outcome } from '../outcome.ts'
import { ECHO_FORMAT, echoes, type Parameters } from '../parameters.ts'
import type { StandinTable } from '../table.ts'
import { branch, childNamed, type Element, leaf, textOf, without } from '../tree.ts'
import type { Operation, World } from './operation.ts'

export const refDataset: Operation = {
  path: 'refDataset',
  method: 'GET',
  formats: ['json', 'xml'],
  root: 'REF_DATASET',
  schema: 'RefDataSet',
  echo: [
    echoes('LANG', 'lang', 'J'),
    echoes('DATASET_ID', 'dataSetId'),
    echoes('COLLECT_AREA', 'collectArea'),
    echoes('EXPLANATION_GET_FLG', 'explanationGetFlg'),
    ECHO_FORMAT,
  ],
  answer(sent, world) {
    if (sent.get('dataSetId') === undefined) return listed(sent, world)
    const dataset = namedDataset(world.datasets, sent)
    const table = dataset && world.tables.get(dataset.tableId)
    return dataset && table
      ? found([datasetElement(dataset, tableIn(sent, table), dataset.narrowing)])
      : NO_SUCH_DATASET
  },
}

/** The list is an answer of another name; its entries do not say what they are narrowed to (recorded). */
function listed(sent: Parameters, { datasets, tables }: World): Outcome {
  const entries = [...datasets.values()].flatMap((dataset) => {
    const table = tables.get(dataset.tableId)
    if (table === undefined || !isUsable(dataset, sent)) return []
    const area = textOf(childNamed(table.info, 'COLLECT_AREA'))
    return isFromArea(area, sent) ? [datasetElement(dataset, tableIn(sent, table), null)] : []
  })
  const list = [branch('DATASET_LIST_INF', [leaf('NUMBER', entries.length), ...entries])]
  const root = { name: 'GET_DATASET_LIST', schema: 'GetDataSetList' }
  return { ...(entries.length === 0 ? nothingFound(list) : found(list)), root }
}

/** Recorded TABLE_INF of datasets is the short one, without its parts and explanations. */
const LEFT_OUT = ['STATISTICS_NAME_SPEC', 'DESCRIPTION', 'TITLE_SPEC']

function datasetElement(dataset: Dataset, table: StandinTable, narrowing: Element | null): Element {
  const total = table.rows.count(select(table.axes, dataset.conditions))
  return branch(
    'DATASET_INF',
    [
      ...(dataset.name === null ? [] : [leaf('DATASET_NAME', dataset.name)]),
      ...(narrowing === null ? [] : [narrowing]),
      leaf('PUBLIC_STATE', dataset.isPublic ? 'YES' : 'NO'),
      branch('RESULT_INF', [leaf('TOTAL_NUMBER', total)]),
      LEFT_OUT.reduce(without, table.info),
    ],
    { id: dataset.id },
  )
}
