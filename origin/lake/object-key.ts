/** What a key of an object store may look like, on every home. Pure. */

/** The longest name a file may have on common file systems; S3 allows 1,024 bytes for the whole key. */
const SEGMENT_BYTES = 255
const KEY_BYTES = 1024

/** The mark in the name of a file that is being written: never a part of a key. */
export const TEMP_MARK = '.~tmp-'

/** Why `key` cannot name an object, in plain words; null where it can. */
export function keyProblem(key: string): string | null {
  if (key === '' || key.startsWith('/') || key.endsWith('/')) return 'The key must be a relative name like "a/b.json".'
  if (/[\p{Cc}\\]/u.test(key) || !key.isWellFormed()) return 'The key holds a character that no object name may have.'
  if (utf8Bytes(key) > KEY_BYTES) return `The key is longer than ${KEY_BYTES} bytes.`
  for (const segment of key.split('/')) {
    if (segment === '' || segment === '.' || segment === '..') return 'The key must not hold empty, "." or ".." parts.'
    if (utf8Bytes(segment) > SEGMENT_BYTES) return `A part of the key is longer than ${SEGMENT_BYTES} bytes.`
    if (segment.includes(TEMP_MARK)) return `A part of the key holds "${TEMP_MARK}", which marks unfinished files.`
  }
  return null
}

/** Order of keys as S3 lists them: by UTF-8 bytes, which is by code point. */
export function compareKeys(a: string, b: string): number {
  if (a === b) return 0
  const left = new TextEncoder().encode(a)
  const right = new TextEncoder().encode(b)
  const shared = Math.min(left.length, right.length)
  for (let at = 0; at < shared; at += 1) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0)
    if (difference !== 0) return difference
  }
  return left.length - right.length
}

const utf8Bytes = (text: string): number => new TextEncoder().encode(text).length
