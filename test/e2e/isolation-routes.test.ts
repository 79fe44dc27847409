/**
 * Every route of the edge, of the origin and of the administration against every kind of credential, those that fit
 * elsewhere too (issue 5, "Isolation"). The routes are read off the apps: a new one is in it by itself.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CALLER_HEADER, type Caller } from '../../shared/server-info.ts'
import { posting } from '../edge/fixture.ts'
import { openAdmin, type TestAdmin } from '../origin/admin/support.ts'
import { newSigningKey } from '../platform/workerd.ts'
import { type House, openHouse } from '../support/house.ts'
import { type HouseCaller, houseCallers } from '../support/house-callers.ts'
import { type Asked, askOrigin, tokenFor } from '../support/house-origin.ts'
import { type Route, routesOf } from '../support/routes.ts'

const FILE = 'alpha/csv/a.csv'
/** What anybody may know: that there is a server, and how clients sign in. */
const OPEN = /^(\/|\/health|\/\.well-known\/oauth-protected-resource(\/.*)?)$/

let house: House
let admin: TestAdmin
let callers: readonly HouseCaller[]
let link: string
beforeAll(async () => {
  house = await openHouse()
  await house.origin.ports.store.put(FILE, new TextEncoder().encode('alpha only'))
  admin = await openAdmin(house.origin, { allowedHosts: ['origin.test'] })
  link = await house.linkTo(FILE)
  callers = await houseCallers(house, link)
})
afterAll(() => house.close())

const closed = (routes: readonly Route[]): readonly Route[] => routes.filter(({ path }) => !OPEN.test(path))
const fileRoute = (path: string): string => path.replace(/^\/files\/\*$/, `/files/${FILE}`)
const sent = ({ method }: Route, headers: Record<string, string>): RequestInit =>
  method === 'GET' || method === 'HEAD' ? { method, headers } : { ...posting({}, headers), method }

describe('the edge', () => {
  it('answers those whom it does not know at no route, and asks the origin for none of them', async () => {
    const routes = closed(routesOf(house.edge.routes))
    expect(new Set(routes.map(({ path }) => path)).size).toBeGreaterThan(5)
    const before = house.passed.length
    const wrong: string[] = []
    for (const route of routes)
      for (const { headers, name, tenant } of callers)
        if (tenant === null) {
          const { status } = await house.request(fileRoute(route.path), sent(route, { ...headers }))
          if (status !== 401 && status !== 405) wrong.push(`${name}: ${route.method} ${route.path}: ${status}`)
        }
    expect(wrong).toEqual([])
    expect(house.passed.length).toBe(before)
  })

  it('opens with a link the file that it is for, and nothing else', async () => {
    expect(await (await house.request(`/files/${FILE}?link=${link}`)).text()).toBe('alpha only')
    const before = house.passed.length
    const found: string[] = []
    for (const route of closed(routesOf(house.edge.routes))) {
      const path = route.path.replace('/files/*', '/files/alpha/csv/b.csv')
      const { status } = await house.request(`${path}?link=${link}&q=x`, sent(route, {}))
      if (status !== 401 && status !== 403 && status !== 405) found.push(`${route.method} ${path}: ${status}`)
    }
    expect(found).toEqual([])
    expect(house.passed.length).toBe(before)
  })

  it('gives a kept file to its tenant with the scope lake, and says to all others what it says of no file', async () => {
    const found: [string, unknown][] = []
    const wanted: [string, unknown][] = []
    for (const { headers, name, tenant, scopes } of callers) {
      const there = await house.request(`/files/${FILE}`, { headers })
      const never = await house.request('/files/alpha/csv/0.csv', { headers })
      const [text, other] = [await there.text(), await never.text()]
      const isOwn = tenant === 'alpha' && scopes.includes('lake')
      const may = scopes.some((scope) => scope !== 'read')
      found.push([name, [there.status, isOwn ? text : text === other]])
      wanted.push([name, isOwn ? [200, 'alpha only'] : [tenant === null ? 401 : may ? 404 : 403, true]])
    }
    expect(found).toEqual(wanted)
  })

  it('takes nobody to the administration, administrators of the origin included', async () => {
    const routes = routesOf(admin.routes)
    expect(routes.length).toBeGreaterThan(8)
    const before = house.passed.length
    const found: string[] = []
    for (const route of routes)
      for (const { name, headers } of callers) {
        const { status } = await house.request(route.path, sent(route, { ...headers }))
        if (status !== 404 && route.path !== '/') found.push(`${name}: ${route.method} ${route.path}: ${status}`)
      }
    expect(found).toEqual([])
    expect(house.passed.length).toBe(before)
  })

  it('purges for the scope admin alone', async () => {
    for (const { name, headers, tenant, scopes } of callers) {
      const { status } = await house.request('/admin/purge', posting({}, { ...headers }))
      const may = scopes.includes('admin') ? 200 : 403
      expect([name, status]).toEqual([name, tenant === null ? 401 : may])
    }
  })
})

