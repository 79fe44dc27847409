/** Lines of e-Stat's CSV: every field quoted, `""` for a quote, LF, no BOM (reference/estat-api.md, 3.12). */
import { childNamed, childrenOf, type Element, textOf } from '../tree.ts'

export const csvLine = (fields: readonly string[]): string =>
  `${fields.map((field) => `"${field.replaceAll('"', '""')}"`).join(',')}\n`

/** STATUS, ERROR_MSG and DATE, which open every answer; an error has nothing else. */
export const resultLines = (root: Element): string => section('RESULT', childNamed(root, 'RESULT'))

/** Its own name on a line, then one line for each child; nothing where it is absent. */
export const section = (name: string, element: Element | null): string =>
  element === null
    ? ''
    : [csvLine([name]), ...childrenOf(element).map((child) => csvLine([child.name, textOf(child)]))].join('')

/** Texts of the named children, "" for those that are absent. */
export const texts = (parent: Element | null, names: readonly string[]): readonly string[] =>
  names.map((name) => (parent === null ? '' : textOf(childNamed(parent, name))))

const numbered = (name: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, at) => `${name}${at + 1}`)

export const STATISTICS_NAME = ['TABULATION_CATEGORY', ...numbered('TABULATION_SUB_CATEGORY', 5)]
export const STATISTICS_NAME_EXPLANATION = [
  'TABULATION_CATEGORY_EXPLANATION',
  ...numbered('TABULATION_SUB_CATEGORY_EXPLANATION', 5),
]
export const TABLE_SUB_CATEGORIES = numbered('TABLE_SUB_CATEGORY', 3)
