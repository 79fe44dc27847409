/** メタ情報取得: the complete class lists of one table. */
import { badParameter, found, noSuchTable } from '../outcome.ts'
import { echoes, unlessN } from '../parameters.ts'
import { classElement, tableElement } from '../table-elements.ts'
import { branch } from '../tree.ts'
import type { Operation } from './operation.ts'

export const getMetaInfo: Operation = {
  path: 'getMetaInfo',
  root: 'GET_META_INFO',
  echo: [
    echoes('LANG', 'lang', 'J'),
    echoes('STATS_DATA_ID', 'statsDataId'),
    echoes('EXPLANATION_GET_FLG', 'explanationGetFlg'),
    echoes('DATA_FORMAT', [], 'J'),
  ],
  answer(sent, { tables }) {
    const id = sent.get('statsDataId')
    if (id === undefined) return badParameter('statsDataIdを指定して下さい。')
    const table = tables.get(id)
    if (table === undefined) return noSuchTable(id)
    const explained = unlessN(sent, 'explanationGetFlg')
    return found([branch('METADATA_INF', [tableElement(table, explained), classElement(table.axes, explained)])])
  },
}
