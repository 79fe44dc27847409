/**
 * The XML that every answer of e-Stat is made from; JSON is a conversion of it (API manual 3.0, 出力形式).
 * An answer is built as such a tree once, and a writer for each format turns it into text.
 */
export interface Element {
  readonly name: string
  /** In e-Stat's order. */
  readonly attributes: Readonly<Record<string, string>>
  /** Text, or child elements, or null for an empty element (`<DESCRIPTION/>`). */
  readonly content: string | readonly Element[] | null
  /** Further children behind `content`, all of one name, made while they are gone through: a page has 100,000 cells. */
  readonly rest?: () => Iterable<Element>
}

const NONE: Readonly<Record<string, string>> = {}

/** An element with text. Attributes whose value is null are left out. */
export const leaf = (
  name: string,
  text: string | number | null,
  attributes?: Record<string, string | null>,
): Element => ({
  name,
  attributes: attributes ? present(attributes) : NONE,
  content: text === null ? null : String(text),
})

/** An element with children. */
export const branch = (
  name: string,
  children: readonly Element[],
  attributes?: Record<string, string | null>,
): Element => ({ name, attributes: attributes ? present(attributes) : NONE, content: children })

/** The child elements; none where there is text or nothing. */
export const childrenOf = ({ content, rest }: Element): readonly Element[] => {
  const held = content === null || typeof content === 'string' ? [] : content
  return rest === undefined ? held : [...held, ...rest()]
}

/** Every child of that name, in order. */
export const childrenNamed = (parent: Element, name: string): readonly Element[] =>
  childrenOf(parent).filter((child) => child.name === name)

/** The first child of that name, or null. */
export const childNamed = (parent: Element, name: string): Element | null =>
  childrenOf(parent).find((child) => child.name === name) ?? null

/** Text of the element; "" where it is empty or has children. */
export const textOf = (element: Element | null): string => (typeof element?.content === 'string' ? element.content : '')

/** Every text within, in order. */
export const textsIn = (element: Element): string[] =>
  typeof element.content === 'string' ? [element.content] : childrenOf(element).flatMap(textsIn)

/** The same element without the children of that name. */
export const without = (parent: Element, name: string): Element =>
  childNamed(parent, name) === null
    ? parent
    : { ...parent, content: childrenOf(parent).filter((child) => child.name !== name) }

const present = (attributes: Record<string, string | null>): Record<string, string> =>
  Object.fromEntries(Object.entries(attributes).filter((entry): entry is [string, string] => entry[1] !== null))
