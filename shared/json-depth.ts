import { fault } from './fault.ts'

/**
 * How deep JSON of ours is nested: filters and `_meta` stay under ten. What is deeper would overrun the stack of whoever
 * walks it by recursion: schemas, `JSON.stringify`, the canonical form of the cache key.
 */
export const MOST_JSON_DEPTH = 64

export const tooDeep = () =>
  fault('INVALID_PARAMETER', `The JSON is nested more than ${MOST_JSON_DEPTH} levels deep.`, {
    hint: 'Send the arguments as the tool lists them: none of them is nested so deep.',
  })

const [QUOTE, BACKSLASH, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x22, 0x5c, 0x5b, 0x5d, 0x7b, 0x7d]

/**
 * Whether JSON text is nested deeper than that, told from its bytes alone, before anything parses it. In UTF-8 no part
 * of a longer character looks like any of these signs (RFC 3629 section 3). Text that is no JSON gets some answer.
 */
export function isTooDeep(bytes: Uint8Array, most = MOST_JSON_DEPTH): boolean {
  let depth = 0
  let isText = false
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]
    if (isText) {
      if (byte === BACKSLASH) at++
      else if (byte === QUOTE) isText = false
    } else if (byte === QUOTE) isText = true
    else if (byte === OPEN_LIST || byte === OPEN_OBJECT) {
      if (++depth > most) return true
    } else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) depth--
  }
  return false
}
