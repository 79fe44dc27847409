/** The whole origin in one process: real adapters on a folder of the test's own, an administrator's key, no socket. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { MiddlewareHandler } from 'hono'
import type { RouterRoute } from 'hono/types'
import type { JWK } from 'jose'
import { createOrigin } from '../../../origin/app.ts'
import { authenticator } from '../../../origin/authenticate.ts'
import type { CallDeps } from '../../../origin/call-tool.ts'
import { embeddedPorts } from '../../../origin/embedded.ts'
import { healthOf } from '../../../origin/health.ts'
import { jobRunner } from '../../../origin/jobs/runner.ts'
import { createMcpEndpoint } from '../../../origin/mcp.ts'
import { type Metering, UNMETERED } from '../../../origin/observe/metering.ts'
import type { Ports } from '../../../origin/ports.ts'
import { storeProbe } from '../../../origin/store-probe.ts'
import { TOOLS } from '../../../origin/tools/registry.ts'
import { newKey } from '../../../shared/keys.ts'

export interface TestOrigin {
  readonly fetch: (request: Request) => Promise<Response>
  readonly routes: readonly RouterRoute[]
  /** An administrator's key, `id.secret`. */
  readonly adminKey: string
  readonly ports: Ports
  readonly dataDir: string
  /** Failures that were ours, as the log would get them. */
  readonly reported: unknown[]
  close(): Promise<void>
}

export interface TestOriginOptions {
  readonly edgeKeys?: readonly JWK[]
  readonly ports?: Partial<Ports>
  readonly limits?: Partial<CallDeps['limits']>
  readonly tools?: CallDeps['tools']
  /** Callers and server on one machine. */
  readonly sharesDisk?: boolean
  /** Counting, and what goes around every request. */
  readonly metering?: Metering
  readonly around?: MiddlewareHandler
}

export async function openOrigin(options: TestOriginOptions = {}): Promise<TestOrigin> {
  const dataDir = await mkdtemp(join(tmpdir(), 'origin-'))
  const now = (): number => Date.now()
  const reported: unknown[] = []
  const report = (error: unknown): void => void reported.push(error)
  const { sharesDisk = false, metering = UNMETERED } = options
  const embedded = embeddedPorts({ dataDir, bucket: 'estat-lake', appId: null, now, sharesDisk, metering })
  const { stats = embedded.stats } = options.ports ?? {}
  // Jobs ask the same source as the tools do.
  const lease = { holder: 'test', leaseMs: 30_000, pollMs: 1000, workMs: 8000 }
  const { jobs, store, parquet, tables } = embedded
  const runner = jobRunner({ jobs, store, lake: { parquet, tables }, stats, now, report, ...lease })
  const ports: Ports = { ...embedded, runner, ...options.ports }
  const limits = { fetchRows: 500_000, millis: 20_000, ...options.limits }
  const newId = (): string => crypto.randomUUID()
  const calls = { tools: options.tools ?? TOOLS, ports, limits, now, newId, observe: metering.call }
  const admin = await newKey((count) => crypto.getRandomValues(new Uint8Array(count)), { tenant: 'estat', scopes: [] })
  const adminKeys = [{ id: admin.id, hash: admin.record.hash }]
  const condition = storeProbe({ store: ports.store, now })
  const mcp = createMcpEndpoint({ ...calls, report })
  const app = createOrigin({
    ...calls,
    mcp,
    report,
    ...(options.around ? { around: options.around } : {}),
    authenticate: authenticator({ edgeKeys: options.edgeKeys ?? [], adminKeys, now, refused: metering.refused }),
    health: () => healthOf({ condition, stats: ports.stats, catalogue: ports.catalogue, version: 'test', now }),
  })
  return {
    fetch: async (request) => app.fetch(request),
    routes: app.routes,
    adminKey: admin.text,
    ports,
    dataDir,
    reported,
    async close() {
      await mcp.close()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

export interface Executed {
  readonly status: number
  readonly success: boolean
  readonly result: Record<string, unknown>
  readonly text: string
  readonly error: { code: string; message: string; hint: string; candidates?: { code: string; name: string }[] }
}

/** `POST /execute` as an administrator. */
export async function execute(origin: TestOrigin, tool_name: string, args: unknown): Promise<Executed> {
  const response = await origin.fetch(
    new Request('http://origin/execute', {
      method: 'POST',
      headers: { 'x-api-key': origin.adminKey, 'content-type': 'application/json' },
      body: JSON.stringify({ tool_name, arguments: args }),
    }),
  )
  return { status: response.status, ...((await response.json()) as Omit<Executed, 'status'>) }
}
