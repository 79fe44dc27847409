/** What the edge on Node, Bun and Deno does by itself: TLS, an end without a cut, slow clients. */
import { once } from 'node:events'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { get, request as httpsRequest } from 'node:https'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTls } from '../../infra/scripts/start/certificate.ts'
import { BUN_EDGE, DENO_EDGE, NODE_EDGE } from '../platform/black-box/platforms.ts'
import { type EdgeProcess, startEdgeProcess } from '../platform/black-box/edge-process.ts'
import { type FakeOrigin, fakeOrigin, sendJson } from '../platform/fake-origin.ts'
import { newSigningKey } from '../platform/workerd.ts'

const NAME = 'estat.example.jp'
const folder = mkdtempSync(join(tmpdir(), 'edge-server-'))
const [certPath, keyPath] = [join(folder, 'served.pem'), join(folder, 'served-key.pem')]
let origin: FakeOrigin
let env: Readonly<Record<string, string>>

/** Puts a fresh certificate where the edge reads its own. */
async function renew(): Promise<void> {
  const { certPath: cert, keyPath: key } = await openTls(mkdtempSync(join(folder, 'made-')), {}, Date.now())
  cpSync(key, keyPath)
  cpSync(cert, certPath)
}

const started = (command: readonly string[], more: Readonly<Record<string, string>> = {}): Promise<EdgeProcess> =>
  startEdgeProcess(command, { ...env, ...more }, 'TLS_CERT_FILE' in more ? 'https' : 'http')
const running = new Map<string, EdgeProcess>()
function edgeOf(name: string): EdgeProcess {
  const edge = running.get(name)
  if (!edge) throw new Error(`${name} did not start`)
  return edge
}
const TLS_FILES = { TLS_CERT_FILE: certPath, TLS_KEY_FILE: keyPath, ALLOWED_HOSTS: NAME, ALLOW_OPEN: '1' }

beforeAll(async () => {
  origin = await fakeOrigin()
  const { d: secret, ...open } = await newSigningKey()
  origin.trust(open)
  const CALLER_SIGNING_KEY = JSON.stringify({ ...open, d: secret })
  env = { ORIGIN_URL: origin.url, CALLER_SIGNING_KEY, AUTH_MODE: 'open' }
  await renew()
  const commands = { Node: NODE_EDGE, Bun: BUN_EDGE, Deno: DENO_EDGE }
  await Promise.all([
    ...Object.entries(commands).map(async ([name, command]) => running.set(name, await started(command, TLS_FILES))),
    started(NODE_EDGE).then((edge) => running.set('plain Node', edge)),
  ])
})
afterAll(async () => {
  await Promise.all(Array.from(running.values(), (edge) => edge.close()))
  await origin?.close()
  rmSync(folder, { recursive: true })
})

const portOf = ({ url }: EdgeProcess): number => Number(new URL(url).port)
const ask = (edge: EdgeProcess, host: string) =>
  new Promise<{ status: number | undefined; hsts: string | undefined }>((resolve, reject) => {
    const options = { host: '127.0.0.1', port: portOf(edge), path: '/', headers: { host }, agent: false }
    get({ ...options, rejectUnauthorized: false }, (response) => {
      response.resume()
      resolve({ status: response.statusCode, hsts: response.headers['strict-transport-security'] })
    }).on('error', reject)
  })
