/**
 * With ESTAT_APP_ID set the origin asks e-Stat itself and nothing else changes. e-Stat is played by the stand-in over
 * real HTTP, with the bundled tables and an application ID of the test's own.
 */
import { serve } from '@hono/node-server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSession, type Session } from '../../infra/scripts/tour/session.ts'
import { STEPS, type TourState } from '../../infra/scripts/tour/steps.ts'
import { loadSample } from '../../origin/sample/load-sample.ts'
import { createStandin } from '../../origin/standin/standin.ts'
import { freePort, type OriginProcess, startOrigin } from '../e2e/origin-process.ts'

/** Forty hex digits, as e-Stat's are: made up. */
const APP_ID = 'ab'.repeat(20)

const asked: string[] = []
let upstream: ReturnType<typeof serve>
let baseUrl: string

beforeAll(async () => {
  const standin = createStandin({ tables: loadSample().tables, accepts: [APP_ID], now: () => Date.now() })
  const port = await freePort()
  baseUrl = `http://127.0.0.1:${port}`
  upstream = serve({
    port,
    hostname: '127.0.0.1',
    fetch: (request: Request) => {
      asked.push(request.url)
      return standin(request)
    },
  })
})
afterAll(() => void upstream.close())

async function withOrigin<T>(appId: string, work: (session: Session, origin: OriginProcess) => Promise<T>): Promise<T> {
  const origin = await startOrigin({ env: { ESTAT_APP_ID: appId, ESTAT_BASE_URL: baseUrl, LOG_LEVEL: 'debug' } })
  const session = await openSession({ url: origin.url, key: origin.adminKey, sdk: '2' })
  try {
    return await work(session, origin)
  } finally {
    await session.close()
    await origin.close()
  }
}

describe('with an application ID', () => {
  it('the tour holds against e-Stat’s HTTP interface, and the ID stays out of logs and answers', () =>
    withOrigin(APP_ID, async (session, origin) => {
      const said: string[] = []
      const say = (line: string): void => void said.push(line)
      const state: TourState = { session, say, origin: '', raw: '', parquet: '', rows: 0, firstSearch: null }
      for (const step of STEPS) await step.run(state)
      expect(state.origin).toBe('live')
      expect(said.join('\n')).toContain('1920: 3,699,428 人')
      expect(asked.length).toBeGreaterThan(5)
      expect(asked.every((url) => url.includes(APP_ID))).toBe(true)
      expect(`${origin.log()}${said.join('\n')}`).not.toContain(APP_ID)
    }))

  it('answers say that they are live, with the time of retrieval and no excerpt', () =>
    withOrigin(APP_ID, async (session) => {
      const { result } = await session.call('describe_dataset', { dataset_id: '0000020201' }, () => {})
      const source = result['source'] as Record<string, unknown>
      expect([source['origin'], source['note'], result['extent']]).toEqual(['live', null, null])
      expect(Date.parse(String(source['retrieved_at']))).toBeGreaterThan(Date.now() - 60_000)
    }))

  it('a refused ID is told with where to get one, and is not repeated', () =>
    withOrigin('cd'.repeat(20), async (session, origin) => {
      const reply = await session.call('describe_dataset', { dataset_id: '0000020201' }, () => {})
      expect([reply.isError, reply.text]).toEqual([true, expect.stringMatching(/^ESTAT_API_ERROR.*\n.*application ID/)])
      expect(reply.text).toContain('https://www.e-stat.go.jp/api/')
      expect(`${reply.text}${origin.log()}`).not.toContain('cd'.repeat(20))
    }))

  it('an unknown table is not found', () =>
    withOrigin(APP_ID, async (session) => {
      const reply = await session.call('describe_dataset', { dataset_id: '0009999999' }, () => {})
      expect(reply.text).toMatch(/^NOT_FOUND: .*\n.*0009999999/)
    }))
})

it('e-Stat that is down is said to be down', async () => {
  const origin = await startOrigin({
    env: { ESTAT_APP_ID: APP_ID, ESTAT_BASE_URL: `http://127.0.0.1:${await freePort()}` },
  })
  const session = await openSession({ url: origin.url, key: origin.adminKey, sdk: '1' })
  const reply = await session.call('describe_dataset', { dataset_id: '0000020201' }, () => {})
  expect(reply.text).toMatch(/^ESTAT_UNAVAILABLE/)
  expect(reply.text).not.toContain(APP_ID)
  await session.close()
  await origin.close()
})
