/** What passes between a client and the source of a file. Lists of what may pass, as in `forward-headers.ts`. Pure. */
import { isOneRange } from '../../shared/byte-range.ts'

const CONDITIONS = ['if-match', 'if-none-match', 'if-modified-since', 'if-unmodified-since']
const VALIDATORS = ['accept-ranges', 'content-length', 'content-range', 'etag', 'last-modified']

/**
 * Conditions, and the range where it is one that all sources read alike. Any other is ignored, as a server may (RFC 9110
 * section 14.2), and with HEAD every one.
 */
export function fileAskHeaders(headers: Headers, method: 'GET' | 'HEAD'): Headers {
  const asked = new Headers()
  const range = headers.get('range')?.trim()
  const names = [...CONDITIONS]
  if (method === 'GET' && range !== undefined && isOneRange(range)) {
    asked.set('range', range)
    names.push('if-range')
  }
  for (const name of names) {
    const value = headers.get(name)
    if (value !== null) asked.set(name, value)
  }
  return asked
}

/** What a source says of the bytes; all else of it (names, versions, encryption, ids of a vendor) stays inside. */
export function fileAnswerHeaders(headers: Headers): Headers {
  const passed = new Headers()
  for (const name of VALIDATORS) {
    const value = headers.get(name)
    if (value !== null) passed.set(name, value)
  }
  return passed
}
