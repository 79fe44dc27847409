import { fault } from '../../shared/fault.ts'
import { DEFAULT_TENANT } from '../../shared/server-info.ts'
import { anonymousId } from '../domain/client-address.ts'
import { isLoopback } from '../domain/hosts.ts'
import { urlParts } from '../domain/url-parts.ts'
import type { Identify } from './authenticate.ts'

export interface OpenOptions {
  /** Answer anybody on any address, not on loopback alone. */
  readonly allowOpen: boolean
  /** Naming hosts makes this a public server, whatever the Host header of a request says. */
  readonly allowedHosts: readonly string[]
  /** The address of the client as the platform knows it. */
  readonly clientAddress: (request: Request) => string | null
}

/**
 * Nobody is asked for a key, and nobody may write.
 *
 * @throws Fault FORBIDDEN off loopback, unless allowed by name.
 */
export function identifyAnybody({ allowOpen, allowedHosts, clientAddress }: OpenOptions): Identify {
  const local = allowedHosts.every((host) => isLoopback(host))
  return async function identifyAnybody(c) {
    if (!allowOpen && !(local && isLoopback(urlParts(c.req.url).hostname)))
      throw fault('FORBIDDEN', 'This server answers without a key only on the machine it runs on.', {
        hint: 'The operator sets AUTH_MODE=key, or ALLOW_OPEN=1 to let anybody read.',
      })
    const id = anonymousId(clientAddress(c.req.raw))
    return { caller: { id, tenant: DEFAULT_TENANT, scopes: ['read'] }, ownLimit: null }
  }
}
