/** What the options of `npm run keys` mean. Pure. */
import * as z from 'zod'
import type { KeyGrant } from '../../../shared/key-admin.ts'
import { scopeList, tenantName } from '../../../shared/keys.ts'
import { DEFAULT_TENANT } from '../../../shared/server-info.ts'
import { KeysError } from './refusal.ts'

export interface GrantOptions {
  readonly tenant?: string | undefined
  readonly scopes?: string | undefined
  readonly limit?: string | undefined
  readonly expires?: string | undefined
  readonly label?: string | undefined
}

/** A mistake in what was typed, and where the rest is written. */
export const wrong = (what: string): KeysError => new KeysError(`${what} npm run keys -- --help shows what there is.`)

/** @param now Milliseconds since the epoch. @throws KeysError. */
export function grantOf(values: GrantOptions, now: number): KeyGrant {
  const scopes = (values.scopes ?? 'read').split(',').map((scope) => scope.trim())
  return {
    tenant: checked(
      tenantName,
      values.tenant ?? DEFAULT_TENANT,
      '--tenant must be a-z, 0-9 and _, at most 31 characters, and no name that the lake keeps for itself.',
    ),
    scopes: checked(scopeList, scopes, '--scopes is a list of read, lake and admin, comma-separated.'),
    limit: values.limit === undefined ? null : checked(LIMIT, values.limit, '--limit is calls a minute, 1 to 1000000.'),
    expires: values.expires === undefined ? null : instantOf('expires', values.expires, now),
    label: checked(LABEL, values.label ?? '', '--label has at most 100 characters, on one line.'),
  }
}

const LIMIT = z
  .string()
  .regex(/^\d{1,7}$/)
  .transform(Number)
  .pipe(z.int().min(1).max(1_000_000))
const LABEL = z
  .string()
  .max(100)
  .regex(/^\P{C}*$/u)

export function checked<Shape extends z.ZodType>(shape: Shape, value: unknown, otherwise: string): z.infer<Shape> {
  const parsed = shape.safeParse(value)
  if (parsed.success) return parsed.data
  throw wrong(otherwise)
}

const DAY_MS = 86_400_000
const MAX_DAYS = 36_500

/** `90d` from now, a date (its beginning in UTC) or an instant, in the future. */
function instantOf(option: string, text: string, now: number): string {
  const days = /^(\d{1,5})d$/.exec(text)?.[1]
  const at = days === undefined ? parseInstant(text) : now + Number(days) * DAY_MS
  if (at === null || Number(days ?? 0) > MAX_DAYS)
    throw wrong(`--${option} is a number of days (90d), a date (2027-03-31) or an instant (2027-03-31T15:00:00Z).`)
  if (at <= now) throw wrong(`--${option} is in the past.`)
  return new Date(at).toISOString()
}

/** A date (its beginning in UTC) or an instant, in milliseconds since the epoch; null for anything else. */
export function parseInstant(text: string): number | null {
  if (!z.union([z.iso.date(), z.iso.datetime({ offset: true })]).safeParse(text).success) return null
  return Date.parse(text)
}

const LinkClaims = z.object({ tenant: tenantName, jti: z.string().min(8).max(100) })

/** What a link says of itself. Unverified, which does no harm: who may revoke one link may revoke any. */
export function ofLink(link: string): { readonly tenant: string; readonly jti: string } {
  const payload = /(?:^|[?&]link=)[\w-]+\.([\w-]+)\.[\w-]+/.exec(link)?.[1]
  try {
    return LinkClaims.parse(JSON.parse(Buffer.from(payload ?? '', 'base64url').toString()))
  } catch {
    throw wrong('--link is a whole link to a kept file, as get_csv_download_url gave it.')
  }
}
