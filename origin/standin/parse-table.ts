/** Answers of e-Stat as tables of the stand-in: what a recording or a bundle holds, parsed and never replayed. */
import { fault } from '../../shared/fault.ts'
import { AXIS_NAMES } from './axes.ts'
import { packRows } from './packed-rows.ts'
import { treeFromJson } from './read-json.ts'
import type { StandinAxis, StandinRow, StandinTable } from './table.ts'
import { childNamed, childrenNamed, childrenOf, type Element, textOf } from './tree.ts'

/**
 * @param body A parsed JSON answer of getStatsData or getMetaInfo; the latter gives a table without rows.
 * @throws Fault DATA_TRANSFORM_ERROR where it is neither, or holds what the table could not give back.
 */
export const tableFromStatsData = (body: unknown): StandinTable => tableFromTree(treeFromJson(body))

/** The same from the root element, whatever format it was read from. */
export function tableFromTree(root: Element): StandinTable {
  const data = childNamed(root, 'STATISTICAL_DATA') ?? childNamed(root, 'METADATA_INF')
  const info = data && childNamed(data, 'TABLE_INF')
  const classes = data && childNamed(data, 'CLASS_INF')
  if (!data || !info || !classes) throw fault('DATA_TRANSFORM_ERROR', 'The answer holds no table with its classes.')
  const axes = childrenNamed(classes, 'CLASS_OBJ').map(axisFrom)
  const area = childNamed(info, 'COLLECT_AREA')
  const cells = childNamed(data, 'DATA_INF')
  return {
    id: info.attributes['id'] ?? '',
    info,
    collectAreas: area === null ? [] : [textOf(area)],
    axes,
    ...dataFrom(cells, axes),
  }
}

/** DATA_INF by itself, with axes from elsewhere: fragments are recorded so. */
export function dataFrom(
  cells: Element | null,
  axes: readonly StandinAxis[],
): Pick<StandinTable, 'notes' | 'annotations' | 'rows'> {
  const children = cells === null ? [] : childrenOf(cells)
  const named = (name: string): readonly Element[] => children.filter((child) => child.name === name)
  const places = axes.map(({ id, items }) => ({ id, at: new Map(items.map(({ code }, index) => [code, index])) }))
  return {
    notes: named('NOTE').map((note) => ({ symbol: note.attributes['char'] ?? '', meaning: textOf(note) })),
    annotations: named('ANNOTATION').map((one) => ({ code: one.attributes['annotation'] ?? '', text: textOf(one) })),
    rows: packRows(
      axes.length,
      named('VALUE').map((value) => rowFrom(value, places, axes)),
    ),
  }
}

function axisFrom(object: Element): StandinAxis {
  const { id = '', name = '', description } = object.attributes
  if (!AXIS_NAMES.some((axis) => axis.id === id)) throw fault('DATA_TRANSFORM_ERROR', 'An axis has an unknown id.')
  return {
    id,
    name,
    description: description ?? null,
    explanations: childrenNamed(object, 'EXPLANATION'),
    items: childrenNamed(object, 'CLASS').map(({ attributes }) => ({
      code: attributes['code'] ?? '',
      name: attributes['name'] ?? '',
      level: attributes['level'] ?? '',
      unit: attributes['unit'] ?? null,
      parentCode: attributes['parentCode'] ?? null,
      addInf: attributes['addInf'] ?? null,
    })),
  }
}

interface Places {
  readonly id: string
  readonly at: ReadonlyMap<string, number>
}

function rowFrom(value: Element, places: readonly Places[], axes: readonly StandinAxis[]): StandinRow {
  const positions = places.map(({ id, at }) => at.get(value.attributes[id] ?? ''))
  const known = positions.filter((position) => position !== undefined)
  if (known.length !== places.length)
    throw fault('DATA_TRANSFORM_ERROR', 'A cell has a code that its class list does not hold.')
  const unit = axes.map(({ items }, index) => items[known[index] ?? 0]?.unit ?? null).find((one) => one !== null)
  if (unit !== value.attributes['unit'])
    throw fault('DATA_TRANSFORM_ERROR', 'A cell has a unit that none of its classes carries.')
  return { positions: known, text: textOf(value), annotation: value.attributes['annotation'] ?? null }
}
