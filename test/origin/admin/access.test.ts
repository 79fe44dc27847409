/** Who reaches the administration, and what the page gives away to those who do not: nothing. */
import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Script } from 'node:vm'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as metrics from '../../../origin/admin/page/browser-metrics.ts'
import * as sections from '../../../origin/admin/page/browser-sections.ts'
import * as tools from '../../../origin/admin/page/browser-tools.ts'
import { pageScript } from '../../../origin/admin/page/page.ts'
import { signCallerToken } from '../../../shared/caller-token.ts'
import { CALLER_HEADER } from '../../../shared/server-info.ts'
import { newSigningKey } from '../../platform/workerd.ts'
import { openOrigin, type TestOrigin } from '../support/origin.ts'
import { openAdmin, type TestAdmin } from './support.ts'

const signing = await newSigningKey()
const { d: _secret, ...publicKey } = signing

let origin: TestOrigin
let admin: TestAdmin
beforeAll(async () => {
  origin = await openOrigin({ edgeKeys: [publicKey] })
  admin = await openAdmin(origin)
})
afterAll(() => origin.close())

const BASE = 'http://127.0.0.1:8081'
const ROUTES: readonly (readonly ['GET' | 'POST', string])[] = [
  ['GET', '/admin/health'],
  ['GET', '/admin/jobs'],
  ['POST', '/admin/jobs/estat/x/cancel'],
  ['GET', '/admin/lake'],
  ['GET', '/admin/cache'],
  ['POST', '/admin/cache/purge'],
  ['GET', '/admin/keys'],
  ['POST', '/admin/keys'],
  ['POST', '/admin/keys/x/revoke'],
  ['GET', '/admin/metrics'],
  ['GET', '/admin/nothing'],
]

async function edgeToken(method: string, path: string): Promise<string> {
  const caller = { id: 'k1', tenant: 'estat', scopes: ['read', 'lake', 'admin'] as const }
  const request = { method, path, body: new Uint8Array(0) }
  return signCallerToken({ key: signing, caller, request, now: Date.now(), jti: crypto.randomUUID() })
}

describe.each(ROUTES)('%s %s', (method, path) => {
  const statusWith = async (headers: Record<string, string>): Promise<number> =>
    (await admin.fetch(new Request(BASE + path, { method, headers }))).status

  it('refuses everybody but an administrator', async () => {
    expect(await statusWith({})).toBe(401)
    expect(await statusWith({ 'x-api-key': 'nonsense' })).toBe(401)
    expect(await statusWith({ 'x-api-key': `${admin.key.split('.')[0]}.${'A'.repeat(43)}` })).toBe(401)
    expect(await statusWith({ authorization: `Basic ${btoa('admin:admin')}` })).toBe(401)
    // The edge may say "admin" of whom it likes: its word opens the public port alone.
    expect(await statusWith({ [CALLER_HEADER]: await edgeToken(method, path) })).toBe(401)
    // The key of another origin.
    expect(await statusWith({ 'x-api-key': origin.adminKey })).toBe(401)
  })

  it('lets an administrator in, by either header', async () => {
    for (const headers of [{ 'x-api-key': admin.key }, { authorization: `Bearer ${admin.key}` }])
      expect(await statusWith(headers)).not.toBe(401)
  })

  it('does not answer foreign names and foreign pages, with the right key too', async () => {
    const from = async (url: string, headers: Record<string, string>): Promise<number> =>
      (await admin.fetch(new Request(url + path, { method, headers: { 'x-api-key': admin.key, ...headers } }))).status
    expect(await from('http://rebound.example:8081', {})).toBe(403)
    expect(await from('http://127.0.0.1.rebound.example', {})).toBe(403)
    expect(await from(BASE, { origin: 'http://rebound.example' })).toBe(403)
    expect(await from(BASE, { origin: 'null' })).toBe(403)
    expect(await from(BASE, { origin: 'http://127.0.0.1:8080' })).toBe(403)
    expect(await from(BASE, { 'sec-fetch-site': 'cross-site' })).toBe(403)
    expect(await from(BASE, { 'sec-fetch-site': 'same-site' })).toBe(403)
    for (const [url, headers] of [
      ['http://localhost:9000', {}],
      ['http://admin.example', {}],
      [BASE, { origin: BASE, 'sec-fetch-site': 'same-origin' }],
    ] as const)
      expect(await from(url, headers)).not.toBe(403)
  })

  it('is not there on the public port', async () => {
    const headers = { 'x-api-key': origin.adminKey }
    expect((await origin.fetch(new Request(`http://origin${path}`, { method, headers }))).status).toBe(404)
  })
})

it.each(['/mcp', '/execute', '/tools', '/health', '/search'])('%s of the public port is not here', async (path) => {
  expect((await admin.call(path)).status).toBe(404)
  expect((await admin.call(path, {})).status).toBe(404)
})

