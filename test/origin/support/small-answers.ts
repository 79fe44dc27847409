/** Answers of e-Stat that are easily misread. */
import { tableFromStatsData } from '../../../origin/standin/parse-table.ts'
import type { StandinTable } from '../../../origin/standin/table.ts'
import { tableInf, TOY_ID } from '../standin/toy.ts'

/** A table of one cell: every list in it is one bare element. */
export const oneCell = (): StandinTable =>
  tableFromStatsData({
    GET_STATS_DATA: {
      STATISTICAL_DATA: {
        TABLE_INF: tableInf(TOY_ID),
        CLASS_INF: {
          CLASS_OBJ: { '@id': 'cat01', '@name': '人口', CLASS: { '@code': '01', '@name': '総数', '@unit': '人' } },
        },
        DATA_INF: { NOTE: { '@char': 'X', $: '秘匿' }, VALUE: { '@cat01': '01', '@unit': '人', $: '7' } },
      },
    },
  })

/** The metadata of the toy, whatever was asked. */
export const otherTable = (): Response =>
  Response.json({
    GET_META_INFO: {
      RESULT: { STATUS: 0 },
      METADATA_INF: {
        TABLE_INF: tableInf(TOY_ID),
        CLASS_INF: { CLASS_OBJ: { '@id': 'tab', '@name': 'x', CLASS: { '@code': '1', '@name': 'x' } } },
      },
    },
  })
