/**
 * A handful of the black-box suite (`npm run test:platforms`) on the servers of our own, each started for real; workerd
 * has suites of its own in `test/platform`.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type OriginProcess, startOrigin } from '../e2e/origin-process.ts'
import { CHECKS } from '../platform/black-box/checks/index.ts'
import { type Before, PLATFORMS } from '../platform/black-box/platforms.ts'
import { outcomeOf, type Target } from '../platform/black-box/target.ts'
import { newSigningKey } from '../platform/workerd.ts'

const NAMES = ['node', 'bun', 'deno', 'lambda'] as const
/** What the platforms have most to do with themselves: listening, streams, leaving, headers, bytes. */
const QUICK = /^(health|an open stream|a client that leaves|a search:|401|404|HEAD|no header)/
const quick = CHECKS.filter(({ name }) => QUICK.test(name))

let origin: OriginProcess
const targets = new Map<string, Target>()
beforeAll(async () => {
  const signingKey = await newSigningKey()
  const { d: _secret, ...open } = signingKey
  origin = await startOrigin({ edgeKeys: [open] })
  const before: Before = { originUrl: origin.url, signingKey, linkKeys: [] }
  await Promise.all(NAMES.map(async (name) => targets.set(name, await PLATFORMS[name](before))))
})
afterAll(async () => {
  await Promise.all(Array.from(targets.values(), (target) => target.close()))
  await origin?.close()
})

it('is a handful', () => expect(quick).toHaveLength(8))

describe.each(NAMES)('the edge on %s', (name) => {
  it.each(quick)('$name', async (check) => {
    const target = targets.get(name)
    if (!target) throw new Error('it did not start')
    const outcome = await outcomeOf(check, target, 10_000)
    // What a platform cannot do is said, with the reason, in the table of the whole suite.
    expect(outcome.state === 'fail' ? outcome.why : '').toBe('')
  })
})
