/**
 * Every scored scenario of the official conformance suite, asked of the origin directly and through the edge on
 * workerd. What is left out is left out by name (`left-out.ts`), and must go on failing.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningEdge, startEdge } from '../platform/workerd.ts'
import { LEFT_OUT } from './left-out.ts'
import { type FixtureOrigin, startFixtureOrigin } from './origin.ts'
import { runSuite } from './suite.ts'

let direct: FixtureOrigin
let behind: FixtureOrigin
let edge: RunningEdge
beforeAll(async () => {
  direct = await startFixtureOrigin({ open: true })
  behind = await startFixtureOrigin({ open: false })
  edge = await startEdge({ originUrl: behind.url, vars: { AUTH_MODE: 'open', RATE_LIMIT_PER_MINUTE: '100000' } })
  behind.trust(edge.publicKey)
})
afterAll(async () => {
  await edge?.close()
  await behind?.close()
  await direct?.close()
})

const WAYS = [
  ['the origin directly', () => direct.url],
  ['the edge on workerd', () => edge.url],
] as const

describe.each(Object.entries(LEFT_OUT))('%s', (revision, leftOut) => {
  it.each(WAYS)('asked of %s', async (_way, url) => {
    const verdicts = await runSuite(`${url()}/mcp`, revision)
    const scored = verdicts.filter((verdict) => verdict.scored)
    const failed = scored.filter(({ failures }) => failures.length > 0)
    const news = failed.filter(({ scenario }) => !(scenario in leftOut))
    expect(news.map(({ scenario, failures }) => `${scenario}: ${failures.join('; ')}`)).toEqual([])
    expect(failed.map(({ scenario }) => scenario).toSorted()).toEqual(Object.keys(leftOut).toSorted())
    expect(scored.length).toBeGreaterThanOrEqual(28)
  })
})
