/**
 * getSimpleMetaInfo. No answer of it is on record. Public clients look for the line `"CLASS_INF"` and read the columns
 * CLASS_OBJ_NAME and CLASS_CODE below it; the other columns are named after the attributes of CLASS in the same way,
 * and TABLE_INF is written as in getSimpleStatsData.
 */
import { childNamed, childrenNamed, type Element } from '../tree.ts'
import { csvLine, resultLines } from './lines.ts'
import { tableLines } from './table-lines.ts'

const COLUMNS = [
  'CLASS_OBJ_ID',
  'CLASS_OBJ_NAME',
  'CLASS_CODE',
  'CLASS_NAME',
  'CLASS_LEVEL',
  'CLASS_UNIT',
  'CLASS_PARENT_CODE',
  'CLASS_ADD_INF',
]
const ATTRIBUTES = ['code', 'name', 'level', 'unit', 'parentCode', 'addInf']

export function metaInfoCsv(root: Element): string {
  const meta = childNamed(root, 'METADATA_INF')
  const info = meta && childNamed(meta, 'TABLE_INF')
  const classes = meta && childNamed(meta, 'CLASS_INF')
  return [
    resultLines(root),
    info ? tableLines(info) : '',
    ...(classes ? [csvLine(['CLASS_INF']), csvLine(COLUMNS), ...classLines(classes)] : []),
  ].join('')
}

const classLines = (classes: Element): readonly string[] =>
  childrenNamed(classes, 'CLASS_OBJ').flatMap((object) =>
    childrenNamed(object, 'CLASS').map(({ attributes }) =>
      csvLine([
        object.attributes['id'] ?? '',
        object.attributes['name'] ?? '',
        ...ATTRIBUTES.map((name) => attributes[name] ?? ''),
      ]),
    ),
  )
