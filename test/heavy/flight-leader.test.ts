/** Who waits for a search and who leaves it, over two instances of the edge: the product as it is, with its own times. */
import { type ClientRequest, request } from 'node:http'
import { json } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FakeOrigin, fakeOrigin, type Heard, sendJson } from '../platform/fake-origin.ts'
import { type NodeEdges, startNodeEdges } from '../platform/node-edges.ts'
import { type RawEdges, startRawEdges } from '../platform/raw-workerd.ts'

/** An origin that answers when it is told to. */
async function patientOrigin() {
  const origin = await fakeOrigin()
  const waiting: { heard: Heard; answer: (n: number) => void }[] = []
  origin.answer((heard, response) => {
    waiting.push({ heard, answer: (n) => sendJson(response, 200, { success: true, result: { n }, text: `n ${n}` }) })
  })
  const arrived = async (count: number, within = 5_000) => {
    await expect.poll(() => waiting.length, { timeout: within, interval: 20 }).toBe(count)
    return waiting[count - 1] as (typeof waiting)[number]
  }
  return { origin, arrived }
}

/** A search that may be left by a reset, which is what a server sees at once. */
function search(
  url: string,
  key: string,
): { request: ClientRequest; answer: Promise<{ cache: unknown; body: unknown }> } {
  const asked = request(`${url}/search?q=patience`, { headers: { 'x-api-key': key } })
  const answer = new Promise<{ cache: unknown; body: unknown }>((resolve, reject) => {
    asked.on('error', reject)
    asked.on('response', (response) => {
      const cache = response.headers['x-cache']
      json(response).then((body) => resolve({ cache, body }), reject)
    })
  })
  answer.catch(() => {})
  asked.end()
  return { request: asked, answer }
}
const leave = ({ request: asked }: { request: ClientRequest }): void => void asked.socket?.resetAndDestroy()
const told = (heard: Heard, millis: number) => Promise.race([heard.left.then(() => 'ended'), sleep(millis, 'goes on')])

describe.each([
  ['two Workers that share a Durable Object', startRawEdges],
  ['two Node processes that share DynamoDB', startNodeEdges],
])('%s', (_name, start) => {
  let edges: RawEdges
  let patient: Awaited<ReturnType<typeof patientOrigin>>
  beforeAll(async () => {
    patient = await patientOrigin()
    edges = await start({ originUrl: patient.origin.url, instances: 2 })
    patient.origin.trust(edges.publicKey)
  })
  afterAll(async () => {
    await edges?.close()
    await (patient?.origin as FakeOrigin | undefined)?.close()
  })

  // Long enough for the garbage collector to take what nobody holds.
  it('go on when the one who began leaves, and end at the origin with the last', async () => {
    const [here = '', there = ''] = edges.urls
    const { text: key } = await edges.issueKey()
    const first = search(here, key)
    const { heard } = await patient.arrived(1)
    const [second, third] = [search(there, key), search(here, key)]
    await sleep(1_000)
    leave(first)
    leave(third)
    // Longer than anybody elsewhere may be silent.
    expect(await told(heard, 5_000)).toBe('goes on')
    leave(second)
    expect(await told(heard, 10_000)).toBe('ended')
    const again = search(there, key)
    ;(await patient.arrived(2)).answer(2)
    expect(await again.answer).toEqual({ cache: 'MISS', body: { success: true, result: { n: 2 }, text: 'n 2' } })
  })
})

describe('an instance that is killed while it flies for all', () => {
  let edges: NodeEdges
  let patient: Awaited<ReturnType<typeof patientOrigin>>
  beforeAll(async () => {
    patient = await patientOrigin()
    edges = await startNodeEdges({ originUrl: patient.origin.url, instances: 2 })
    patient.origin.trust(edges.publicKey)
  })
  afterAll(async () => {
    await edges?.close()
    await (patient?.origin as FakeOrigin | undefined)?.close()
  })

  it('is followed by one who waits, as soon as its lease ends', async () => {
    const [here = '', there = ''] = edges.urls
    const { text: key } = await edges.issueKey()
    const dying = search(here, key)
    const { heard } = await patient.arrived(1)
    const waiting = [search(there, key), search(there, key)]
    await sleep(1_000)
    edges.kill(0)
    await expect(dying.answer).rejects.toThrow(/socket hang up|ECONNRESET/)
    await heard.left
    const since = Date.now()
    ;(await patient.arrived(2, 15_000)).answer(2)
    expect(Date.now() - since).toBeLessThan(8_000)
    const answers = await Promise.all(waiting.map(({ answer }) => answer))
    expect(new Set(answers.map(({ cache }) => cache))).toEqual(new Set(['COALESCED', 'MISS']))
    for (const { body } of answers) expect(body).toMatchObject({ result: { n: 2 } })
  })
})
