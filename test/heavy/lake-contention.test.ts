/**
 * Eight processes that write to one table at once, and a reader that runs all the while (issue 4):
 * `vitest run --config test/heavy/vitest.config.ts test/heavy/lake-contention.test.ts`.
 */
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { ParquetFile } from '../../origin/lake/ports.ts'
import { cellFile } from '../origin/lake/support/parquet-file.ts'
import { type LakeScene, openScene, readAllTheWhile, say } from './lake-scene.ts'
import type { Step } from './lake-writer.ts'

const [WRITERS, COMMITS] = [8, 20]
const ID = '0000000001'
let scene: LakeScene
beforeEach(async () => {
  scene = await openScene()
})
afterEach(() => scene.lake.close())

const file = (areas: readonly number[], value: number): Promise<ParquetFile> =>
  cellFile(
    scene.lake,
    ID,
    areas.map((area) => ({ area: String(area), $: String(value) })),
  )

it(`${WRITERS} processes with ${COMMITS} appends each make ${WRITERS * COMMITS} snapshots in one unbroken chain`, async () => {
  const row = await file([1], 1)
  const writer = () => scene.run({ table: 't', steps: [{ kind: 'append', file: row }], times: COMMITS })
  const began = Date.now()
  const writers = Promise.all(Array.from({ length: WRITERS }, writer))
  const reads = await readAllTheWhile(
    () => scene.lake.tables.load('estat', 't'),
    writers,
    async (table) => {
      expect(table.rows).toBe(table.snapshots.length)
      expect(await scene.cells(table)).toHaveLength(table.rows)
    },
  )
  const ended = await writers
  say(`${WRITERS * COMMITS} commits in ${Date.now() - began} ms, ${reads} whole states read meanwhile`)
  expect(reads).toBeGreaterThan(0)
  const table = await scene.expectWhole('t')
  expect(table.snapshots).toHaveLength(WRITERS * COMMITS)
  expect(table.snapshots[0]?.parentId).toBeNull()
  expect(table.snapshots.map(({ totalRows }) => totalRows)).toEqual(
    Array.from({ length: WRITERS * COMMITS }, (_, at) => at + 1),
  )
  const acknowledged = ended.flatMap((one) => one.acknowledged)
  expect(new Set(acknowledged)).toEqual(new Set(table.snapshots.map(({ id }) => id)))
  expect(acknowledged).toHaveLength(WRITERS * COMMITS)
  expect(await scene.orphans('t')).toEqual([])
})

it('mergers, a replacer and an upkeep at once: every key is there once, and every state is one that somebody made', async () => {
  const base = await file([1, 2, 3, 4, 5, 6, 7, 8], 0)
  const steps = async (areas: readonly number[], value: number): Promise<readonly Step[]> => [
    { kind: 'merge', file: await file(areas, value) },
  ]
  const tasks = [await steps([1, 2], 1), await steps([2, 3], 2), await steps([7, 8, 9], 3)]
  const other: readonly Step[] = [{ kind: 'replace', file: base }, { kind: 'maintain' }]
  await scene.run({ table: 't', steps: [{ kind: 'replace', file: base }], times: 1 })
  const writers = Promise.all([...tasks, other].map((all) => scene.run({ table: 't', steps: all, times: 10 })))
  const allowed: Readonly<Record<string, readonly number[]>> = {
    1: [0, 1],
    2: [0, 1, 2],
    3: [0, 2],
    4: [0],
    5: [0],
    6: [0],
    7: [0, 3],
    8: [0, 3],
    9: [3],
  }
  const reads = await readAllTheWhile(
    () => scene.lake.tables.load('estat', 't'),
    writers,
    async (table) => {
      const cells = (await scene.cells(table)).map((cell) => cell.split(':') as [string, string])
      const areas = cells.map(([area]) => area)
      expect(new Set(areas).size).toBe(areas.length)
      expect(areas.length).toBeGreaterThanOrEqual(8)
      for (const [area, value] of cells) expect(allowed[area]).toContain(Number(value))
      // Rows of one merge come together.
      const [seven, eight] = ['7', '8'].map((wanted) => cells.find(([area]) => area === wanted)?.[1])
      expect(seven).toBe(eight)
    },
  )
  const ended = await writers
  say(`${reads} whole states read meanwhile`)
  expect(ended.flatMap(({ acknowledged }) => acknowledged)).toHaveLength(40)
  const table = await scene.expectWhole('t')
  expect(table.snapshots).toHaveLength(41)
  expect(await scene.orphans('t')).toEqual([])
})
