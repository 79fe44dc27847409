/**
 * One written form for texts that differ only in how they were typed: full-width and half-width (NFKC),
 * upper and lower case, runs of blanks (U+3000 among them), the several dashes and wave dashes.
 * Idempotent. NFKC leaves U+2010, U+2012 to U+2015 and U+2212 apart from "-", and U+301C apart from "~".
 */
export const fold = (text: string): string =>
  lowerCase(text.normalize('NFKC'))
    .replace(/[\u2010\u2012-\u2015\u2212]/g, '-')
    .replace(/\u301c/g, '~')
    .replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ')
    .trim()

/** Lower case may leave NFKC (U+0130 becomes two characters), so what changed is normalised again. */
export function lowerCase(text: string): string {
  const lower = text.toLowerCase()
  return lower === text ? text : lower.normalize('NFKC')
}
