/**
 * How long a wrong key takes to be refused, by what is wrong with it. Not a proof: it catches an early return or a
 * comparison that stops at the first difference. One process, no network, each kind in turn.
 */
import { expect, it } from 'vitest'
import { posting, testEdge } from '../../edge/fixture.ts'

const ROUNDS = 5_000
const WARM_UP = 500
const FACTOR = 1.5

it('is the same for an unknown id, a wrong secret, one that is nearly right and no key at all', async () => {
  // Nobody's address: wrong keys are counted by it, and the 31st would not be looked at.
  const edge = await testEdge()
  const [id = '', secret = ''] = (await edge.issueKey(['read'])).split('.')
  const other = secret.startsWith('A') ? 'B' : 'A'
  const kinds: Readonly<Record<string, string>> = {
    'an unknown id': `${'0'.repeat(id.length)}.${secret}`,
    'a wrong secret': `${id}.${other.repeat(43)}`,
    'a secret with 30 characters right': `${id}.${secret.slice(0, 30)}${other.repeat(13)}`,
    'what is no key at all': 'x'.repeat(60),
  }
  const took = new Map(Object.keys(kinds).map((kind) => [kind, [] as number[]]))
  for (let round = 0; round < WARM_UP + ROUNDS; round++)
    for (const [kind, key] of Object.entries(kinds)) {
      const request = new Request('http://127.0.0.1:8787/mcp', posting({}, { 'x-api-key': key }))
      const began = process.hrtime.bigint()
      const { status } = await edge.fetch(request)
      const micros = Number(process.hrtime.bigint() - began) / 1_000
      if (status !== 401) throw new Error(`${kind}: ${status}`)
      if (round >= WARM_UP) took.get(kind)?.push(micros)
    }
  const medians = [...took].map(([kind, times]) => [kind, median(times)] as const)
  for (const [kind, micros] of medians) process.stdout.write(`${kind}: ${micros.toFixed(1)} µs\n`)
  const micros = medians.map(([, one]) => one)
  expect(Math.max(...micros) / Math.min(...micros)).toBeLessThan(FACTOR)
})

const median = (times: readonly number[]): number =>
  times.toSorted((one, other) => one - other)[Math.floor(times.length / 2)] as number
