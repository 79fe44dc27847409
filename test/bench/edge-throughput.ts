/** Cached searches a second through the whole edge, against a bare Hono route beside it. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { type KeyRecord, newKey, recordName } from '../../shared/keys.ts'
import { serveWorkerd } from '../platform/serve-workerd.ts'
import { newSigningKey } from '../platform/workerd.ts'
import { startOrigin } from '../e2e/origin-process.ts'
import { CHAIN_NAMES } from './edge-chain-names.ts'
import { cpuSeconds } from './process-tree.ts'
import { dynamoStore, memoryStore, startBenchEdge } from './edge-node.ts'
import { load, median } from './http-load.ts'

export interface ThroughputPlan {
  readonly rounds: number
  readonly seconds: number
  readonly keys: number
  /** Whether each middleware's cost is measured too. */
  readonly chain: boolean
}

const CONNECTIONS = 32
/** Far above what one key asks here, so that nothing is refused; the counting is the same. */
const LIMIT = 1_000_000

export const SEARCH = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: { name: 'search_estat_data', arguments: { query: '東京都の人口' } },
})

interface Target {
  readonly name: string
  readonly url: string
  /** Of the process that answers. */
  readonly pid: number
}

interface Figures {
  /** Answers a second. */
  readonly rate: number
  /** Microseconds of CPU for one answer: steadier than the rate where others use the machine too. */
  readonly cpu: number
  /** Milliseconds. */
  readonly p99: number
}

/** Before each round: every key has been asked for, its counter is there and its lease found. */
const WARM_UP_SECONDS = 10

/** The same load on every target in turn, so often; medians, because a round may be disturbed. */
async function compare(
  targets: readonly Target[],
  plan: ThroughputPlan,
  callers: readonly Record<string, string>[],
): Promise<(name: string) => Figures> {
  const figures = new Map<string, Figures[]>()
  for (let round = 0; round <= plan.rounds; round++)
    for (const { name, url, pid } of targets) {
      const run = { url, path: '/mcp', body: SEARCH, callers, connections: CONNECTIONS, seconds: plan.seconds }
      // Counters that nobody asked for some seconds have been put away, and leases have ended.
      if (name === 'edge' || name === String(CHAIN_NAMES.length)) await load({ ...run, seconds: WARM_UP_SECONDS })
      const since = cpuSeconds(pid)
      const { rate, p99, answered } = await load(run)
      const cpu = ((cpuSeconds(pid) - since) * 1e6) / answered
      if (round > 0) figures.set(name, [...(figures.get(name) ?? []), { rate, cpu, p99 }])
    }
  return (name) => {
    const all = figures.get(name) ?? []
    const middle = (part: keyof Figures): number => median(all.map((one) => one[part]))
    return { rate: middle('rate'), cpu: middle('cpu'), p99: middle('p99') }
  }
}

export async function measureWorkerd(plan: ThroughputPlan): Promise<void> {
  const key = await newSigningKey()
  const { d: _secret, ...publicKey } = key
  const origin = await startOrigin({ edgeKeys: [publicKey] })
  const settings = { ORIGIN_URL: origin.url, AUTH_MODE: 'key', CALLER_SIGNING_KEY: JSON.stringify(key) }
  const names = ['edge', 'bare', 'sized', ...CHAIN_NAMES.map((_name, at) => String(at + 1))]
  const workerd = await serveWorkerd({
    entry: fileURLToPath(new URL('edge-worker.mts', import.meta.url)),
    objects: { LIMITER: 'CallerLimit', FLIGHTS: 'Flight' },
    services: names.map((BENCH) => ({ ...settings, BENCH })),
    kv: 'KEYS',
  })
  try {
    const keys = await makeKeys(plan.keys, (id, record) => workerd.putText(recordName(id), record))
    const targets = names.map((name, at) => ({ name, url: workerd.urls[at] as string, pid: workerd.pid }))
    await giveSample(targets, keys)
    console.log(`\n== workerd serve, ${plan.keys} keys, ${CONNECTIONS} connections, median of ${plan.rounds} rounds`)
    const main = await compare(targets.slice(0, 3), plan, keys)
    say(main)
    if (!plan.chain) return
    // What each adds: the chain cut off after it, against the chain cut off before it.
    const chain = await compare(
      targets.slice(1).filter(({ name }) => name !== 'sized'),
      { ...plan, rounds: 1, seconds: 4 },
      keys,
    )
    let before = chain('bare').cpu
    console.log('  cost of each middleware, microseconds of CPU for each request:')
    for (const [at, name] of CHAIN_NAMES.entries()) {
      const { cpu } = chain(String(at + 1))
      console.log(`    ${name.padEnd(18)} ${(cpu - before).toFixed(1).padStart(7)}`)
      before = cpu
    }
    console.log(`    ${'cache and framing'.padEnd(18)} ${(main('edge').cpu - before).toFixed(1).padStart(7)}`)
  } finally {
    await workerd.close()
    await origin.close()
  }
}

