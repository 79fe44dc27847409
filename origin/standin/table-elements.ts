/** TABLE_INF, CLASS_INF and DATA_INF of a table as elements (reference/estat-api.md, 3.3 to 3.5). */
import type { StandinAxis, StandinListing, StandinRow, StandinTable } from './table.ts'
import { branch, childrenOf, type Element, leaf, without } from './tree.ts'

/** TABLE_INF as data and metadata carry it: once. `explained` false drops DESCRIPTION altogether. */
export const tableElement = ({ info }: StandinListing, explained: boolean): Element =>
  explained ? info : without(info, 'DESCRIPTION')

/** One line of a list: a table, for one of its collection areas. */
export interface Listed {
  readonly listing: StandinListing
  /** Null where the table has none. */
  readonly area: string | null
}

/** A table's lines in a list: one for each collection area, one where it has none. */
export const linesOf = (listing: StandinListing): readonly Listed[] =>
  listing.collectAreas.length === 0
    ? [{ listing, area: null }]
    : listing.collectAreas.map((area) => ({ listing, area }))

/** TABLE_INF as lists carry it: with the area that it is listed for. */
export function listedElement({ listing, area }: Listed, explained: boolean): Element {
  const info = tableElement(listing, explained)
  if (area === null) return info
  return {
    ...info,
    content: childrenOf(info).map((child) => (child.name === 'COLLECT_AREA' ? leaf('COLLECT_AREA', area) : child)),
  }
}

/**
 * CLASS_INF. `explained` false drops what explains: EXPLANATION and the axis's description, which the manual counts
 * among the explanations (事項の解説); no recording shows an axis both ways.
 */
export const classElement = (axes: readonly StandinAxis[], explained: boolean): Element =>
  branch(
    'CLASS_INF',
    axes.map((axis) => axisElement(axis, explained)),
  )

const axisElement = ({ id, name, description, explanations, items }: StandinAxis, explained: boolean): Element =>
  branch(
    'CLASS_OBJ',
    [
      ...(explained ? explanations : []),
      ...items.map(({ code, name, level, unit, parentCode, addInf }) =>
        leaf('CLASS', null, { code, name, level, unit, parentCode, addInf }),
      ),
    ],
    { id, name, description: explained ? description : null },
  )

export interface CellOptions {
  readonly annotated: boolean
  /** What a special character is replaced with, or null to leave it. */
  readonly replacement: string | null
}

/** DATA_INF: every NOTE and ANNOTATION of the table, then the rows given, each made as it is written. */
export const dataElement = (table: StandinTable, rows: () => Iterable<StandinRow>, options: CellOptions): Element => ({
  ...branch('DATA_INF', [
    ...table.notes.map(({ symbol, meaning }) => leaf('NOTE', meaning, { char: symbol })),
    ...(options.annotated
      ? table.annotations.map(({ code, text }) => leaf('ANNOTATION', text, { annotation: code }))
      : []),
  ]),
  *rest() {
    for (const row of rows()) yield cellElement(table.axes, row, options)
  },
})

const NUMBER = /^[+-]?\d+(?:\.\d+)?$/

function cellElement(axes: readonly StandinAxis[], row: StandinRow, options: CellOptions): Element {
  const attributes: Record<string, string> = {}
  let unit: string | null = null
  for (let index = 0; index < axes.length; index += 1) {
    const axis = axes[index]
    const item = axis?.items[row.positions[index] ?? -1]
    if (axis === undefined || item === undefined) continue
    attributes[axis.id] = item.code
    unit ??= item.unit
  }
  if (unit !== null) attributes['unit'] = unit
  if (options.annotated && row.annotation !== null) attributes['annotation'] = row.annotation
  const special = options.replacement !== null && row.text !== '' && !NUMBER.test(row.text)
  return { name: 'VALUE', attributes, content: special ? options.replacement : row.text }
}
