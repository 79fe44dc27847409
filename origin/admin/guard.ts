/** What every request of the administration passes: whose page it comes from, and whose key it carries. */
import type { MiddlewareHandler } from 'hono'
import { fault } from '../../shared/fault.ts'
import { isLoopback } from '../../shared/loopback.ts'
import { type AdminKey, adminOf, keyIn } from '../admin-key.ts'
import type { AdminEnv } from './deps.ts'
import type { WrongKeys } from './wrong-keys.ts'

/**
 * Keeps foreign pages out. A page that made its own name point here (DNS rebinding) is known by its Host, any other by
 * its Origin; `Sec-Fetch-Site` says it as well where the browser sends no Origin (Fetch Metadata, 2.3).
 *
 * @throws Fault FORBIDDEN that names the setting to change.
 */
export function ownPagesOnly(allowedHosts: readonly string[]): MiddlewareHandler<AdminEnv> {
  const allowed = (host: string, hostname: string): boolean =>
    isLoopback(hostname) || allowedHosts.includes(hostname) || allowedHosts.includes(host)

  return async function ownPagesOnly(c, next) {
    const { host, hostname } = new URL(c.req.url)
    if (!allowed(host, hostname))
      throw fault('FORBIDDEN', 'The administration does not answer to that host name.', {
        hint: 'Reach it as localhost, by port forwarding, or list the name in ADMIN_ALLOWED_HOSTS.',
      })
    const origin = c.req.header('origin')
    const site = c.req.header('sec-fetch-site') ?? 'none'
    const foreign = origin === undefined ? !['none', 'same-origin'].includes(site) : URL.parse(origin)?.host !== host
    if (foreign)
      throw fault('FORBIDDEN', 'The administration does not answer pages of another origin.', {
        hint: 'Open /admin/ itself.',
      })
    await next()
  }
}

/**
 * Lets administrators in, by their key alone: no cookie, so nothing that a browser sends by itself opens anything. The
 * edge's token is no key here, whoever it speaks for.
 *
 * @throws Fault UNAUTHORIZED, after a wait that grows with wrong keys; RATE_LIMITED where too many wait already.
 */
export function administratorsOnly(
  keys: readonly AdminKey[],
  wrong: WrongKeys,
  refused: (reason: string) => void,
): MiddlewareHandler<AdminEnv> {
  return async function administratorsOnly(c, next) {
    const text = keyIn(c.req.raw.headers)
    const caller = text === null ? null : await adminOf(text, keys)
    if (caller === null) {
      refused(text === null ? 'nothing_sent' : 'admin_key')
      if (text !== null) await wrong.slow()
      throw fault('UNAUTHORIZED', 'The administration answers administrators of this origin only.', {
        hint: 'Send a key of ORIGIN_ADMIN_KEYS as "X-API-Key" or "Authorization: Bearer".',
      })
    }
    c.set('caller', caller)
    await next()
  }
}
