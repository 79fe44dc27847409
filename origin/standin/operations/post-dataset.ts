/** データセット登録: conditions kept under a name. */
import { faultIn, narrowingElement, readConditions, select } from '../conditions.ts'
import { namedDataset } from '../datasets.ts'
import { badParameter, found, japanTime, NO_SUCH_DATASET, noSuchTable, type Outcome } from '../outcome.ts'
import { echoes, type Parameters } from '../parameters.ts'
import type { StandinTable } from '../table.ts'
import { branch, childNamed, leaf } from '../tree.ts'
import type { Operation, World } from './operation.ts'

const ID = /^[A-Za-z0-9\-_.@]{1,30}$/
const LONGEST_NAME = 256

export const postDataset: Operation = {
  path: 'postDataset',
  method: 'POST',
  formats: ['xml'],
  root: 'POST_DATASET',
  // Recorded without one, and without DATA_FORMAT.
  schema: null,
  echo: [
    echoes('LANG', 'lang', 'J'),
    echoes('DATASET_ID', 'dataSetId'),
    echoes('STATS_DATA_ID', 'statsDataId'),
    echoes('DATASET_NAME', 'dataSetName'),
    { build: narrowingElement },
    echoes('OPEN_SPECIFIED', 'openSpecified'),
    echoes('PROCESS_MODE', 'processMode'),
  ],
  answer(sent, world) {
    const mode = sent.get('processMode') ?? 'E'
    if (mode === 'D') return removed(sent, world)
    if (mode !== 'E') return badParameter('processModeにはEかDを指定して下さい。')
    const id = sent.get('dataSetId')
    if (id !== undefined && !ID.test(id)) return badParameter('dataSetIdの指定が正しくありません。')
    if ((sent.get('dataSetName') ?? '').length > LONGEST_NAME)
      return badParameter(`dataSetNameは${LONGEST_NAME}文字まで指定できます。`)
    const tableId = sent.get('statsDataId')
    if (tableId === undefined) return badParameter('statsDataIdを指定して下さい。')
    const table = world.tables.get(tableId)
    return table === undefined ? noSuchTable(tableId) : registered(table, sent, world)
  },
}

function registered(table: StandinTable, sent: Parameters, { datasets, now }: World): Outcome {
  const conditions = readConditions(sent)
  const wrong = faultIn(conditions)
  if (wrong !== null) return badParameter(wrong)
  const id = sent.get('dataSetId') ?? generatedId(table, now)
  const known = datasets.get(id)
  const owner = sent.get('appId') ?? ''
  if (known !== undefined && known.owner !== owner) return badParameter('このdataSetIdは既に使用されています。')
  const isPublic = sent.get('openSpecified') === '1'
  datasets.set(id, {
    id,
    name: sent.get('dataSetName') ?? null,
    tableId: table.id,
    conditions,
    narrowing: narrowingElement(sent),
    owner,
    isPublic,
  })
  const total = table.rows.count(select(table.axes, conditions))
  return found([
    branch(
      'REGIST_INF',
      [
        leaf('DATASET_ID', id),
        leaf('STATS_DATA_ID', table.id),
        leaf('PUBLIC_STATE', isPublic ? 'yes' : 'no'),
        leaf('TOTAL_NUMBER', total),
      ],
      // "add" is recorded; the other two are ours.
      { mode: known === undefined ? 'add' : 'update' },
    ),
  ])
}

function removed(sent: Parameters, { datasets }: World): Outcome {
  const dataset = namedDataset(datasets, sent)
  if (dataset === null || dataset.owner !== sent.get('appId')) return NO_SUCH_DATASET
  datasets.delete(dataset.id)
  return found([branch('REGIST_INF', [leaf('DATASET_ID', dataset.id)], { mode: 'delete' })])
}

/** `<statsCode>-yyyymmddhhmmss`, in Japan's time (recorded). */
function generatedId({ info }: StandinTable, now: number): string {
  const survey = childNamed(info, 'STAT_NAME')?.attributes['code'] ?? ''
  return `${survey}-${japanTime(now).slice(0, 19).replaceAll(/\D/g, '')}`
}
