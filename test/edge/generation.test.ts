import { expect, it } from 'vitest'
import { memoryRecords } from '../../edge/adapters/records-memory.ts'
import { generations } from '../../edge/generation.ts'
import type { Records } from '../../edge/ports.ts'
import { PURGE_SECONDS } from '../../shared/cache-generation.ts'

function scene() {
  let time = Date.parse('2026-11-20T00:00:00Z')
  let down = false
  let reads = 0
  const now = () => time
  const behind = memoryRecords({ now })
  const fails = () => Promise.reject(new Error('down'))
  const records: Records = {
    ...behind,
    get: (name) => (reads++, down ? fails() : behind.get(name)),
    put: (...args) => (down ? fails() : behind.put(...args)),
  }
  const instance = (configured = '1') =>
    generations({ records, configured, now, newId: () => crypto.randomUUID(), report: () => {} })
  return {
    instance,
    reads: () => reads,
    advance: (seconds: number) => void (time += seconds * 1000),
    outage: (is: boolean) => void (down = is),
  }
}

const search = { tool: 'search_estat_data' }
const lookup = { tool: 'lookup' }
const tableA = { tool: 'fetch_dataset_filtered', dataset: '0003448237' }
const tableB = { tool: 'fetch_dataset_filtered', dataset: '0003448238' }
const ALL = [search, lookup, tableA, tableB]

it.each([
  ['everything', {}, [true, true, true, true]],
  ['one tool', { tool: 'lookup' }, [false, true, false, false]],
  ['one dataset', { dataset: '0003448237' }, [false, false, true, false]],
] as const)('purges %s and nothing else, here at once and everywhere within a minute', async (_, scope, changed) => {
  const { instance, advance } = scene()
  const [here, elsewhere] = [instance(), instance()]
  const state = (of: typeof here) => Promise.all(ALL.map((answered) => of.current(answered)))
  const before = await state(here)
  expect(await state(elsewhere)).toEqual(before)
  await here.bump(scope)
  const after = await state(here)
  expect(after.map((generation, at) => generation !== before[at])).toEqual(changed)
  advance(PURGE_SECONDS)
  expect(await state(elsewhere)).toEqual(after)
})

it('never comes back to a generation that was', async () => {
  const { instance, advance } = scene()
  const here = instance()
  const seen = new Set([await here.current(search)])
  for (let purge = 0; purge < 50; purge++) {
    await here.bump()
    seen.add(await here.current(search))
    if (purge % 10 === 0) advance(1)
  }
  expect(seen.size).toBe(51)
})

it('has the configured generation in it', async () => {
  const { instance } = scene()
  expect(await instance('1').current(search)).not.toBe(await instance('2').current(search))
})

it('asks the store for each scope once in fifteen seconds', async () => {
  const { instance, reads, advance } = scene()
  const here = instance()
  for (let second = 0; second < 30; second++) {
    for (const answered of ALL) await here.current(answered)
    advance(1)
  }
  // All, three tools, two datasets, twice.
  expect(reads()).toBe(12)
})

it('goes on with the one it knows while the store is down, and says when a purge failed', async () => {
  const { instance, outage, advance, reads } = scene()
  const here = instance()
  await here.bump()
  const known = await here.current(search)
  outage(true)
  advance(3600)
  const before = reads()
  for (let request = 0; request < 20; request++) expect(await here.current(search)).toBe(known)
  expect(reads() - before).toBeLessThan(5)
  await expect(here.bump()).rejects.toThrow('down')
  expect(await here.current(search)).toBe(known)
})

it('shares nothing with others while it never knew a generation', async () => {
  const { instance, outage, advance } = scene()
  const [knows, one, other] = [instance(), instance(), instance()]
  const known = await knows.current(search)
  outage(true)
  const alone = await one.current(search)
  expect(await one.current(search)).toBe(alone)
  expect(new Set([known, alone, await other.current(search)]).size).toBe(3)
  outage(false)
  advance(5)
  expect(await one.current(search)).toBe(known)
})
