/** The edge on Node: reads the environment, builds the adapters, serves until it is told to stop. */
import { ConfigError, EdgeServerConfig, parseConfig } from '../../shared/config.ts'
import { lineLog } from './common/log.ts'
import { serverEdge } from './common/server-edge.ts'
import { nodeServer } from './node/http-server.ts'
import { endOnSignals, listen } from './node/run.ts'

const now = (): number => Date.now()
const log = lineLog((line) => void process.stdout.write(`${line}\n`), now)

async function start(): Promise<void> {
  const config = parseConfig(EdgeServerConfig, process.env)
  const edge = serverEdge({ config, log, now })
  const server = nodeServer(edge)
  const port = await listen(server, config.EDGE_PORT, config.EDGE_HOST)
  log('info', 'listening', { port, store: config.EDGE_STORE })
  endOnSignals(server, edge, log)
}

try {
  await start()
} catch (error) {
  const { code } = error as { readonly code?: string }
  if (error instanceof ConfigError) process.stderr.write(`${error.message}\n`)
  else if (code === 'EADDRINUSE') process.stderr.write('The port is taken. Choose another with EDGE_PORT.\n')
  else throw error
  process.exitCode = 1
}
