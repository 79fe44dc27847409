/** メタ情報取得: the complete class lists of one table. */
import { metaInfoCsv } from '../csv/meta-info.ts'
import { tableIn } from '../language.ts'
import { badParameter, found, noSuchTable } from '../outcome.ts'
import { ECHO_FORMAT, echoes, unlessN } from '../parameters.ts'
import { classElement, tableElement } from '../table-elements.ts'
import { branch } from '../tree.ts'
import type { Operation } from './operation.ts'

export const getMetaInfo: Operation = {
  path: 'getMetaInfo',
  method: 'GET',
  formats: ['json', 'xml'],
  root: 'GET_META_INFO',
  schema: 'GetMetaInfo',
  simple: { path: 'getSimpleMetaInfo', forced: {}, write: metaInfoCsv },
  echo: [
    echoes('LANG', 'lang', 'J'),
    echoes('STATS_DATA_ID', 'statsDataId'),
    echoes('EXPLANATION_GET_FLG', 'explanationGetFlg'),
    ECHO_FORMAT,
  ],
  answer(sent, { tables }) {
    const id = sent.get('statsDataId')
    if (id === undefined) return badParameter('statsDataIdを指定して下さい。')
    const known = tables.get(id)
    if (known === undefined) return noSuchTable(id)
    const table = tableIn(sent, known)
    const explained = unlessN(sent, 'explanationGetFlg')
    return found([branch('METADATA_INF', [tableElement(table, explained), classElement(table.axes, explained)])])
  },
}
