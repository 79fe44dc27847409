/**
 * searchWord: words joined by AND, OR and NOT between blanks. The manual gives these three and no precedence; here NOT
 * binds first, then AND, then OR. Words between operators are one phrase: a plain blank is documented as no operator.
 * Text is compared after NFKC, without regard to case.
 */

/** @param haystack Titles, names and class names of a table. */
export function matchesWords(searchWord: string, haystack: string): boolean {
  const text = fold(haystack)
  return split(fold(mark(searchWord)), 'or').some((alternative) =>
    split(alternative, 'and').every((term) => matchesTerm(term, text)),
  )
}

/** `A NOT B`, `NOT B` and `A`. */
function matchesTerm(term: string, text: string): boolean {
  const [wanted = '', ...unwanted] = split(term, 'not')
  return text.includes(wanted) && !unwanted.some((word) => word !== '' && text.includes(word))
}

const split = (text: string, operator: string): string[] =>
  ` ${text} `.split(` \u0000${operator} `).map((part) => part.trim())

const fold = (text: string): string => text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ')

/** Marks the operators before case is folded, so that the word "and" in a title's name stays a word. */
const mark = (searchWord: string): string =>
  searchWord.normalize('NFKC').replace(/(?<=^|\s)(?:AND|OR|NOT)(?=\s)/g, (operator) => `\u0000${operator}`)
