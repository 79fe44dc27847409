/**
 * SIGKILL at every call to the store, of load, replace, merge and upkeep in turn, and at 100 moments of no order (issue
 * 4): `vitest run --config test/heavy/vitest.config.ts test/heavy/lake-crash.test.ts`.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ParquetFile } from '../../origin/lake/ports.ts'
import { cellFile } from '../origin/lake/support/parquet-file.ts'
import { calm, type LakeScene, openScene, say } from './lake-scene.ts'
import type { Step } from './lake-writer.ts'

const RANDOM_KILLS = Number(process.env['LAKE_KILLS'] ?? 100)
const HOUR = 3_600_000
const ID = '0000000001'
let scene: LakeScene
/** Areas 1 to 4, and areas 3 to 6: what they make of each other is told apart by the values. */
let first: ParquetFile
let second: ParquetFile
beforeEach(async () => {
  scene = await openScene()
  const file = (areas: readonly number[], value: number) =>
    cellFile(
      scene.lake,
      ID,
      areas.map((area) => ({ area: String(area), $: String(value) })),
    )
  first = await file([1, 2, 3, 4], 1)
  second = await file([3, 4, 5, 6], 2)
})
afterEach(() => scene.lake.close())

const FIRST = ['1:1', '2:1', '3:1', '4:1']
const SECOND = ['3:2', '4:2', '5:2', '6:2']
const MERGED = ['1:1', '2:1', '3:2', '4:2', '5:2', '6:2']
const KEEP_ONE = { 'history.expire.min-snapshots-to-keep': '1' }

const load = (kind: 'replace' | 'append', file: ParquetFile, now = Date.now()) =>
  scene.lake.tables.commit(
    'estat',
    't',
    { kind, datasetId: ID, files: [file], properties: KEEP_ONE },
    { create: true, now, signal: calm },
  )

/**
 * Kills a writer of `step` before its first call, its second, and so on until it ends by itself.
 * @param before Makes the table what the step is to find. @param check What must hold after each.
 */
async function killEverywhere(
  step: (round: number) => Step,
  before: (round: number) => Promise<unknown>,
  check: (landed: boolean) => Promise<void>,
): Promise<number> {
  const acknowledged: string[] = []
  for (let call = 1; ; call += 1) {
    await before(call)
    const was = (await scene.load('t')).snapshotId
    const ended = await scene.run({ table: 't', steps: [step(call)], times: 1, killAt: call })
    acknowledged.push(...ended.acknowledged)
    const table = await scene.expectWhole('t')
    await check(table.snapshotId !== was)
    const known = new Set(table.snapshots.map(({ id }) => id))
    // An upkeep lets old snapshots go; whatever else, what was acknowledged is there.
    const lost = step(call).kind === 'maintain' ? [] : acknowledged.filter((id) => !known.has(id))
    expect(lost).toEqual([])
    if (ended.signal === null) return call - 1
  }
}

/** After so long a time all that is left of killed writers is gone, and the table is what it was. */
async function expectTidied(): Promise<void> {
  const before = await scene.cells(await scene.load('t'))
  await scene.lake.tables.maintain('estat', 't', { now: Date.now() + 1e6 * HOUR, signal: calm })
  expect(await scene.orphans('t')).toEqual([])
  expect(await scene.cells(await scene.load('t'))).toEqual(before)
  await scene.expectWhole('t')
}

describe('killed before each call to the store,', () => {
  it('a load leaves the old table or the new one, and no row twice', async () => {
    const calls = await killEverywhere(
      () => ({ kind: 'append', file: second }),
      () => load('replace', first),
      async (landed) =>
        expect(await scene.cells(await scene.load('t'))).toEqual(landed ? [...FIRST, ...SECOND].toSorted() : FIRST),
    )
    say(`load: killed before each of ${calls} calls`)
    await expectTidied()
  })

  it('a replace leaves the old rows or the new ones', async () => {
    const calls = await killEverywhere(
      () => ({ kind: 'replace', file: second }),
      () => load('replace', first),
      async (landed) => expect(await scene.cells(await scene.load('t'))).toEqual(landed ? SECOND : FIRST),
    )
    say(`replace: killed before each of ${calls} calls`)
    await expectTidied()
  })

  it('a merge leaves the old rows or the merged ones', async () => {
    const calls = await killEverywhere(
      () => ({ kind: 'merge', file: second }),
      () => load('replace', first),
      async (landed) => expect(await scene.cells(await scene.load('t'))).toEqual(landed ? MERGED : FIRST),
    )
    say(`merge: killed before each of ${calls} calls`)
    await expectTidied()
  })

  it('an upkeep leaves a table whose every state can be read', async () => {
    const start = Date.now()
    // Every round is 30 hours later: then there is always one snapshot that is due.
    const hour = (round: number, more: number) => start + (round * 30 + more) * HOUR
    const calls = await killEverywhere(
      (round) => ({ kind: 'maintain', now: hour(round, 27) }),
      async (round) => {
        await load('replace', first, hour(round, 0))
        await load('replace', second, hour(round, 1))
      },
      async (landed) => {
        expect(landed).toBe(false)
        expect(await scene.cells(await scene.load('t'))).toEqual(SECOND)
      },
    )
    say(`upkeep: killed before each of ${calls} calls`)
    await expectTidied()
    expect((await scene.load('t')).snapshots).toHaveLength(1)
  })
})

it(`killed at ${RANDOM_KILLS} moments of no order, no acknowledged commit is lost and no state is half`, async () => {
  await load('replace', first)
  const acknowledged: string[] = []
  const states = [FIRST, SECOND, MERGED].map((cells) => cells.join())
  const steps: readonly Step[] = [
    { kind: 'merge', file: second },
    { kind: 'replace', file: first },
    { kind: 'maintain' },
  ]
  let killed = 0
  for (let at = 0; at < RANDOM_KILLS; at += 1) {
    const ended = await scene.run({ table: 't', steps, times: 1000 }, Math.random() * 1200)
    if (ended.signal === 'SIGKILL') killed += 1
    acknowledged.push(...ended.acknowledged)
    const table = at % 10 === 9 ? await scene.expectWhole('t') : await scene.load('t')
    expect(states).toContain((await scene.cells(table)).join())
    const known = new Set(table.snapshots.map(({ id }) => id))
    expect(acknowledged.filter((id) => !known.has(id))).toEqual([])
  }
  say(`${killed} kills, ${acknowledged.length} acknowledged commits, all there`)
  expect(killed).toBe(RANDOM_KILLS)
  await expectTidied()
})
