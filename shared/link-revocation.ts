/**
 * Taking back signed links to files. A record for each link, which forgets itself when the link has ended anyway, and
 * one for all of a tenant's before an instant: each is written whole, so that two who revoke at once lose nothing.
 * The links of a key end with the key (`key-admin.ts`).
 */
import * as z from 'zod'
import type { Records } from './records.ts'

/** No link is valid for longer: seven days (PRODUCT.md section 2, `get_csv_download_url`), and an hour for clocks. */
const KEEP_SECONDS = 604_800 + 3_600

const TenantLinks = z.object({ not_before: z.int().min(0) })

export const linkRecord = (tenant: string, jti: string): string => `link:${tenant}:${jti}`
export const tenantLinksRecord = (tenant: string): string => `links:${tenant}`

/** Seconds since the epoch; links issued before are revoked. 0 where there is no record. @throws where it is not one. */
export const linkNotBefore = (text: string | null): number =>
  text === null ? 0 : TenantLinks.parse(JSON.parse(text)).not_before

/** Takes back one link for good, whether it was ever used or not. */
export const revokeLink = (records: Records, link: { readonly tenant: string; readonly jti: string }): Promise<void> =>
  records.put(linkRecord(link.tenant, link.jti), '{}', KEEP_SECONDS)

/**
 * Takes back every link of a tenant that was issued before `instant`; an earlier instant than the last one changes
 * nothing.
 *
 * @param instant Milliseconds since the epoch.
 * @returns The instant that holds, whole seconds: links of the second that has begun are taken back too.
 */
export async function revokeLinksBefore(records: Records, tenant: string, instant: number): Promise<number> {
  const name = tenantLinksRecord(tenant)
  const notBefore = Math.max(Math.ceil(instant / 1000), linkNotBefore(await records.get(name)))
  await records.put(name, JSON.stringify({ not_before: notBefore }), KEEP_SECONDS)
  return notBefore * 1000
}
