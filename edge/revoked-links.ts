import { linkNotBefore, linkRecord, tenantLinksRecord } from '../shared/link-revocation.ts'
import { keyOf } from '../shared/key-admin.ts'
import { recordName } from '../shared/keys.ts'
import type { Records } from './ports.ts'

/** What a signed link says of itself, once its signature was checked. */
export interface IssuedLink {
  readonly tenant: string
  readonly jti: string
  /** Who made it: the id of an API key, or another caller's. */
  readonly sub: string
  /** Seconds since the epoch. */
  readonly iat: number
}

export interface RevokedLinks {
  /**
   * Whether the link was taken back: by itself, with all of its tenant issued before an instant, or with the key that
   * made it. Known within a minute, everywhere. Rejects where that cannot be known: such a link is not served.
   */
  readonly isRevoked: (link: IssuedLink) => Promise<boolean>
}

/** @param records With a short memory in front (`recent-records.ts`): a page of links asks three times each. */
export const revokedLinks = (records: Pick<Records, 'get'>): RevokedLinks => ({
  async isRevoked({ tenant, jti, sub, iat }) {
    const [own, ofTenant, key] = await Promise.all([
      records.get(linkRecord(tenant, jti)),
      records.get(tenantLinksRecord(tenant)),
      records.get(recordName(sub)),
    ])
    return own !== null || iat < linkNotBefore(ofTenant) || keyOf(key)?.revoked != null
  },
})
