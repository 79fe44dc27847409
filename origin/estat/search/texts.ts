/** Many short texts in two typed arrays: half the memory of strings, and a form that lies in a file as it is. */
export interface Texts {
  /** UTF-16 units of all texts, one after the other. */
  readonly units: Uint16Array
  /** Text `i` is `units[at[i] .. at[i + 1]]`. */
  readonly at: Uint32Array
}

export function packTexts(texts: readonly string[]): Texts {
  const at = new Uint32Array(texts.length + 1)
  for (let id = 0; id < texts.length; id += 1) at[id + 1] = (at[id] ?? 0) + (texts[id]?.length ?? 0)
  const units = new Uint16Array(at[texts.length] ?? 0)
  for (let id = 0, next = 0; id < texts.length; id += 1) {
    const text = texts[id] ?? ''
    for (let unit = 0; unit < text.length; unit += 1) units[next++] = text.charCodeAt(unit)
  }
  return { units, at }
}

export const countOf = ({ at }: Texts): number => at.length - 1
export const lengthOf = ({ at }: Texts, id: number): number => (at[id + 1] ?? 0) - (at[id] ?? 0)
/** Whether text `id` holds `term`; with `whole`, only where no Latin letter or digit touches it. */
export function holds({ units, at }: Texts, id: number, term: Uint16Array, whole: boolean): boolean {
  const start = at[id] ?? 0
  const last = (at[id + 1] ?? 0) - term.length
  const first = term[0]
  for (let from = start; from <= last; from += 1) {
    if (units[from] !== first) continue
    let matched = 1
    while (matched < term.length && units[from + matched] === term[matched]) matched += 1
    if (matched < term.length) continue
    if (!whole) return true
    const before = from > start && isWordUnit(units[from - 1] ?? 0)
    const after = from < last && isWordUnit(units[from + term.length] ?? 0)
    if (!before && !after) return true
  }
  return false
}

/** a-z and 0-9. */
const isWordUnit = (unit: number): boolean => (unit >= 97 && unit <= 122) || (unit >= 48 && unit <= 57)