describe('the origin', () => {
  const caller: Caller = { id: 'k', tenant: 'alpha', scopes: ['read', 'lake', 'admin'] }
  const askedOf = ({ method, path }: Route): Asked => ({
    path: fileRoute(path),
    method,
    caller,
    ...(method === 'GET' || method === 'HEAD' ? {} : { body: { a: 1 } }),
  })

  it('lets the edge in at every route', async () => {
    for (const route of closed(routesOf(house.origin.routes))) {
      const { status } = await askOrigin(house, askedOf(route))
      expect([route, status]).toEqual([route, expect.not.toBeOneOf([401, 403])])
    }
  })

  it('answers nobody who comes without a token of the edge, whatever the edge would take', async () => {
    const wrong: string[] = []
    for (const route of closed(routesOf(house.origin.routes)))
      for (const { name, headers } of callers)
        if (name !== 'the key of the origin') {
          const init = sent(route, { ...headers })
          const url = `http://origin.test${fileRoute(route.path)}?link=${link}`
          const { status } = await house.origin.fetch(new Request(url, init))
          if (status !== 401) wrong.push(`${name}: ${route.method} ${route.path}: ${status}`)
        }
    expect(wrong).toEqual([])
  })

  it('takes no token but for the request that it was written for, at any route', async () => {
    const stranger = await newSigningKey()
    const token = await house.issueToken('alpha', ['admin'])
    const wrong: string[] = []
    for (const route of closed(routesOf(house.origin.routes))) {
      const asked = askedOf(route)
      const rightly = await tokenFor(house, asked)
      const [header = '', claims = '', signature = ''] = rightly.split('.')
      const more = { ...decoded(claims), tenant: 'beta' }
      const forged: Record<string, string> = {
        'signed by a stranger': await tokenFor(house, asked, { key: stranger }),
        'with another tenant written in': `${header}.${encoded(more)}.${signature}`,
        'with more scopes written in': `${header}.${encoded({ ...more, scopes: ['admin'] })}.${signature}`,
        unsigned: `${encoded({ alg: 'none', typ: 'JWT' })}.${claims}.`,
        'with half a signature': rightly.slice(0, -40),
        expired: await tokenFor(house, asked, { now: Date.now() - 60_000 }),
        'from the future': await tokenFor(house, asked, { now: Date.now() + 60_000 }),
        'for another path': await tokenFor(house, asked, { path: '/other' }),
        'for a path beside it': await tokenFor(house, asked, { path: `${asked.path}/` }),
        'for another method': await tokenFor(house, asked, { method: 'OTHER' }),
        'for another body': await tokenFor(house, asked, { body: { a: 2 } }),
        'of an OAuth issuer': token,
        'that is a link': link,
        'that is empty': '',
      }
      for (const [what, one] of Object.entries(forged)) {
        const { status } = await askOrigin(house, asked, one)
        if (status !== 401) wrong.push(`${what}: ${route.method} ${route.path}: ${status}`)
      }
    }
    expect(wrong).toEqual([])
  })

  it('takes a token of a POST once, at every route that has one', async () => {
    const posts = closed(routesOf(house.origin.routes)).filter(({ method }) => method === 'POST')
    expect(posts.length).toBeGreaterThan(2)
    for (const route of posts) {
      const asked = askedOf(route)
      const token = await tokenFor(house, asked)
      const first = await askOrigin(house, asked, token)
      const second = await askOrigin(house, asked, token)
      expect([route, first.status === 401, second.status]).toEqual([route, false, 401])
    }
  })
})

describe('the administration', () => {
  it('answers an administrator of the origin alone', async () => {
    const found: string[] = []
    for (const route of routesOf(admin.routes).filter(({ path }) => path.startsWith('/admin/') && path !== '/admin/')) {
      const token = await tokenFor(house, { path: route.path, caller: { id: 'k', tenant: 'alpha', scopes: ['admin'] } })
      const ways = [...callers.map(({ headers }) => ({ ...headers })), { [CALLER_HEADER]: token }]
      for (const headers of ways) {
        const { status } = await admin.fetch(new Request(`http://origin.test${route.path}`, sent(route, headers)))
        if (status !== 401 && status !== 429) found.push(`${route.method} ${route.path}: ${status}`)
      }
    }
    expect(found).toEqual([])
  })
})

const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const decoded = (part: string): object => JSON.parse(Buffer.from(part, 'base64url').toString()) as object
