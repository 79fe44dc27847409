/**
 * The origin's production HTTP stack with the conformance suite's fixtures beside the tools. The suite sends no key:
 * `open` lets its requests in as a reader's, where it asks the origin directly.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serve } from '@hono/node-server'
import type { JWK } from 'jose'
import { createOrigin } from '../../origin/app.ts'
import { type Authenticate, authenticator } from '../../origin/authenticate.ts'
import { embeddedPorts } from '../../origin/embedded.ts'
import { healthOf } from '../../origin/health.ts'
import { createMcpEndpoint } from '../../origin/mcp.ts'
import { storeProbe } from '../../origin/store-probe.ts'
import { TOOLS } from '../../origin/tools/registry.ts'
import { registerContents } from './fixtures/contents.ts'
import { registerInputRequired, verifyRequestState } from './fixtures/input-required.ts'
import { registerPrompts, registerResources } from './fixtures/published.ts'
import { registerOlder } from './fixtures/older.ts'
import { registerStateless } from './fixtures/stateless.ts'

export interface FixtureOrigin {
  /** Without a trailing slash. */
  readonly url: string
  /** Trusts an edge's key from now on. */
  trust(key: JWK): void
  close(): Promise<void>
}

export async function startFixtureOrigin({ open }: { readonly open: boolean }): Promise<FixtureOrigin> {
  const dataDir = await mkdtemp(join(tmpdir(), 'conformance-'))
  const now = (): number => Date.now()
  const report = (error: unknown, where: string): void => void process.stderr.write(`${where}: ${String(error)}\n`)
  const ports = embeddedPorts({ dataDir, bucket: 'estat-lake', appId: null, now, sharesDisk: false })
  const limits = { fetchRows: 500_000, millis: 20_000 }
  const calls = { tools: TOOLS, ports, limits, now, newId: () => crypto.randomUUID() }
  const mcp = createMcpEndpoint({
    ...calls,
    report,
    fixtures: {
      options: { requestState: { verify: verifyRequestState } },
      register: (server) => {
        registerContents(server)
        registerResources(server)
        registerPrompts(server)
        registerInputRequired(server)
        registerStateless(server)
        registerOlder(server)
      },
    },
  })
  const edgeKeys: JWK[] = []
  const known = authenticator({ edgeKeys, adminKeys: [], now })
  const anybody: Authenticate = async () => ({ id: 'conformance', tenant: 'estat', scopes: ['read'] })
  const condition = storeProbe({ store: ports.store, now })
  const app = createOrigin({
    ...calls,
    mcp,
    report,
    authenticate: open ? anybody : known,
    health: () => healthOf({ condition, stats: ports.stats, catalogue: ports.catalogue, version: 'test', now }),
  })
  const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' })
  await new Promise((resolve) => server.once('listening', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    trust: (key) => void edgeKeys.push(key),
    async close() {
      await mcp.close()
      await new Promise((resolve) => server.close(resolve))
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
