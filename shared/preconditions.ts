/** Whether a request for a file still wants it (RFC 9110 section 13). Pure. */

export interface Validators {
  /** A strong entity tag, with its quotes. */
  readonly etag: string
  /** Whole seconds, as `Last-Modified` has it: milliseconds since the epoch. */
  readonly modified: number
}

type Read = Pick<Headers, 'get'>

const CONDITIONS = ['if-match', 'if-none-match', 'if-modified-since', 'if-unmodified-since', 'if-range'] as const

export const isConditional = (headers: Read): boolean => CONDITIONS.some((name) => headers.get(name) !== null)

/** What the preconditions make of it, in the order of section 13.2.2. */
export function conditionOf(headers: Read, { etag, modified }: Validators): 'go on' | 'not modified' | 'failed' {
  const ifMatch = headers.get('if-match')
  const unmodifiedSince = dateOf(headers.get('if-unmodified-since'))
  // Strong comparison (8.8.3.2): a weak tag is no match.
  if (ifMatch !== null) {
    if (ifMatch.trim() !== '*' && !tagsOf(ifMatch).includes(etag)) return 'failed'
  } else if (unmodifiedSince !== null && modified > unmodifiedSince) return 'failed'

  const ifNoneMatch = headers.get('if-none-match')
  const modifiedSince = dateOf(headers.get('if-modified-since'))
  if (ifNoneMatch !== null) {
    const same = ifNoneMatch.trim() === '*' || tagsOf(ifNoneMatch).some((tag) => tag.replace(/^W\//, '') === etag)
    return same ? 'not modified' : 'go on'
  }
  return modifiedSince !== null && modified <= modifiedSince ? 'not modified' : 'go on'
}

/**
 * Whether a range may be sent: `If-Range` names this very version, by its strong tag or by exactly its date
 * (section 13.1.5).
 */
export function rangeHolds(headers: Read, { etag, modified }: Validators): boolean {
  const ifRange = headers.get('if-range')?.trim()
  if (ifRange === undefined) return true
  return ifRange.includes('"') ? ifRange === etag : dateOf(ifRange) === modified
}

const tagsOf = (list: string): readonly string[] => list.match(/(?:W\/)?"[^"]*"/g) ?? []

/** Null for what is no date: the condition is then ignored (13.1.3, 13.1.4). */
function dateOf(text: string | null): number | null {
  const time = text === null ? Number.NaN : Date.parse(text)
  return Number.isNaN(time) ? null : time
}
