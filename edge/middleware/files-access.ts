import type { Context, MiddlewareHandler } from 'hono'
import type { JWK } from 'jose'
import { fault } from '../../shared/fault.ts'
import { type FileLink, LINK_PARAMETER, linkRefused, verifyFileLink } from '../../shared/file-link.ts'
import { fileOfPath, type KeptFile } from '../../shared/kept-file.ts'
import { hasScope } from '../../shared/scope.ts'
import { anonymousId } from '../domain/client-address.ts'
import type { EdgeEnv, Report } from '../env.ts'
import { within } from '../within.ts'

/** Whether an operator or its maker took a link back. */
export type IsRevoked = (link: Pick<FileLink, 'tenant' | 'jti' | 'sub' | 'iat'>) => Promise<boolean>

export interface FilesAccessOptions {
  /** Public Ed25519 JWKs whose links are believed: one, or two while the key is changed; none: no link is. */
  readonly linkKeys: readonly JWK[]
  readonly isRevoked: IsRevoked
  /** How long `isRevoked` may take. */
  readonly timeoutMs: number
  /** Who comes without a link. */
  readonly authenticate: MiddlewareHandler<EdgeEnv>
  /** The address of the client as the platform knows it. */
  readonly clientAddress: (request: Request) => string | null
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly report: Report
}

/**
 * Who may have a kept file: whoever has a link to it, or a caller with the scope `lake` whose own it is. A link counts
 * against the address it is used from, as it names nobody.
 *
 * @throws Fault FORBIDDEN for a link that does not hold, and without the scope; NOT_FOUND for what is no file of the
 *   caller's; ESTAT_UNAVAILABLE where revocations cannot be looked up; whatever `authenticate` throws.
 */
export function filesAccess(options: FilesAccessOptions): MiddlewareHandler<EdgeEnv> {
  const { linkKeys, isRevoked, timeoutMs, authenticate, clientAddress, now, report } = options

  async function readLink(token: string, file: KeptFile | null): Promise<FileLink> {
    if (linkKeys.length === 0) throw linkRefused('unknown')
    const link = await verifyFileLink(token, linkKeys, now())
    if (file === null || link.key !== file.key) throw linkRefused('path')
    if (await revoked(link)) throw linkRefused('revoked')
    return link
  }

  async function revoked(link: FileLink): Promise<boolean> {
    try {
      return await within(timeoutMs, isRevoked(link))
    } catch (error) {
      report(error, 'revoked links')
      throw fault('ESTAT_UNAVAILABLE', 'Links cannot be checked at present.', { hint: 'Try again in a minute.' })
    }
  }

  return async function filesAccess(c, next) {
    const url = new URL(c.req.url)
    const file = fileOfPath(url.pathname)
    const token = url.searchParams.get(LINK_PARAMETER)
    c.set('asked', [{ tool: null, weight: 1 }])
    if (token === null)
      return authenticate(c, () => {
        c.set('file', ownFile(c, file))
        return next()
      })
    const { tenant, name } = await readLink(token, file)
    c.set('caller', { id: anonymousId(clientAddress(c.req.raw)), tenant, scopes: ['lake'] })
    c.set('ownLimit', null)
    c.set('file', { ...(file as KeptFile), name })
    return next()
  }
}

function ownFile(c: Context<EdgeEnv>, file: KeptFile | null): KeptFile {
  const caller = c.get('caller')
  if (!hasScope(caller, 'lake')) {
    c.set('lacking', ['read', 'lake'])
    throw fault('FORBIDDEN', 'Kept files need the scope "lake", or a link.')
  }
  if (file !== null && file.tenant === caller.tenant) return file
  throw fault('NOT_FOUND', 'There is no such file.', { hint: 'Use the s3_path that an earlier call returned.' })
}
