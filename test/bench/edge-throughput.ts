/** Cached searches a second through the whole edge, against a bare Hono route beside it. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { newKey, recordName } from '../../shared/keys.ts'
import { startNodeEdges } from '../platform/node-edges.ts'
import { serveWorkerd } from '../platform/serve-workerd.ts'
import { newSigningKey } from '../platform/workerd.ts'
import { type OriginProcess, startOrigin } from '../e2e/origin-process.ts'
import { CHAIN_NAMES } from './edge-chain-names.ts'
import { load, median } from './http-load.ts'

export interface ThroughputPlan {
  readonly rounds: number
  readonly seconds: number
  readonly keys: number
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
}

/** The same load on every target in turn, so often; medians, because a round may be disturbed. */
async function compare(targets: readonly Target[], plan: ThroughputPlan, callers: readonly Record<string, string>[]) {
  const rates = new Map<string, number[]>()
  const p99s = new Map<string, number[]>()
  for (let round = 0; round <= plan.rounds; round++)
    for (const { name, url } of targets) {
      const run = { url, path: '/mcp', body: SEARCH, callers, connections: CONNECTIONS, seconds: plan.seconds }
      const { rate, p99 } = await load(run)
      // The first round warms up: compilers, keys, connections.
      if (round === 0) continue
      rates.set(name, [...(rates.get(name) ?? []), rate])
      p99s.set(name, [...(p99s.get(name) ?? []), p99])
    }
  return (name: string) => ({ rate: median(rates.get(name) ?? []), p99: median(p99s.get(name) ?? []) })
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
    const targets = names.map((name, at) => ({ name, url: workerd.urls[at] as string }))
    await giveSample(targets, keys)
    console.log(`\n== workerd serve, ${plan.keys} keys, ${CONNECTIONS} connections, median of ${plan.rounds} rounds`)
    const main = await compare(targets.slice(0, 3), plan, keys)
    say(main)
    // What each adds, by the time that one request takes of the one thread.
    const chain = await compare(
      targets.slice(1).filter(({ name }) => name !== 'sized'),
      { ...plan, rounds: 3 },
      keys,
    )
    let before = 1e6 / chain('bare').rate
    console.log('  cost of each middleware, microseconds of the one thread for each request:')
    for (const [at, name] of CHAIN_NAMES.entries()) {
      const after = 1e6 / chain(String(at + 1)).rate
      console.log(`    ${name.padEnd(18)} ${(after - before).toFixed(1).padStart(7)}`)
      before = after
    }
    console.log(`    ${'cache and framing'.padEnd(18)} ${(1e6 / main('edge').rate - before).toFixed(1).padStart(7)}`)
  } finally {
    await workerd.close()
    await origin.close()
  }
}

/** The AWS shape: the edge on Node over a DynamoDB, beside a bare route in a Node process of its own. */
export async function measureNode(plan: ThroughputPlan): Promise<void> {
  const bare = fork(fileURLToPath(new URL('edge-bare-node.ts', import.meta.url)))
  const [{ url: bareUrl }] = (await once(bare, 'message')) as [{ url: string }]
  let origin: OriginProcess | null = null
  const key = await newSigningKey()
  const { d: _secret, ...publicKey } = key
  try {
    origin = await startOrigin({ edgeKeys: [publicKey] })
    const vars = { CALLER_SIGNING_KEY: JSON.stringify(key) }
    const node = await startNodeEdges({ originUrl: origin.url, instances: 1, vars })
    try {
      const keys: Record<string, string>[] = []
      for (let at = 0; at < plan.keys; at++) keys.push({ 'x-api-key': (await node.issueKey({ limit: LIMIT })).text })
      const targets = [
        { name: 'edge', url: node.urls[0] as string },
        { name: 'bare', url: bareUrl },
      ]
      console.log(`\n== Node, limits and keys in DynamoDB (dynalite), ${plan.keys} keys, ${CONNECTIONS} connections`)
      say(await compare(targets, plan, keys))
    } finally {
      await node.close()
    }
  } finally {
    bare.kill('SIGKILL')
    await origin?.close()
  }
}

function say(figure: (name: string) => { rate: number; p99: number }): void {
  const line = (name: string, what: string): void => {
    const { rate, p99 } = figure(name)
    const ratio = (rate / figure('bare').rate).toFixed(2)
    console.log(`  ${what.padEnd(44)} ${rate.toFixed(0).padStart(7)}/s  ${ratio} times bare  p99 ${p99} ms`)
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
