/** TLS, streams, limits and addresses as `infra/compose/nginx.conf` has them: a real nginx, the edge and an origin behind it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect as connectHttp2 } from 'node:http2'
import { type IncomingMessage, request as requestPlain } from 'node:http'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type OriginProcess, startOrigin } from '../e2e/origin-process.ts'
import { type EdgeProcess, startEdgeProcess } from '../platform/black-box/edge-process.ts'
import { NODE_EDGE } from '../platform/black-box/platforms.ts'
import { type FakeOrigin, fakeOrigin, sendJson } from '../platform/fake-origin.ts'
import { newSigningKey } from '../platform/workerd.ts'
import { type Nginx, startNginx, whyNoNginx } from './nginx.ts'

const why = whyNoNginx()
if (why !== null) process.stdout.write(`The compose file's nginx is not tried: ${why}.\n`)

const KEY = 'a-key-of-this-test'
const CALL = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' })
/** As the compose file tells the edge. */
const BEHIND = { CLIENT_ADDRESS_HEADER: 'X-Real-IP', SCHEME_HEADER: 'X-Forwarded-Proto' }
const NAME = 'estat.example.jp'
const NAMED = { PUBLIC_URL: `https://${NAME}`, ALLOWED_HOSTS: NAME }
const hostOf = ({ url }: { readonly url: string }): string => new URL(url).host

