/**
 * Where the next page begins: behind the last row shown, by score and id rather than by number, so that a catalogue
 * refreshed between two pages repeats and skips nothing that stayed. Opaque to callers; holds nothing private.
 */
import type { SearchInput } from '../../../shared/cacheable/search-estat-data.ts'
import { fault } from '../../../shared/fault.ts'

export interface Position {
  /** Rows shown so far: the next rank is one higher. */
  readonly shown: number
  readonly score: number
  readonly id: string
}

export function writeCursor({ shown, score, id }: Position, input: SearchInput): string {
  return btoa([shown, Math.round(score * 1e4), id, fingerprint(input)].join('.')).replace(/=+$/, '')
}

/** @throws Fault INVALID_PARAMETER for what is no cursor, or one of another question. */
export function readCursor(cursor: string, input: SearchInput): Position {
  const [shown, score, id, mark] = decode(cursor).split('.')
  if (mark === undefined || !/^\d+$/.test(shown ?? '') || !/^-?\d+$/.test(score ?? '') || !/^\d{10}$/.test(id ?? ''))
    throw fault('INVALID_PARAMETER', 'cursor: this is no cursor of search_estat_data.', {
      hint: 'Send next_cursor exactly as the answer before gave it, or leave cursor out to begin again.',
    })
  if (mark !== fingerprint(input))
    throw fault('INVALID_PARAMETER', 'cursor: it belongs to another query or other filters.', {
      hint: 'Send it with the same query and filters, or leave cursor out to begin again.',
    })
  return { shown: Number(shown), score: Number(score) / 1e4, id: id ?? '' }
}

function decode(cursor: string): string {
  return /^[A-Za-z0-9+/]+$/.test(cursor) && cursor.length % 4 !== 1 ? atob(cursor) : ''
}

/** What decides order and membership. The size of a page, the language and suggestions may change between pages. */
function fingerprint(input: SearchInput): string {
  const { cursor: _cursor, max_results: _size, auto_suggest: _suggest, lang: _lang, ...question } = input
  let hash = 0x811c9dc5
  for (const unit of JSON.stringify(question)) hash = Math.imul(hash ^ (unit.codePointAt(0) ?? 0), 0x01000193) >>> 0
  return hash.toString(36)
}
