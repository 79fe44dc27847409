/** The client over real HTTP: gzip, a body that says why on 403, a port where nobody listens. */
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync, gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { statsHttp } from '../../../origin/adapters/stats-http.ts'
import type { StatsSource } from '../../../origin/ports.ts'
import { APP_ID, AT_ONCE, ask, faultOf, ID, paged, query, range } from './stats-http-client.ts'

async function serving<T>(listener: RequestListener, use: (source: StatsSource) => Promise<T>): Promise<T> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  try {
    return await use(statsHttp({ send: fetch, baseUrl, appId: APP_ID, origin: 'live', now: () => 0, retry: AT_ONCE }))
  } finally {
    server.closeAllConnections()
    await new Promise((resolve) => {
      server.close(resolve)
    })
  }
}

it('asks for gzip by its own name, and keeps the body as it is unpacked', async () => {
  const body = new Uint8Array(await paged().arrayBuffer())
  let encodings = ''
  let agent = ''
  const page = await serving(
    (request, response) => {
      encodings = String(request.headers['accept-encoding'])
      agent = String(request.headers['user-agent'])
      response
        .writeHead(200, { 'content-encoding': 'gzip', 'content-type': 'application/json;charset=utf-8' })
        .end(gzipSync(body))
    },
    async (source) => await source.packed(query, range, ask),
  )
  expect(encodings).toContain('gzip')
  expect(agent).toMatch(/^estat-mcp\/\d/)
  expect(gunzipSync(page.packed).equals(body)).toBe(true)
})

it.each(['page', 'packed'] as const)('takes gzip that is cut short for a failure, and asks again: %s', async (kind) => {
  const packed = gzipSync(new Uint8Array(await paged().arrayBuffer()))
  let requests = 0
  const page = await serving(
    (_, response) => {
      requests++
      response
        .writeHead(200, { 'content-encoding': 'gzip' })
        .end(requests === 1 ? packed.subarray(0, packed.length - 20) : packed)
    },
    async (source) => await source[kind](query, range, ask),
  )
  expect([page.total, requests]).toEqual([2, 2])
})

it('closes the connection when the caller leaves, before and within the answer', async () => {
  for (const beginning of ['', '{"GET_STATS_DATA":']) {
    const closed = Promise.withResolvers<string>()
    const begun = Promise.withResolvers<void>()
    const leaving = new AbortController()
    await serving(
      (request, response) => {
        request.socket.once('close', () => closed.resolve('closed'))
        if (beginning !== '') response.writeHead(200).write(beginning)
        setTimeout(begun.resolve, 20)
      },
      async (source) => {
        const waiting = faultOf(source.count(query, { ...ask, signal: leaving.signal }))
        await begun.promise
        leaving.abort()
        expect((await waiting).code).toBe('CANCELLED')
        expect(await closed.promise).toBe('closed')
      },
    )
  }
})

it('closes the connection of one describe with its last waiter, not with the first', async () => {
  const leaving = [new AbortController(), new AbortController()]
  const begun = Promise.withResolvers<void>()
  let closed = 0
  await serving(
    (request) => {
      request.socket.once('close', () => closed++)
      begun.resolve()
    },
    async (source) => {
      const waiting = leaving.map(async ({ signal }) => await faultOf(source.describe(ID, { ...ask, signal })))
      await begun.promise
      leaving[0]?.abort()
      expect((await waiting[0])?.code).toBe('CANCELLED')
      await new Promise((resolve) => {
        setTimeout(resolve, 30)
      })
      expect(closed).toBe(0)
      leaving[1]?.abort()
      await waiting[1]
      await expect.poll(() => closed).toBe(1)
    },
  )
})

it('reads the body of a 403', async () => {
  const fault = await serving(
    (_, response) => response.writeHead(403).end('{"GET_STATS_DATA":{"RESULT":{"STATUS":100,"ERROR_MSG":"x"}}}'),
    async (source) => await faultOf(source.count(query, ask)),
  )
  expect([fault.code, fault.message]).toEqual(['ESTAT_API_ERROR', 'e-Stat refused the application ID.'])
})

it('a connection that breaks in the body is ESTAT_UNAVAILABLE', async () => {
  let requests = 0
  const fault = await serving(
    (_, response) => {
      requests++
      response.writeHead(200, { 'content-length': '1000' })
      response.write('{"GET_STATS_DATA":')
      setTimeout(() => response.destroy(), 5)
    },
    async (source) => await faultOf(source.count(query, ask)),
  )
  expect([fault.code, requests]).toEqual(['ESTAT_UNAVAILABLE', 3])
})

it('nobody listening is ESTAT_UNAVAILABLE, without the URL', async () => {
  const source = await serving(
    () => {},
    async (stopped) => await Promise.resolve(stopped),
  )
  const fault = await faultOf(source.count(query, ask))
  expect([fault.code, fault.cause]).toEqual(['ESTAT_UNAVAILABLE', undefined])
  expect(`${fault.message}${fault.stack}`).not.toContain(APP_ID)
})