describe.runIf(why === null)('nginx in front of the edge', () => {
  let origin: OriginProcess
  let fake: FakeOrigin
  let edges: readonly EdgeProcess[]
  /** Before the origin itself, and before one that answers as it is told. */
  let nginx: Nginx
  let told: Nginx
  const folder = mkdtempSync(join(tmpdir(), 'nginx-test-'))

  beforeAll(async () => {
    const { d: secret, ...open } = await newSigningKey()
    const signing = { CALLER_SIGNING_KEY: JSON.stringify({ ...open, d: secret }), ...BEHIND }
    ;[origin, fake] = await Promise.all([startOrigin({ edgeKeys: [open] }), fakeOrigin()])
    fake.trust(open)
    const start = (env: Readonly<Record<string, string>>) => startEdgeProcess(NODE_EDGE, { ...signing, ...env })
    edges = await Promise.all([
      start({ ORIGIN_URL: origin.url, MCP_API_KEY: KEY, RATE_LIMIT_PER_MINUTE: '1000', ...NAMED }),
      start({ ORIGIN_URL: fake.url, AUTH_MODE: 'open', RATE_LIMIT_PER_MINUTE: '30' }),
    ])
    ;[nginx, told] = (await Promise.all(edges.map((edge) => startNginx(hostOf(edge))))) as [Nginx, Nginx]
    writeFileSync(join(folder, 'ca.pem'), nginx.certificate)
  })
  afterAll(async () => {
    await Promise.all([nginx, told].map((one) => one?.close()))
    await Promise.all((edges ?? []).map((edge) => edge.close()))
    await Promise.all([origin?.close(), fake?.close()])
    rmSync(folder, { recursive: true, force: true })
  })

  it('passes the tour by TLS', async () => {
    const script = fileURLToPath(new URL('../../infra/scripts/tour.ts', import.meta.url))
    const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem') }
    const tour = spawn(process.execPath, [script, '--url', nginx.url, '--key', KEY], { env })
    let output = ''
    for (const stream of [tour.stdout, tour.stderr]) stream.on('data', (text: Buffer) => (output += text.toString()))
    const [code] = (await once(tour, 'exit')) as [number | null]
    expect([code, output]).toEqual([0, expect.stringMatching(/The tour holds: \d+ steps/)])
    process.stdout.write(`${/The tour holds.*/.exec(output)?.[0]}\n`)
  })

  it('speaks HTTP/2 and TLS 1.3 and 1.2, and nothing older', async () => {
    const client = connectHttp2(nginx.url, { ca: nginx.certificate })
    const stream = client.request({ ':path': '/health' })
    const [headers] = (await once(stream, 'response')) as [{ ':status': number }]
    expect(headers[':status']).toBe(200)
    expect(client.alpnProtocol).toBe('h2')
    client.close()
    const agreed = (version: 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3') =>
      new Promise<string | null>((resolve) => {
        const { port } = new URL(nginx.url)
        const options = {
          port: Number(port),
          host: '127.0.0.1',
          ca: nginx.certificate,
          minVersion: version,
          maxVersion: version,
        }
        const socket = connect({ ...options, ciphers: 'DEFAULT@SECLEVEL=0' }, () => resolve(socket.getProtocol()))
        socket.on('secureConnect', () => socket.destroy()).on('error', () => resolve('refused'))
      })
    expect([await agreed('TLSv1.3'), await agreed('TLSv1.2'), await agreed('TLSv1.1')]).toEqual([
      'TLSv1.3',
      'TLSv1.2',
      'refused',
    ])
  })

  it('answers what Let’s Encrypt asks; lets the edge send plain HTTP on, whatever a client claims', async () => {
    const challenge = join(nginx.acme, '.well-known', 'acme-challenge')
    mkdirSync(challenge, { recursive: true })
    writeFileSync(join(challenge, 'token'), 'proof')
    expect(await (await fetch(`${nginx.plainUrl}/.well-known/acme-challenge/token`)).text()).toBe('proof')

    const headers = { host: NAME, 'x-forwarded-proto': 'https' }
    const sent = await ask(nginx.plainUrl, { path: '/tools?a=1', headers, ca: null })
    expect([sent.status, sent.headers.location]).toEqual([308, `https://${NAME}/tools?a=1`])
    const post = await ask(nginx.plainUrl, { path: '/mcp', method: 'POST', body: CALL, headers, ca: null })
    expect([post.status, post.body]).toEqual([403, expect.stringContaining('FORBIDDEN')])
    const byTls = await ask(nginx.url, { path: '/health', headers: { host: NAME }, ca: null })
    expect([byTls.status, byTls.headers['strict-transport-security']]).toEqual([
      200,
      expect.stringMatching(/^max-age=/),
    ])
  })

  it('takes up a renewed certificate without a new start', async () => {
    const renewed = await nginx.renew()
    expect(renewed).not.toBe(nginx.certificate)
    for (const until = Date.now() + 5_000; ; await sleep(50)) {
      const status = await ask(nginx.url, { path: '/health', ca: renewed }).then(
        ({ status }) => status,
        () => 0,
      )
      if (status === 200) break
      expect(Date.now()).toBeLessThan(until)
    }
  })

  it('passes each event as it comes', async () => {
    const gap = 150
    fake.answer(async (_heard, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      for (const at of [1, 2, 3]) {
        response.write(
          `event: message\ndata: {"jsonrpc":"2.0","method":"notifications/progress","params":{"progress":${at}}}\n\n`,
        )
        await sleep(gap)
      }
      response.end()
    })
    const came: number[] = []
    const response = await open(told.url, { path: '/mcp', method: 'POST', body: CALL, ca: told.certificate })
    response.on('data', (text: Buffer) => {
      const events = text.toString().match(/"progress":/g) ?? []
      came.push(...events.map(() => performance.now()))
    })
    await once(response, 'end')
    expect(came).toHaveLength(3)
    const gaps = came.slice(1).map((time, at) => time - (came[at] ?? 0))
    expect(Math.min(...gaps)).toBeGreaterThan(gap / 2)
  })

  it('passes 200 MB whole, without a file in between', async () => {
    const chunk = Buffer.alloc(1_000_000, 'e')
    fake.answer(async (_heard, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      for (let sent = 0; sent < 200; sent++) if (!response.write(chunk)) await once(response, 'drain')
      response.end()
    })
    const response = await open(told.url, { path: '/mcp', method: 'POST', body: CALL, ca: told.certificate })
    let bytes = 0
    for await (const part of response) bytes += (part as Buffer).length
    expect([response.statusCode, bytes]).toEqual([200, 200_000_000])
  })

  it('an address that a client writes reaches neither limit', async () => {
    fake.answer((_heard, response) => sendJson(response, 200, { jsonrpc: '2.0', id: 1, result: {} }))
    const answers: { readonly status: number; readonly body: string }[] = []
    for (let at = 1; at <= 40; at++) {
      const spoofed = `203.0.113.${at}`
      const headers = { 'x-real-ip': spoofed, 'x-forwarded-for': spoofed, forwarded: `for=${spoofed}` }
      answers.push(await ask(told.url, { path: '/mcp', method: 'POST', body: CALL, headers, ca: told.certificate }))
      // Below nginx's own limit: what refuses here is the edge, which believes X-Real-IP.
      await sleep(30)
    }
    expect(answers.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(30)
    expect(answers.at(-1)).toMatchObject({
      status: 429,
      body: expect.stringContaining('The limit is 30 calls a minute'),
    })
  })

  it('turns a flood away in words that a waiting call can read', async () => {
    const flood = (path: string, headers: Readonly<Record<string, string>> = {}) =>
      Promise.all(
        Array.from({ length: 120 }, () => ask(nginx.url, { path, method: 'POST', body: CALL, headers, ca: null })),
      )
    const limited = (await flood('/mcp')).filter(({ status }) => status === 429)
    expect(limited.length).toBeGreaterThan(20)
    const [first] = limited
    expect(first?.headers).toMatchObject({ 'retry-after': '1', 'content-type': 'application/json' })
    expect(JSON.parse(first?.body ?? '')).toMatchObject({
      jsonrpc: '2.0',
      id: null,
      error: {
        code: -32_000,
        message: expect.stringMatching(/^RATE_LIMITED: /),
        data: { code: 'RATE_LIMITED', retry_after_seconds: 1 },
      },
    })
    const [plain] = (await flood('/execute', { 'x-forwarded-for': '203.0.113.9' })).filter(
      ({ status }) => status === 429,
    )
    expect(JSON.parse(plain?.body ?? '')).toMatchObject({ success: false, error: { code: 'RATE_LIMITED', tool: null } })
  })

  it('says that the server is away while it is', async () => {
    const gone = edges[1]
    await gone?.close()
    const call = await ask(told.url, { path: '/mcp', method: 'POST', body: CALL, ca: told.certificate })
    expect([call.status, JSON.parse(call.body)]).toMatchObject([
      503,
      { id: null, error: { data: { code: 'ESTAT_UNAVAILABLE' } } },
    ])
    const plain = await ask(told.url, { path: '/tools', ca: told.certificate })
    expect([plain.status, JSON.parse(plain.body)]).toMatchObject([
      503,
      { success: false, error: { code: 'ESTAT_UNAVAILABLE' } },
    ])
  })
})

interface Asked {
  readonly path: string
  readonly method?: string
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
  /** What to trust; null for anything. */
  readonly ca: string | null
}

/** The head of the answer; its body is the caller's to read. */
function open(url: string, { path, method = 'GET', body, headers = {}, ca }: Asked): Promise<IncomingMessage> {
  const sent = { accept: 'application/json, text/event-stream', 'content-type': 'application/json', ...headers }
  const trust = ca === null ? { rejectUnauthorized: false } : { ca }
  return new Promise((resolve, reject) => {
    const asking = url.startsWith('https:') ? request : requestPlain
    asking(new URL(path, url), { method, headers: sent, agent: false, ...trust }, resolve)
      .on('error', reject)
      .end(body)
  })
}

async function ask(url: string, asked: Asked) {
  const response = await open(url, asked)
  let body = ''
  for await (const text of response) body += String(text)
  return { status: response.statusCode ?? 0, headers: response.headers, body }
}
