/**
 * The edge as a buffered AWS Lambda: behind a function URL, API Gateway (REST and HTTP) or a load balancer. What it
 * cannot do: a stream. A tool call is answered as JSON at its end, without progress on the way; `GET /mcp` is refused.
 *
 * What the instances share is in DynamoDB (`EDGE_STORE=dynamodb`): a Lambda's own memory is that of one request at a time.
 */
import { ConfigError, EdgeServerConfig, parseConfig } from '../../shared/config.ts'
import { metricsRegistry } from '../../shared/metrics.ts'
import { emfFlush } from './common/emf.ts'
import { lineLog } from './common/log.ts'
import { serverEdge } from './common/server-edge.ts'
import { lambdaHandler } from './lambda/handler.ts'

const now = (): number => Date.now()

function start() {
  try {
    const config = parseConfig(EdgeServerConfig, process.env)
    const writeLine = (line: string): void => void process.stdout.write(`${line}\n`)
    const metrics = metricsRegistry()
    const options = { config, env: process.env, log: lineLog(writeLine, now), writeLine, metrics, now }
    const handle = lambdaHandler(options, serverEdge)
    if (config.EDGE_METRICS === 'off') return handle
    // A frozen process is told by nobody that a minute has passed: each answer brings its own counts.
    const flush = emfFlush({ metrics, writeLine, now })
    const counted: typeof handle = async (event, context) => {
      const answer = await handle(event, context)
      flush()
      return answer
    }
    return counted
  } catch (error) {
    if (error instanceof ConfigError) process.stderr.write(`${error.message}\n`)
    throw error
  }
}

export const handler = start()
