/** What the edge adds to a call that it passes on, and to the first byte of a stream: both ways in turn, one at a time. */
import { Agent, request } from 'node:http'
import { startOrigin } from '../e2e/origin-process.ts'
import { startNodeEdges } from '../platform/node-edges.ts'
import { type RawEdges, startRawEdges } from '../platform/raw-workerd.ts'
import { newSigningKey } from '../platform/workerd.ts'
import { quantile } from './call-load.ts'

const CALLS = 1_500
const WARM_UP = 300
const STREAMS = 300

/** Not cached at the edge, and hardly any work at the origin. */
const CALL = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: { name: 'get_estat_table_url', arguments: { dataset_id: '0003448237' } },
})

interface Way {
  readonly url: string
  readonly key: string
  readonly agent: Agent
}

export async function measureForwarding(): Promise<void> {
  const key = await newSigningKey()
  const { d: _secret, ...publicKey } = key
  const origin = await startOrigin({ edgeKeys: [publicKey] })
  const vars = { CALLER_SIGNING_KEY: JSON.stringify(key) }
  try {
    const shapes: readonly (readonly [string, typeof startRawEdges])[] = [
      ['workerd serve', startRawEdges],
      ['Node over DynamoDB (dynalite)', startNodeEdges],
    ]
    for (const [name, start] of shapes) {
      const edges: RawEdges = await start({ originUrl: origin.url, instances: 1, vars })
      try {
        const { text } = await edges.issueKey({ limit: 1_000_000 })
        const agent = new Agent({ keepAlive: true })
        await compare(
          name,
          { url: origin.url, key: origin.adminKey, agent },
          { url: edges.urls[0] ?? '', key: text, agent },
        )
        agent.destroy()
      } finally {
        await edges.close()
      }
    }
  } finally {
    await origin.close()
  }
}

async function compare(name: string, direct: Way, through: Way): Promise<void> {
  console.log(`\n== forwarding, ${name}: ${CALLS} calls each way in turn`)
  const calls = await alternate(
    CALLS + WARM_UP,
    WARM_UP,
    () => timeOf(direct, call),
    () => timeOf(through, call),
  )
  say('a call, to its end', calls)
  const streams = await alternate(
    STREAMS + 20,
    20,
    () => timeOf(direct, stream),
    () => timeOf(through, stream),
  )
  say('a stream, to its first byte', streams)
}

async function alternate(
  times: number,
  warmUp: number,
  one: () => Promise<number>,
  other: () => Promise<number>,
): Promise<readonly [readonly number[], readonly number[]]> {
  const [first, second]: [number[], number[]] = [[], []]
  for (let at = 0; at < times; at++) {
    const pair = [await one(), await other()] as const
    if (at < warmUp) continue
    first.push(pair[0])
    second.push(pair[1])
  }
  return [first, second]
}

function say(what: string, [direct, through]: readonly [readonly number[], readonly number[]]): void {
  const [a, b] = [direct, through].map((times) => times.toSorted((left, right) => left - right)) as [number[], number[]]
  const at = (share: number): string => {
    const [near, far] = [quantile(a, share), quantile(b, share)]
    return `direct ${near.toFixed(2)} ms, through ${far.toFixed(2)} ms, adds ${(far - near).toFixed(2)} ms`
  }
  console.log(`  ${what.padEnd(28)} median: ${at(0.5)}\n  ${''.padEnd(28)} p95:    ${at(0.95)}`)
}

type Asking = {
  readonly method: string
  readonly accept: string
  readonly body: string | null
  readonly toEnd: boolean
}
const call: Asking = { method: 'POST', accept: 'application/json, text/event-stream', body: CALL, toEnd: true }
/** The stream that the origin opens at once. */
const stream: Asking = { method: 'GET', accept: 'text/event-stream', body: null, toEnd: false }

/** Milliseconds until the answer's end or first byte. @throws Error where the answer is not 200. */
function timeOf({ url, key, agent }: Way, { method, accept, body, toEnd }: Asking): Promise<number> {
  return new Promise((resolve, reject) => {
    const since = performance.now()
    const headers = { accept, 'content-type': 'application/json', 'x-api-key': key }
    const asking = request(`${url}/mcp`, { method, headers, ...(toEnd ? { agent } : {}) }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`${url} answered ${response.statusCode}`))
      response.once('data', () => {
        if (toEnd) return
        const took = performance.now() - since
        asking.destroy()
        // The origin lets one caller have five: it has to hear that this one is over.
        setTimeout(() => resolve(took), 40)
      })
      response.on('end', () => resolve(performance.now() - since))
      response.on('error', () => {})
      response.resume()
    })
    asking.on('error', (error) => (toEnd ? reject(error) : undefined))
    asking.end(body ?? undefined)
  })
}
