/** Small answers (promise 7): how much of a list fits. */

/** Tokens that an answer's structured content may have by default; its text twin as many. */
export const ANSWER_TOKENS = 8000
/** What the frame around the rows takes: source, citation, counts, symbols. */
const FRAME_TOKENS = 900
/** What is left for rows. */
export const ROW_TOKENS = ANSWER_TOKENS - FRAME_TOKENS

// Runs as the tokenizers split a text: at most three digits are one token (o200k_base and cl100k_base), words are cut
// where their case changes, and signs go in pairs.
const RUNS = /\d{1,3}|[A-Z]?[a-z]+|[A-Z]+|[\n\t]+|[^\S\n\t]+|[\u2E80-\u{10FFFF}]|[^\p{L}\p{N}\s]{1,2}|./gsu

/**
 * Tokens of a text, on the high side. Held to o200k_base on every recorded answer (`test/origin/token-budget.test.ts`):
 * numbers cost a token for each three digits, kana one, kanji a little more, as rare ones in names of places take two.
 */
export function estimateTokens(text: string): number {
  let tokens = 0
  for (const [run] of text.matchAll(RUNS)) tokens += costOf(run)
  return Math.ceil(tokens)
}

function costOf(run: string): number {
  const first = run.charCodeAt(0)
  if (first >= 0x3400 && first <= 0x9fff) return 1.1
  // Half-width kana and what lies beyond the BMP are bytes to a tokenizer.
  if ((first >= 0xff61 && first <= 0xff9f) || first >= 0xd800) return first >= 0xf900 && first < 0xff61 ? 1 : 2
  if (first > 0x2e7f) return 1
  if (first > 0x7f) return run.length * 1.5
  if (/^[A-Za-z]/.test(run)) return Math.ceil(run.length / 4)
  return first === 0x20 ? 0.2 : 1
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
