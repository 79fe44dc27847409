/** Opaque cursors that know what they belong to: one of another question is refused, never misread. */
import { base64url } from 'jose'
import { fault } from '../../shared/fault.ts'

function decode(text: string): string | null {
  try {
    const bytes = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0))
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}

/** Sixteen hex digits of the SHA-256 of what is asked. */
async function markOf(subject: unknown): Promise<string> {
  const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(JSON.stringify(subject)))
  return Array.from(new Uint8Array(bytes, 0, 8), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/**
 * @param at 0-based position of the first row, or byte, that follows.
 * @param version Of what is paged through, where it may change between two pages.
 */
export const cursorAt = async (subject: unknown, at: number, version: string | null = null): Promise<string> =>
  base64url.encode(`1:${await markOf(subject)}:${at}${version === null ? '' : `:${version}`}`)

const partsOf = (cursor: string): readonly (string | undefined)[] =>
  /^1:([0-9a-f]{16}):(\d{1,15})(?::(.{1,40}))?$/.exec(decode(cursor) ?? '')?.slice(1) ?? []

/**
 * The 0-based position that a cursor stands for; 0 without one.
 * @throws Fault INVALID_PARAMETER for a cursor that is damaged or belongs to another question.
 */
export async function positionOf(subject: unknown, cursor: string | undefined): Promise<number> {
  if (cursor === undefined) return 0
  const [mark, at] = partsOf(cursor)
  if (mark !== undefined && mark === (await markOf(subject))) return Number(at)
  throw fault('INVALID_PARAMETER', 'The cursor does not belong to this question.', {
    hint: 'Repeat the call with the same arguments as before, or leave the cursor out to begin anew.',
  })
}

/**
 * Rows of two versions are not pages of one answer.
 * @param version Of the rows that were read now; null where none is known.
 * @throws Fault INVALID_PARAMETER where the pages before were of another.
 */
export function checkVersion(cursor: string | undefined, version: string | null): void {
  const [, , before] = cursor === undefined ? [] : partsOf(cursor)
  if (before === undefined || version === null || before === version) return
  throw fault('INVALID_PARAMETER', `The table was updated between two pages: ${before} before, ${version} now.`, {
    hint: 'Leave the cursor out to begin anew: its rows would not go with the ones before.',
  })
}
