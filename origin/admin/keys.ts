/** `GET|POST /admin/keys` and `POST /admin/keys/<id>/revoke`: API keys of callers, where this process reaches them. */
import type { Context } from 'hono'
import * as z from 'zod'
import { fault } from '../../shared/fault.ts'
import { createKey, listKeys, revokeKey } from '../../shared/key-admin.ts'
import { KeyRecord } from '../../shared/keys.ts'
import type { Records } from '../../shared/records.ts'
import { DEFAULT_TENANT } from '../../shared/server-info.ts'
import type { AdminOptions } from './deps.ts'
import { readBody } from './read-query.ts'

const { tenant, scopes, limit, label } = KeyRecord.shape
const Grant = z.object({
  tenant: tenant.default(DEFAULT_TENANT),
  scopes: scopes.default(['read']),
  limit: limit.default(null),
  label: label.default(''),
  /** Days that it is good for; null: until it is revoked. */
  days: z.number().int().min(1).max(3650).nullable().default(null),
})

const DAY_MS = 86_400_000
type Deps = Pick<AdminOptions, 'records' | 'now' | 'random'>

/** What to do where the keys are not to be reached from here (Workers KV, a file of the edge's). */
const COMMAND = 'npm run keys -- list'

export function adminKeys({ records, now }: Deps) {
  return async (c: Context): Promise<Response> =>
    c.json(
      records === null
        ? { success: true, reachable: false, command: COMMAND, keys: [] }
        : { success: true, reachable: true, command: null, keys: await listKeys(records, now()) },
    )
}

/** The answer is the only place where the new key stands. */
export function adminCreateKey({ records, now, random }: Deps) {
  return async (c: Context): Promise<Response> => {
    const { days, ...grant } = await readBody(Grant, c)
    const expires = days === null ? null : new Date(now() + days * DAY_MS).toISOString()
    const key = await createKey(reached(records), { ...grant, expires }, { random, now: now() })
    return c.json({ success: true, id: key.id, key: key.text })
  }
}

export function adminRevokeKey({ records, now }: Deps) {
  return async (c: Context): Promise<Response> => {
    const key = await revokeKey(reached(records), c.req.param('id') ?? '', now())
    if (key === null) throw fault('NOT_FOUND', 'There is no such key.', { hint: 'GET /admin/keys lists them.' })
    return c.json({ success: true, key })
  }
}

function reached(records: Records | null): Records {
  if (records !== null) return records
  throw fault('INVALID_PARAMETER', 'The keys of the edge are not to be reached from this origin.', {
    hint: 'Use npm run keys, or set EDGE_TABLE where the edge keeps them in DynamoDB.',
  })
}
