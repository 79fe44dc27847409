/** `GET /admin/cache` and `POST /admin/cache/purge`: what is kept to be quick, here and at the edge. */
import type { Context } from 'hono'
import * as z from 'zod'
import { beginGeneration, PURGE_SECONDS } from '../../shared/cache-generation.ts'
import { fault } from '../../shared/fault.ts'
import { fetchesAmong } from '../jobs/raw-expiry.ts'
import { fetchesInUse } from '../jobs/upkeep.ts'
import type { AdminOptions } from './deps.ts'
import type { Inventory } from './inventory.ts'
import { readBody } from './read-query.ts'

/**
 * `edge`: answers of the search cache. `copies`: copies of the lake's files on this machine. `raw`: fetched pages, which
 * answers name as `s3_json_path`: whoever holds such a path has to fetch again.
 */
const Purge = z.object({ what: z.enum(['edge', 'copies', 'raw']) })
/** A fetch that was written to lately may still be in the hands of the call that made it. */
const RAW_REST_MS = 3_600_000
const EDGE_WAIT_MS = 10_000

export interface CacheDeps extends Pick<AdminOptions, 'ports' | 'copies' | 'records' | 'edge' | 'now' | 'newId'> {
  readonly inventory: { read(): Promise<Inventory>; forget(): void }
}

export function adminCache({ inventory, copies, records, edge }: CacheDeps) {
  return async (c: Context): Promise<Response> => {
    const { raw } = await inventory.read()
    const reach = records !== null ? 'records' : edge === null ? 'none' : 'edge'
    return c.json({ success: true, raw, copies: (await copies?.size()) ?? null, edge: { reach } })
  }
}

export function adminPurge(deps: CacheDeps) {
  return async (c: Context): Promise<Response> => {
    const { what } = await readBody(Purge, c)
    c.set('what', what)
    const done =
      what === 'edge' ? await purgeEdge(deps) : what === 'copies' ? await purgeCopies(deps) : await purgeRaw(deps)
    deps.inventory.forget()
    return c.json({ success: true, what, ...done })
  }
}

async function purgeEdge({ records, edge, now, newId }: CacheDeps) {
  if (records !== null) {
    await beginGeneration(records, {}, { now: now(), id: newId() })
    return { holds_within_seconds: PURGE_SECONDS }
  }
  if (edge === null)
    throw fault('INVALID_PARAMETER', 'This origin does not know its edge.', {
      hint: 'Set EDGE_URL and EDGE_ADMIN_KEY, or EDGE_TABLE where the edge keeps its records in DynamoDB.',
    })
  const request = new Request(new URL('/admin/purge', edge.url), {
    method: 'POST',
    headers: { 'x-api-key': edge.key, 'content-type': 'application/json' },
    body: '{}',
    redirect: 'error',
    signal: AbortSignal.timeout(EDGE_WAIT_MS),
  })
  const status = await edge.send(request).then(
    async (response) => {
      await response.body?.cancel()
      return response.status
    },
    () => 0,
  )
  if (status >= 200 && status < 300) return { holds_within_seconds: PURGE_SECONDS }
  const why = status === 0 ? 'could not be reached' : `answered ${status}`
  throw fault('INTERNAL_ERROR', `The edge ${why}.`, { hint: 'Check EDGE_URL and the scope of EDGE_ADMIN_KEY.' })
}

async function purgeCopies({ copies }: CacheDeps) {
  if (copies === null)
    throw fault('INVALID_PARAMETER', 'There are no copies here: the lake itself is on this disk.', {
      hint: 'Purge "edge" or "raw".',
    })
  return copies.clear()
}

/** The manifest goes first: a fetch that is half gone is not there. */
async function purgeRaw({ ports: { store, jobs }, now }: CacheDeps) {
  const inUse = await fetchesInUse(jobs)
  const fetches = fetchesAmong(await store.list('raw/')).filter(
    ({ fetchId, modified }) => !inUse.has(fetchId) && now() - modified > RAW_REST_MS,
  )
  for (const { keys } of fetches) for (const key of keys) await store.delete(key)
  return { fetches: fetches.length, bytes: fetches.reduce((sum, { bytes }) => sum + bytes, 0) }
}
