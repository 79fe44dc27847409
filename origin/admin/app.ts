/**
 * The administration: a listener of its own, for administrators of this origin and nobody else. The edge does not reach
 * it, and the public port has none of its routes (PRODUCT.md section 5).
 */
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { fault, faultReply, faultStatus } from '../../shared/fault.ts'
import { isOurs } from '../is-ours.ts'
import { adminCache, adminPurge } from './cache.ts'
import type { AdminEnv, AdminOptions } from './deps.ts'
import { administratorsOnly, ownPagesOnly } from './guard.ts'
import { adminHealth } from './health.ts'
import { inventoryOf } from './inventory.ts'
import { adminCancel, adminJobs } from './jobs.ts'
import { adminCreateKey, adminKeys, adminRevokeKey } from './keys.ts'
import { adminLake } from './lake.ts'
import { adminMetrics } from './metrics.ts'
import { adminPage } from './page/page.ts'
import { sharedLook } from './shared-look.ts'
import { wrongKeys } from './wrong-keys.ts'

const MAX_BODY = 10_000
/** Listing a large bucket takes seconds, and costs. */
const INVENTORY_MS = 60_000

/** Nothing here is for another page, another site or a cache. The page itself says what it may run (`page/page.ts`). */
const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const

export function createAdmin(options: AdminOptions): Hono<AdminEnv> {
  const { ports, metrics, now, sleep, report } = options
  const app = new Hono<AdminEnv>()
  app.onError((error, c) => {
    if (isOurs(error, null)) report(error, `${c.req.method} ${c.req.path}`)
    const reply = faultReply(error, null)
    const seconds = reply.error.retry_after_seconds
    if (seconds !== undefined) c.header('retry-after', String(seconds))
    return c.json(reply, faultStatus(error) as 400)
  })
  app.notFound(() => {
    throw fault('NOT_FOUND', 'There is nothing at this path.', { hint: 'Open /admin/.' })
  })

  if (options.around) app.use(options.around)
  app.use(async function headers(c, next) {
    await next()
    for (const [name, value] of Object.entries(HEADERS)) if (!c.res.headers.has(name)) c.res.headers.set(name, value)
  })
  app.use(ownPagesOnly(options.allowedHosts))
  app.get('/', (c) => c.redirect('/admin/'))
  app.get('/admin', (c) => c.redirect('/admin/'))
  // Without data: whoever opens it has to bring a key before it shows anything.
  app.get('/admin/', adminPage())

  const refused = (reason: string): void => metrics.count('estat_auth_failures_total', { reason })
  app.use(administratorsOnly(options.adminKeys, wrongKeys(now, sleep), refused))
  app.on('POST', '/admin/*', async function audit(c, next) {
    await next()
    const { caller, what = null } = c.var as Partial<AdminEnv['Variables']>
    options.audit({ caller: caller?.id ?? '', path: c.req.path, what, status: c.res.status })
  })
  app.use(
    bodyLimit({
      maxSize: MAX_BODY,
      onError: () => {
        throw fault('TOO_LARGE', 'The request body is over 10 kB.')
      },
    }),
  )
  const inventory = sharedLook(async () => inventoryOf(await ports.store.list('')), INVENTORY_MS, now)
  const caching = { ...options, inventory }
  app.get('/admin/health', adminHealth(options))
  app.get('/admin/jobs', adminJobs(options))
  app.post('/admin/jobs/:tenant/:id/cancel', adminCancel(options))
  app.get('/admin/lake', adminLake({ ports, inventory: () => inventory.read() }))
  app.get('/admin/cache', adminCache(caching))
  app.post('/admin/cache/purge', adminPurge(caching))
  app.get('/admin/keys', adminKeys(options))
  app.post('/admin/keys', adminCreateKey(options))
  app.post('/admin/keys/:id/revoke', adminRevokeKey(options))
  app.get('/admin/metrics', adminMetrics(options))
  return app
}
