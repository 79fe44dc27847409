/** The administration over a real origin's ports, without a socket. */
import type { RouterRoute } from 'hono/types'
import { createAdmin } from '../../../origin/admin/app.ts'
import type { AdminOptions, AuditEntry } from '../../../origin/admin/deps.ts'
import { storeProbe } from '../../../origin/store-probe.ts'
import { newKey } from '../../../shared/keys.ts'
import { type Metrics, metricsRegistry } from '../../../shared/metrics.ts'
import type { TestOrigin } from '../support/origin.ts'

export interface TestAdmin {
  readonly key: string
  readonly metrics: Metrics
  /** Milliseconds that wrong keys were made to wait. */
  readonly waits: number[]
  readonly reported: unknown[]
  readonly audited: AuditEntry[]
  readonly fetch: (request: Request) => Promise<Response>
  readonly routes: readonly RouterRoute[]
  /** As an administrator; a body makes it a POST. */
  readonly call: (path: string, body?: unknown) => Promise<{ status: number; json: Answer }>
}

export interface Answer {
  readonly success: boolean
  readonly error?: { readonly code: string; readonly message: string; readonly hint: string }
  // biome-ignore lint/suspicious/noExplicitAny: an answer is looked into as a person would
  readonly [member: string]: unknown
}

const random = (count: number): Uint8Array => crypto.getRandomValues(new Uint8Array(count))
const PROBE = { sql: 'SELECT 1 AS one', tables: {}, database: 'estat', maxRows: 1, offset: 0 }

export async function openAdmin(origin: TestOrigin, options: Partial<AdminOptions> = {}): Promise<TestAdmin> {
  const { id, text, record } = await newKey(random, { tenant: 'estat', scopes: ['admin'] })
  const metrics = metricsRegistry()
  const waits: number[] = []
  const reported: unknown[] = []
  const audited: AuditEntry[] = []
  const now = (): number => Date.now()
  const app = createAdmin({
    adminKeys: [{ id, hash: record.hash }],
    allowedHosts: ['admin.example'],
    ports: origin.ports,
    metrics,
    probes: {
      store: storeProbe({ store: origin.ports.store, now }),
      engine: (signal) => origin.ports.engine.query(PROBE, signal),
      disk: () => Promise.resolve({ free: 50e9, total: 100e9 }),
      tables: null,
      athena: null,
    },
    copies: null,
    records: null,
    edge: null,
    now,
    newId: () => crypto.randomUUID(),
    random,
    sleep: async (millis) => void waits.push(millis),
    audit: (entry) => void audited.push(entry),
    report: (error) => void reported.push(error),
    ...options,
  })
  const fetch = async (request: Request): Promise<Response> => app.fetch(request)
  return {
    key: text,
    metrics,
    waits,
    reported,
    audited,
    fetch,
    routes: app.routes,
    async call(path, body) {
      const response = await fetch(
        new Request(`http://127.0.0.1:8081${path}`, {
          headers: { 'x-api-key': text },
          ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
        }),
      )
      return { status: response.status, json: (await response.json()) as Answer }
    },
  }
}
