/** A page that is only to be kept: judged as strictly as one that is parsed, and kept byte for byte. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { statsHttp } from '../../../origin/adapters/stats-http.ts'
import { sampleIds, sampleStats } from '../estat/tables.ts'
import { type Answer, APP_ID, AT_ONCE, ask, client, faultOf, json, paged, query, range } from './stats-http-client.ts'

const kept = (packed: Uint8Array): string => gunzipSync(packed).toString('utf8')

describe('a page to keep', () => {
  it.each<[string, Answer, number]>([
    ['several rows', paged(), 2],
    ['one row, which comes without its array', paged({ total: 1, to: 1, values: { '@area': '13000', $: '7' } }), 1],
    ['one row without attributes', paged({ total: 1, to: 1, values: '7' }), 1],
  ])('is the body as sent: %s', async (_, answer, rows) => {
    const body = await (answer as Response).clone().text()
    const page = await client([answer]).source.packed(query, range, ask)
    expect(kept(page.packed)).toBe(body)
    expect(page).toMatchObject({ total: rows, from: 1, to: rows, rows, nextKey: null })
    expect(page).not.toHaveProperty('values')
  })

  it('says of every bundled table what the parsed page says', async () => {
    expect(sampleIds.length).toBeGreaterThan(5)
    for (const id of sampleIds) {
      const all = [{ id, narrow: [] }, { start: 1, limit: 100_000 }, ask] as const
      const { values, annotations: _, ...page } = await sampleStats.page(...all)
      const { packed, ...facts } = await sampleStats.packed(...all)
      expect(facts).toEqual({ ...page, rows: values.length })
      const body = JSON.parse(kept(packed)) as { GET_STATS_DATA: { RESULT: { STATUS: number } } }
      expect(body.GET_STATS_DATA.RESULT.STATUS).toBe(0)
    }
  })

  it.each<[string, (body: string) => string | Uint8Array]>([
    ['a quote lost in a row', (body) => body.replace('"13000"', '13000"')],
    ['a comma lost between rows', (body) => body.replace('},{', '}{')],
    ['a bracket too many', (body) => body.replace('}]', '}]]')],
    ['two bodies', (body) => body + body],
    ['a row that is none', (body) => body.replace(/\},\{[^}]*\}/, '},5')],
    ['rows twice', (body) => body.replace(/"VALUE":(\[[^\]]*\])/, '"VALUE":$1,"VALUE":$1')],
    ['a byte that is no UTF-8', (body) => Buffer.from(body.replace('13000', '1\u00ff000'), 'latin1')],
  ])('is asked for again where it is damaged: %s', async (_, damage) => {
    const body = damage(await paged().text())
    expect(body).not.toBe(await paged().text())
    const { sent, source } = client([new Response(body), paged()])
    expect([(await source.packed(query, range, ask)).rows, sent.length]).toEqual([2, 2])
    const fault = await faultOf(client([new Response(body)]).source.packed(query, range, ask))
    expect([fault.code, fault.cause]).toEqual(['ESTAT_UNAVAILABLE', undefined])
  })

  it('is judged by its STATUS, whatever else it says', async () => {
    const value = [{ $: '1' }]
    const refused = json({
      GET_STATS_DATA: { RESULT: { STATUS: 102 }, STATISTICAL_DATA: { DATA_INF: { VALUE: value } } },
    })
    expect((await faultOf(client([refused]).source.packed(query, range, ask))).message).toContain('status 102')
  })
})

it('closes the connection of what is no page, without waiting for its end', async () => {
  const closed = Promise.withResolvers<void>()
  let written = 0
  const server = createServer((_, response) => {
    response.once('close', closed.resolve)
    const write = (): void => {
      if (response.destroyed) return
      written += 65_536
      if (response.write(Buffer.alloc(65_536, '<'))) setImmediate(write)
      else response.once('drain', write)
    }
    write()
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const retry = { ...AT_ONCE, attempts: 1 }
  const source = statsHttp({ send: fetch, baseUrl, appId: APP_ID, origin: 'live', now: () => 0, retry })
  expect((await faultOf(source.packed(query, range, ask))).code).toBe('ESTAT_UNAVAILABLE')
  await closed.promise
  expect(written).toBeLessThan(50_000_000)
  server.close()
})