/** The edge on Node: alone with its memory, and in the AWS shape over a DynamoDB; beside a bare route on Node. */
export async function measureNode(plan: ThroughputPlan): Promise<void> {
  const bare = fork(fileURLToPath(new URL('edge-bare-node.ts', import.meta.url)))
  const [{ url }] = (await once(bare, 'message')) as [{ url: string }]
  const route = { name: 'bare', url, pid: bare.pid as number }
  const key = await newSigningKey()
  const { d: _secret, ...publicKey } = key
  const origin = await startOrigin({ edgeKeys: [publicKey] })
  const vars = { ORIGIN_URL: origin.url, CALLER_SIGNING_KEY: JSON.stringify(key) }
  try {
    await measureNodeOver('limits in memory, keys in a file', memoryStore(), vars, route, plan)
    await measureNodeOver('limits and keys in DynamoDB (dynalite)', await dynamoStore(), vars, route, plan)
  } finally {
    bare.kill('SIGKILL')
    await origin.close()
  }
}

async function measureNodeOver(
  what: string,
  store: Parameters<typeof startBenchEdge>[0],
  vars: Readonly<Record<string, string>>,
  route: Target,
  plan: ThroughputPlan,
): Promise<void> {
  const edge = await startBenchEdge(store, vars)
  try {
    const keys = await makeKeys(plan.keys, (id, record) => edge.putKey(id, JSON.parse(record) as KeyRecord))
    console.log(`\n== Node, ${what}, ${plan.keys} keys, ${CONNECTIONS} connections, median of ${plan.rounds} rounds`)
    say(await compare([{ name: 'edge', url: edge.url, pid: edge.pid }, route], plan, keys))
  } finally {
    await edge.close()
  }
}

function say(figure: (name: string) => Figures): void {
  const bare = figure('bare')
  const line = (name: string, what: string): void => {
    const { rate, cpu, p99 } = figure(name)
    console.log(
      `  ${what.padEnd(46)} ${rate.toFixed(0).padStart(6)}/s, ${(rate / bare.rate).toFixed(2)} times bare` +
        `   CPU ${cpu.toFixed(0).padStart(4)} us (${(bare.cpu / cpu).toFixed(2)})   p99 ${p99} ms`,
    )
  }
  line('bare', 'bare Hono JSON route')
  if (!Number.isNaN(figure('sized').rate)) line('sized', 'bare route, JSON of the same size in and out')
  line('edge', 'cached search, every middleware on')
}

async function makeKeys(count: number, put: (id: string, record: string) => Promise<void>) {
  const random = (length: number) => crypto.getRandomValues(new Uint8Array(length))
  const keys: Record<string, string>[] = []
  for (let at = 0; at < count; at++) {
    const { id, text, record } = await newKey(random, { tenant: 'estat', scopes: ['read'], limit: LIMIT })
    await put(id, JSON.stringify(record))
    keys.push({ 'x-api-key': text })
  }
  return keys
}

/** Asks once, which also fills the cache, and gives the answer to the route that is to be of its size. */
async function giveSample(targets: readonly Target[], [caller = {}]: readonly Record<string, string>[]): Promise<void> {
  const urlOf = (name: string): string => `${targets.find((target) => target.name === name)?.url}/mcp`
  const headers = { 'content-type': 'application/json', accept: 'application/json', ...caller }
  const answer = await (await fetch(urlOf('edge'), { method: 'POST', headers, body: SEARCH })).text()
  if (!answer.includes('structuredContent')) throw new Error(`the search answered ${answer.slice(0, 200)}`)
  console.log(`a cached search answers ${answer.length} characters`)
  await fetch(urlOf('sized'), { method: 'PUT', headers, body: answer })
}
