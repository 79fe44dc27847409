/** Whole records of a CSV text (RFC 4180): a line break inside quotes ends none. */

const LF = 0x0a
const QUOTE = 0x22

/**
 * Where records end: positions after each record's line break. UTF-8 holds these two signs as single bytes only.
 *
 * @param bytes From the beginning of a record.
 */
export function recordEnds(bytes: Uint8Array): readonly number[] {
  const ends: number[] = []
  let quoted = false
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] === QUOTE) quoted = !quoted
    else if (bytes[at] === LF && !quoted) ends.push(at + 1)
  }
  return ends
}
