/** The client over real HTTP: gzip, a body that says why on 403, a port where nobody listens. */
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { statsHttp } from '../../../origin/adapters/stats-http.ts'
import type { StatsSource } from '../../../origin/ports.ts'
import { APP_ID, AT_ONCE, ask, faultOf, paged, query, range } from './stats-http-client.ts'

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

it('asks for gzip and keeps the body unpacked', async () => {
  const body = new Uint8Array(await paged().arrayBuffer())
  let encodings = ''
  const page = await serving(
    (request, response) => {
      encodings = String(request.headers['accept-encoding'])
      response
        .writeHead(200, { 'content-encoding': 'gzip', 'content-type': 'application/json;charset=utf-8' })
        .end(gzipSync(body))
    },
    async (source) => await source.page(query, range, ask),
  )
  expect(encodings).toContain('gzip')
  expect(page.body).toEqual(body)
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
