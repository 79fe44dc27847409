/** Which columns of a query's tables are held to one value: by a filter, or by being equal to one that is. */

/** A column of one table at one place of a query, whatever it is called further out. */
export type Key = `${number}.${string}`

export const keyOf = (source: number, column: string): Key => `${source}.${column.toLowerCase()}`
export const columnOfKey = (key: Key): string => key.slice(key.indexOf('.') + 1)

/** What a condition says of columns, where it holds for every row. */
export type Equality =
  | { readonly kind: 'value'; readonly key: Key; readonly text: string }
  | { readonly kind: 'same'; readonly a: Key; readonly b: Key }
  /** One value for each row of the query around: held inside, free outside. */
  | { readonly kind: 'row'; readonly key: Key }

/** Grows while a query is walked from the inside out. */
export interface Held {
  hold(equalities: readonly Equality[]): void
  /** The value as text, the same text for the same value; null where the column is free. */
  textOf(key: Key): string | null
  /** One key for all columns that are equal. */
  rootOf(key: Key): Key
}

export function newHeld(): Held {
  const parents = new Map<Key, Key>()
  const texts = new Map<Key, string>()
  const rootOf = (key: Key): Key => {
    let root = key
    for (let up = parents.get(root); up !== undefined; up = parents.get(root)) root = up
    return root
  }
  const holdOne = (equality: Equality): void => {
    if (equality.kind === 'row') return
    if (equality.kind === 'value') {
      const root = rootOf(equality.key)
      if (!texts.has(root)) texts.set(root, equality.text)
      return
    }
    const [a, b] = [rootOf(equality.a), rootOf(equality.b)]
    if (a === b) return
    parents.set(a, b)
    const text = texts.get(a)
    if (text !== undefined && !texts.has(b)) texts.set(b, text)
  }
  return {
    hold: (equalities) => equalities.forEach(holdOne),
    textOf: (key) => texts.get(rootOf(key)) ?? null,
    rootOf,
  }
}
