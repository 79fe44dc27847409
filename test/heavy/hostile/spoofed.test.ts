/**
 * Headers by which a caller says that he is another, comes from elsewhere or has been let in before: neither the limits,
 * nor the log, nor the origin hear of them (issue 5, "Hostile input").
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FakeScene, openFakeScene } from './fake-scene.ts'
import { PLATFORMS } from './scene.ts'
import { send } from './storm.ts'

const SAID = 'spoofed-7f3a'
/** Where an address goes. `CF-Connecting-IP` is Cloudflare's own on Cloudflare, which writes over a client's. */
const ADDRESSES =
  'x-forwarded-for x-real-ip true-client-ip x-client-ip x-cluster-client-ip fastly-client-ip cloudfront-viewer-address x-appengine-user-ip'.split(
    ' ',
  )
const OTHERS =
  'forwarded via x-forwarded-host x-forwarded-proto x-forwarded-user x-original-url x-rewrite-url x-http-method-override cf-access-authenticated-user-email cf-access-jwt-assertion x-amzn-oidc-identity x-amz-security-token x-estat-caller x-estat-tenant x-estat-scopes x-estat-admin x-estat-anything x-until x-request-id cookie proxy-authorization'.split(
    ' ',
  )
const BODY = Buffer.from('{"jsonrpc":"2.0","id":1,"method":"ping"}')
const HOST = 'stats.example'

describe.each(PLATFORMS)('%s', (platform, start) => {
  let scene: FakeScene
  beforeAll(async () => {
    scene = await openFakeScene((options) => start({ ...options, vars: { ALLOWED_HOSTS: HOST } }))
  })
  afterAll(() => scene?.close())
  const ask = (headers: Readonly<Record<string, string>>) =>
    send(scene.url, {
      method: 'POST',
      path: '/mcp',
      headers: { host: HOST, 'content-type': 'application/json', ...headers },
      body: BODY,
    })

  it('tells the origin and the log who it is that asks, and nothing of what he says of himself', async () => {
    const said = Object.fromEntries([...ADDRESSES, ...OTHERS].map((name) => [name, SAID]))
    const own = { 'x-api-key': scene.key, 'x-estat-app-id': 'my-own-id' }
    expect((await ask({ ...said, ...own })).status).toBe(200)
    const [heard] = scene.origin.heard
    expect(heard?.verified.caller).toEqual({
      id: scene.key.split('.')[0],
      tenant: 'estat',
      scopes: ['read', 'lake', 'admin'],
    })
    expect(heard?.headers['x-estat-app-id']).toBe('my-own-id')
    expect(JSON.stringify(heard?.headers)).not.toContain(SAID)
    expect(JSON.stringify(heard?.headers)).not.toContain(scene.key)
    await sleep(200)
    const log = scene.edges.log()
    expect(log).toContain(`"caller":"${scene.key.split('.')[0]}"`)
    for (const never of [SAID, scene.key, 'my-own-id']) expect(log).not.toContain(never)
  })

  it('counts wrong keys by the address of the connection, whatever address each claims', async () => {
    const cf = platform === 'workerd' ? [] : ['cf-connecting-ip']
    const replies = await Promise.all(
      Array.from({ length: 60 }, (_, at) => {
        const claimed = [...ADDRESSES, ...cf].map((name) => [name, `192.0.2.${at}`])
        // What Cloudflare would have written.
        const front = platform === 'workerd' ? { 'cf-connecting-ip': '198.51.100.7' } : {}
        const headers = { ...Object.fromEntries(claimed), ...front, forwarded: `for=192.0.2.${at}` }
        return ask({ ...headers, 'x-api-key': `${String(at).padStart(8, '0')}.${'x'.repeat(43)}` })
      }),
    )
    const statuses = replies.map(({ status }) => status)
    expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(30)
    expect(new Set(statuses)).toEqual(new Set([401, 429]))
    expect(scene.origin.heard).toHaveLength(1)
  })
})
