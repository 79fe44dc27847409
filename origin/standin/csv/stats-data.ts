/** getSimpleStatsData: codes and names of every axis, unit, value, annotation (reference/estat-api.md, 3.12). */
import type { Parameters } from '../parameters.ts'
import { childNamed, childrenNamed, childrenOf, type Element, textOf } from '../tree.ts'
import { csvLine, resultLines, section } from './lines.ts'
import { tableLines } from './table-lines.ts'

/**
 * @param root The answer of getStatsData, with CLASS_INF: names come from there.
 * @returns `sectionHeaderFlg=2` leaves the columns and the rows. Where there are no rows the sections stay: e-Stat's
 *   form of an empty answer without them is not on record, and a status must be told.
 */
export function statsDataCsv(root: Element, sent: Parameters): string {
  const data = childNamed(root, 'STATISTICAL_DATA')
  const rows = data && childNamed(data, 'DATA_INF')
  // Gone through once: the cells are made on the way.
  const children = rows === null ? [] : childrenOf(rows)
  const values = data && rows ? valueLines(data, named(children, 'VALUE')) : ''
  if (rows && sent.get('sectionHeaderFlg') === '2') return values
  const info = data && childNamed(data, 'TABLE_INF')
  return [
    resultLines(root),
    section('RESULT_INF', data && childNamed(data, 'RESULT_INF')),
    info ? tableLines(info) : '',
    ...(rows ? [...noteLines(children), csvLine(['VALUE']), values] : []),
  ].join('')
}

/** NOTE is recorded; ANNOTATION is written in the same way, which is ours. */
const noteLines = (children: readonly Element[]): readonly string[] => [
  ...named(children, 'NOTE').map((note) => csvLine(['NOTE', note.attributes['char'] ?? '', textOf(note)])),
  ...named(children, 'ANNOTATION').map((one) =>
    csvLine(['ANNOTATION', one.attributes['annotation'] ?? '', textOf(one)]),
  ),
]

const named = (children: readonly Element[], name: string): readonly Element[] =>
  children.filter((child) => child.name === name)

function valueLines(data: Element, values: readonly Element[]): string {
  const classes = childNamed(data, 'CLASS_INF')
  const axes = (classes === null ? [] : childrenNamed(classes, 'CLASS_OBJ')).map((object) => ({
    id: object.attributes['id'] ?? '',
    name: object.attributes['name'] ?? '',
    names: new Map(childrenNamed(object, 'CLASS').map(({ attributes }) => [attributes['code'], attributes['name']])),
  }))
  const lines = [
    csvLine([...axes.flatMap(({ id, name }) => [`${id}_code`, name]), 'unit', 'value', 'annotation']),
    ...values.map((value) => {
      const { attributes } = value
      const labels = axes.flatMap(({ id, names }) => [attributes[id] ?? '', names.get(attributes[id]) ?? ''])
      return csvLine([...labels, attributes['unit'] ?? '', textOf(value), attributes['annotation'] ?? ''])
    }),
  ]
  return lines.join('')
}