/** The status. */
const post = (edge: EdgeProcess, body: string) =>
  new Promise<number | undefined>((resolve, reject) => {
    const options = { method: 'POST', headers: { 'content-type': 'application/json' }, agent: false }
    const ask = edge.url.startsWith('https') ? httpsRequest : httpRequest
    ask(`${edge.url}/mcp`, { ...options, rejectUnauthorized: false }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
      .on('error', reject)
      .end(body)
  })
async function handshake(edge: EdgeProcess, options: object = {}): Promise<TLSSocket> {
  const socket = connectTls({ port: portOf(edge), host: '127.0.0.1', rejectUnauthorized: false, ...options })
  await once(socket, 'secureConnect')
  return socket
}
async function fingerprint(edge: EdgeProcess): Promise<string> {
  const socket = await handshake(edge)
  const { fingerprint256 } = socket.getPeerCertificate()
  socket.destroy()
  return fingerprint256
}

describe.each(['Node', 'Bun', 'Deno'])('TLS on %s', (name) => {
  it('is spoken from 1.2 on, with HSTS for every name but those of this machine', async () => {
    const edge = edgeOf(name)
    expect(await ask(edge, NAME)).toEqual({ status: 200, hsts: 'max-age=63072000' })
    expect(await ask(edge, 'localhost')).toEqual({ status: 200, hsts: undefined })
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' }
    await expect(handshake(edge, old)).rejects.toThrow(/protocol|alert|version|hang up|reset|disconnected/i)
  })
})

describe('the edge on Node', () => {
  it('takes a renewed certificate up without a restart', async () => {
    const edge = edgeOf('Node')
    const before = await fingerprint(edge)
    await renew()
    edge.signal('SIGHUP')
    await expect.poll(() => fingerprint(edge), { timeout: 3000 }).not.toBe(before)
  })

  it('tells plain HTTP at the port of TLS where to go', async () => {
    const edge = edgeOf('Node')
    const plain = edge.url.replace('https', 'http')
    const sent = await fetch(`${plain}/tools?a=1`, { redirect: 'manual' })
    expect([sent.status, sent.headers.get('location')]).toEqual([308, `${edge.url}/tools?a=1`])
    expect((await fetch(`${plain}/mcp`, { method: 'POST', body: '{}' })).status).toBe(403)
  })

  it('refuses headers that are too long, a form that only a proxy takes, and what makes no URL', async () => {
    const edge = edgeOf('plain Node')
    const say = (text: string) =>
      new Promise<string>((resolve) => {
        let heard = ''
        const socket = connect(portOf(edge), '127.0.0.1', () => socket.write(text))
        socket.on('data', (chunk: Buffer) => (heard += chunk.toString()))
        socket.on('close', () => resolve(heard))
        socket.on('error', () => {})
      })
    expect(await say(`GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 431 /,
    )
    expect(await say('GET https://localhost/ HTTP/1.1\r\nHost: localhost\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /)
    // What makes no URL is the client's fault (RFC 9112 section 3.2): 500 would call the operator.
    for (const text of [
      'GET /tools HTTP/1.0\r\n\r\n',
      'GET /tools HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n',
      'GET /tools HTTP/1.1\r\nHost: localhost@evil.example\r\nConnection: close\r\n\r\n',
      'GET /\\evil.example HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
    ])
      expect([text, await say(text)]).toEqual([text, expect.stringMatching(/^HTTP\/1\.1 400 /)])
  })

  it('says in plain words what is wrong', async () => {
    const wrong = [{ ORIGIN_URL: 'here' }, { TLS_CERT_FILE: '/no', TLS_KEY_FILE: '/no' }, { EDGE_HOST: '0.0.0.0' }]
    const told = await Promise.all(wrong.map((more) => started(NODE_EDGE, more).catch(String)))
    expect(told).toEqual([
      expect.stringMatching(/ended with 1:\nWrong configuration\n +ORIGIN_URL: /),
      expect.stringMatching(/ended with 1:\nWrong configuration\n +TLS_CERT_FILE: the file cannot be read/),
      expect.stringMatching(/ended with 1:\nWrong configuration\n +AUTH_MODE: /),
    ])
  })
})

// Last: afterwards none of them is there.
describe.each(['plain Node', 'Bun', 'Deno'])('the end of %s', (name) => {
  it('answers what is under way, and takes nothing new', async () => {
    const edge = edgeOf(name)
    const asked = new Promise<void>((resolve) => {
      origin.answer(async (_heard, response) => {
        resolve()
        await sleep(400)
        sendJson(response, 200, { jsonrpc: '2.0', id: 1, result: {} })
      })
    })
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' })
    const answer = post(edge, body)
    await asked
    edge.signal('SIGTERM')
    expect(await answer).toBe(200)
    expect(await edge.ended).toBe(0)
    await expect(post(edge, body)).rejects.toThrow('ECONNREFUSED')
  })
})
