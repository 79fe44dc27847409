/** Small answers (promise 7): how much of a list fits. */

/** Tokens that an answer's structured content may have by default; its text twin as many. */
const ANSWER_TOKENS = 8000
/** What the frame around the rows takes: source, citation, counts, symbols. */
const FRAME_TOKENS = 900
/** What is left for rows. */
export const ROW_TOKENS = ANSWER_TOKENS - FRAME_TOKENS

/**
 * Tokens of a text, estimated on the high side: Japanese takes about one token a character, other text one for
 * three characters, in the tokenizers of the models that call this.
 */
export function estimateTokens(text: string): number {
  let wide = 0
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x2e7f) wide++
  return Math.ceil(wide + (text.length - wide) / 3)
}

/** How many of `items`, from the first, fit the budget when each is shown as JSON. At least 1, so that paging advances. */
export function fitting(items: readonly unknown[], tokens = ROW_TOKENS): number {
  let left = tokens
  for (const [at, item] of items.entries()) {
    left -= estimateTokens(JSON.stringify(item)) + 1
    if (left < 0) return Math.max(1, at)
  }
  return items.length
}