it('counts wrong keys and makes them wait, and never a right one', async () => {
  const other = await openAdmin(origin)
  const ask = (key: string) => other.fetch(new Request(`${BASE}/admin/cache`, { headers: { 'x-api-key': key } }))
  for (let tried = 0; tried < 8; tried++) expect((await ask('wrong')).status).toBe(401)
  expect(other.waits).toEqual([250, 500, 1000, 2000, 4000, 4000])
  expect((await ask(other.key)).status).toBe(200)
  expect(other.waits).toHaveLength(6)
  const failures = other.metrics.read().find(({ name }) => name === 'estat_auth_failures_total')
  expect(failures?.series).toMatchObject([{ labels: { reason: 'admin_key' }, value: 8 }])
})

it('many who wait with wrong keys are told to come later, and the right key passes', async () => {
  const release = Promise.withResolvers<void>()
  const other = await openAdmin(origin, { sleep: () => release.promise })
  const ask = async (key: string) =>
    (await other.fetch(new Request(`${BASE}/admin/cache`, { headers: { 'x-api-key': key } }))).status
  const waiting = Array.from({ length: 40 }, () => ask('wrong'))
  expect(await ask(other.key)).toBe(200)
  release.resolve()
  const statuses = await Promise.all(waiting)
  expect([statuses.filter((status) => status === 401).length, statuses.filter((s) => s === 429).length]).toEqual([
    22, 18,
  ])
})

describe('the page', () => {
  const open = (): Promise<Response> => admin.fetch(new Request(`${BASE}/admin/`))

  it('opens without a key and holds no data of this origin', async () => {
    const response = await open()
    const text = await response.text()
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=UTF-8'])
    for (const secret of [admin.key, admin.key.split('.')[0] ?? '', origin.dataDir, 'estat-lake'])
      expect(text).not.toContain(secret)
  })

  it('is the same for everybody, so it cannot hold anybody’s data', async () => {
    const other = await openAdmin(origin)
    expect(await (await other.fetch(new Request(`${BASE}/admin/`))).text()).toBe(await (await open()).text())
  })

  it('runs its own script alone, asks nobody else, and is framed by nobody', async () => {
    const response = await open()
    const policy = response.headers.get('content-security-policy') ?? ''
    const html = await response.text()
    const [, script = ''] = /<script>([\s\S]*)<\/script>/.exec(html) ?? []
    expect(script).toBe(pageScript())
    expect(policy).toContain(`script-src 'sha256-${createHash('sha256').update(script).digest('base64')}'`)
    expect(policy).toMatch(/default-src 'none'.*connect-src 'self'.*frame-ancestors 'none'/)
    expect(policy).not.toMatch(/unsafe|\*|https?:/)
    expect(html.match(/<script/g)).toHaveLength(1)
    expect(html).not.toMatch(/(src|href)="(?!data:,")/)
    expect(response.headers.get('cache-control')).toBe('no-store')
  })

  it('puts data into text and never into markup', () => {
    expect(pageScript()).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function/)
  })
})

/** The script of the page in a bundle as the container has it: names shortened, modules gone. */
async function bundledScript(): Promise<string> {
  const entry = fileURLToPath(new URL('../../../origin/admin/page/page.ts', import.meta.url))
  const options = { bundle: true, minify: true, write: false, platform: 'node', format: 'esm' } as const
  const text = (await build({ entryPoints: [entry], ...options })).outputFiles[0]?.text ?? ''
  const path = join(origin.dataDir, 'page.mjs')
  await writeFile(path, text)
  return ((await import(/* @vite-ignore */ path)) as { pageScript: typeof pageScript }).pageScript()
}

it.each([
  ['as it is', () => Promise.resolve(pageScript())],
  ['in a bundle', bundledScript],
])('the script of the page stands alone, %s', async (_how, scriptOf) => {
  const script = await scriptOf()
  expect(() => new Script(script)).not.toThrow()
  const names = [tools, sections, metrics].flatMap((module) => Object.keys(module))
  expect(names.length).toBeGreaterThan(20)
  for (const name of names)
    expect([name, new RegExp(`(function ${name}\\(|const ${name} = [\\w$]+\\n)`).test(script)]).toEqual([name, true])
  expect(script).not.toMatch(/\bimport\b|\bexport\b|__vi|\brequire\(/)
})

it('answers carry headers that keep them out of caches, frames and other sites', async () => {
  const response = await admin.fetch(new Request(`${BASE}/admin/health`))
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  })
})

it('a body over 10 kB is refused', async () => {
  expect((await admin.call('/admin/keys', { label: 'x'.repeat(10_001) })).status).toBe(413)
})
