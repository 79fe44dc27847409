/**
 * A caller's own application ID (`X-Estat-App-Id`; e-Stat's terms forbid lending one). It serves that request alone:
 * it is in no log, no message, no cache key and on no disk (PRODUCT.md, promise 10).
 */
import { fault } from '../shared/fault.ts'

/** As the client sends it, and as the edge lets it pass. */
export const APP_ID_HEADER = 'x-estat-app-id'

/**
 * Forty lower-case hex digits, the only form seen (reference/estat-api.md, 2.1). Nothing else is passed on: what else
 * stands there is a slip, perhaps a key of another service. Blanks and line ends around it make e-Stat refuse it (7.3).
 *
 * @param sent The header's text; null and "" (a client's unset variable) mean none.
 * @throws Fault INVALID_PARAMETER, which does not repeat what was sent.
 */
export function parseAppId(sent: string | null): string | null {
  const id = sent?.trim() ?? ''
  if (id === '') return null
  if (/^[0-9a-f]{40}$/.test(id)) return id
  throw fault('INVALID_PARAMETER', 'X-Estat-App-Id is not an application ID of e-Stat.', {
    hint: 'Send the 40 hex digits that https://www.e-stat.go.jp/api/ shows, or leave the header out.',
  })
}
