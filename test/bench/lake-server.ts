/** An origin over a data folder whose calls may take as long as they need: `lake-server.ts <dataDir>`, started by fork. */
import { serve } from '@hono/node-server'
import { newKey } from '../../shared/keys.ts'
import { SERVER_INFO } from '../../shared/server-info.ts'
import { createOrigin } from '../../origin/app.ts'
import { authenticator } from '../../origin/authenticate.ts'
import { embeddedPorts } from '../../origin/embedded.ts'
import { healthOf } from '../../origin/health.ts'
import { createMcpEndpoint } from '../../origin/mcp.ts'
import { storeProbe } from '../../origin/store-probe.ts'
import { TOOLS } from '../../origin/tools/registry.ts'

const [, , dataDir = ''] = process.argv
const now = (): number => Date.now()
const report = (error: unknown, where: string): void => console.error(where, error)
const ports = embeddedPorts({ dataDir, bucket: 'estat-lake', appId: null, duckdbInChild: true, report, now })
const key = await newKey((count) => crypto.getRandomValues(new Uint8Array(count)), { tenant: 'estat', scopes: [] })
const limits = { fetchRows: 1, millis: 3_600_000 }
const calls = { tools: TOOLS, ports, limits, now, newId: () => 'bench' }
const { store, stats, catalogue } = ports
const condition = storeProbe({ store, now })
const app = createOrigin({
  ...calls,
  mcp: createMcpEndpoint({ ...calls, report }),
  report,
  authenticate: authenticator({ edgeKeys: [], adminKeys: [{ id: key.id, hash: key.record.hash }], now }),
  health: () => healthOf({ condition, stats, catalogue, version: SERVER_INFO.version, now }),
})
serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) =>
  process.send?.({ url: `http://127.0.0.1:${port}`, adminKey: key.text }),
)
process.once('disconnect', () => process.exit(0))
