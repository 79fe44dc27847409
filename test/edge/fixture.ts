/**
 * The edge in one process: memory adapters, a clock that the test turns, and an origin that is a function. The origin
 * keeps the hard promise of the real one: it verifies the token of every request, and takes a POST's once.
 */
import { exportJWK, generateKeyPair, type JWK } from 'jose'
import * as z from 'zod'
import { memoryCache } from '../../edge/adapters/cache-memory.ts'
import { memoryCounter } from '../../edge/adapters/counter-memory.ts'
import { originFiles } from '../../edge/adapters/files-origin.ts'
import { memoryFlights } from '../../edge/adapters/flights-memory.ts'
import { memoryKeys } from '../../edge/adapters/keys-memory.ts'
import { memoryRecords } from '../../edge/adapters/records-memory.ts'
import { createEdge, type EdgeOptions } from '../../edge/app.ts'
import type { ToolManifest } from '../../edge/domain/tools.ts'
import { generations } from '../../edge/generation.ts'
import type { Cacheable } from '../../shared/cacheable/index.ts'
import { type VerifiedCaller, verifyCallerToken } from '../../shared/caller-token.ts'
import { type KeyRecord, newKey } from '../../shared/keys.ts'
import { CALLER_HEADER, type Scope } from '../../shared/server-info.ts'

export const MANIFEST: ToolManifest = {
  tools: [
    { name: 'find_tables', version: 3, scope: 'read', weight: 1, cache: { ttl: 60, swr: 60, sie: 600 } },
    { name: 'fetch_rows', version: 1, scope: 'read', weight: 3, cache: null },
    { name: 'load_table', version: 1, scope: 'lake', weight: 5, cache: null },
    { name: 'purge', version: 1, scope: 'admin', weight: 1, cache: null },
  ],
}

const input = z.object({ query: z.string().min(1), max: z.int().min(1).default(5) })
const findTables = {
  name: 'find_tables',
  input,
  normalise: ({ query, max }: z.infer<typeof input>) => ({ query: query.normalize('NFKC').toLowerCase(), max }),
}
export const CACHEABLES: Readonly<Record<string, Cacheable>> = { find_tables: findTables }

export interface Heard {
  readonly request: Request
  readonly json: unknown
  readonly verified: VerifiedCaller
}

export interface TestEdge {
  readonly publicKey: JWK
  readonly now: () => number
  readonly heard: readonly Heard[]
  readonly reported: readonly string[]
  /** The origin's answer from now on; throwing means that it cannot be reached. */
  origin(answer: (heard: Heard) => Response | Promise<Response>): void
  advance(seconds: number): void
  issueKey(scopes: readonly Scope[], grant?: Partial<KeyRecord>): Promise<string>
  /** What runs behind the replies, until nothing does. */
  settled(): Promise<void>
  /** From this machine unless `url` says otherwise. */
  request(path: string, init?: RequestInit, url?: string): Promise<Response>
  fetch(request: Request): Promise<Response>
}

export async function testEdge(change: Partial<EdgeOptions> = {}): Promise<TestEdge> {
  const { privateKey, publicKey } = await generateKeyPair('EdDSA', { extractable: true })
  const [signingKey, verifyingKey] = [await exportJWK(privateKey), await exportJWK(publicKey)]
  const records = new Map<string, KeyRecord>()
  const heard: Heard[] = []
  const reported: string[] = []
  const used = new Set<string>()
  const tasks: Promise<void>[] = []
  let time = Date.parse('2026-11-20T00:00:00Z')
  let answer: (heard: Heard) => Response | Promise<Response> = () => Response.json({ ok: true })
  const now = (): number => time
  const newId = (): string => crypto.randomUUID()
  const report = (_error: unknown, where: string): void => void reported.push(where)
  const stored = memoryRecords({ now })

  async function send(request: Request): Promise<Response> {
    const { method, headers } = request
    const path = new URL(request.url).pathname
    if (path === '/health') return answer({ request, json: null, verified: null as unknown as VerifiedCaller })
    const body = new Uint8Array(await request.clone().arrayBuffer())
    const token = headers.get(CALLER_HEADER) ?? ''
    const verified = await verifyCallerToken(token, {
      keys: [verifyingKey],
      request: { method, path, body },
      now: time,
    })
    if (used.has(verified.jti)) return new Response(null, { status: 401 })
    used.add(verified.jti)
    const one = { request, json: body.length > 0 ? parse(body) : null, verified }
    heard.push(one)
    return answer(one)
  }

  const app = createEdge({
    originUrl: 'http://origin.test',
    mode: 'key',
    allowOpen: false,
    publicUrl: null,
    singleKey: null,
    oauth: null,
    access: null,
    sendToIssuer: (request) => fetch(request),
    https: { requireHttps: false, publicUrl: null, isSecure: ({ url }) => url.startsWith('https:') },
    allowedHosts: [],
    allowedOrigins: [],
    perMinute: 100,
    signingKey,
    manifest: MANIFEST,
    cacheables: CACHEABLES,
    keys: memoryKeys(records),
    records: stored,
    counter: memoryCounter({ now }),
    localCounter: memoryCounter({ now }),
    cache: memoryCache({ now }),
    generations: generations({ records: stored, configured: '1', now, newId, report }),
    flights: (run) => memoryFlights({ run, now }),
    files: (origin) => originFiles({ upstream: origin }),
    clientAddress: (request) => request.headers.get('test-peer'),
    send,
    now,
    newId,
    background: (_c, task) => void tasks.push(task),
    report,
    ...change,
  })

  return {
    publicKey: verifyingKey,
    now,
    heard,
    reported,
    origin: (next) => void (answer = next),
    advance: (seconds) => void (time += seconds * 1000),
    async issueKey(scopes, grant = {}) {
      const random = (count: number) => crypto.getRandomValues(new Uint8Array(count))
      const { id, text, record } = await newKey(random, { tenant: 'estat', scopes })
      records.set(id, { ...record, ...grant })
      return text
    },
    async settled() {
      for (const task of tasks) await task
    },
    fetch: async (request) => app.fetch(request),
    request: async (path, init, url = 'http://127.0.0.1:8787') => app.request(new Request(`${url}${path}`, init)),
  }
}

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body))
  } catch {
    return undefined
  }
}

/** An origin that begins an answer and falls silent. */
export const unfinished = (type: string, beginning: string) => (): Response => {
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode(beginning)),
  })
  return new Response(body, { headers: { 'content-type': type } })
}

/** A POST of JSON. */
export const posting = (body: unknown, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers },
  body: typeof body === 'string' ? body : JSON.stringify(body),
})

export const toolCall = (name: string, args: unknown, id: string | number = 1): object => ({
  jsonrpc: '2.0',
  id,
  method: 'tools/call',
  params: { name, arguments: args },
})
