/** A code's name without the code that some tables write before it. */
import type { ClassItem } from './model.ts'
import { fold } from './text.ts'

/**
 * `A1101_総人口` and `0001 総合` without their code. Folded. A short code needs a separator after it: the code 1
 * is no prefix of 15歳未満.
 */
export function bareName({ code, name }: ClassItem): string {
  const text = name.normalize('NFKC').trim().toLowerCase()
  const prefix = code.normalize('NFKC').toLowerCase()
  const rest = prefix !== '' && text.startsWith(prefix) ? text.slice(prefix.length) : ''
  const apart = /^[_\s:.]+(?=\S)/.exec(rest)?.[0]
  if (apart !== undefined) return fold(rest.slice(apart.length))
  return prefix.length >= 4 && /^[^\d\s]/.test(rest) ? fold(rest) : fold(name)
}
