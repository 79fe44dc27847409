/**
 * A load that is killed leaves the old table, whole, and the next load succeeds (PRODUCT.md, promise 6). A few points of
 * a replace; `test/heavy/lake-crash.test.ts` takes every point of every change.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { printJson } from '../../../origin/lake/iceberg/json.ts'
import type { LakeTable, ParquetFile } from '../../../origin/lake/ports.ts'
import { calm, type Lake, openLake } from '../lake/support/lake.ts'
import { smallFile } from '../lake/support/parquet-file.ts'

const LOADER = fileURLToPath(new URL('../lake/support/loader.ts', import.meta.url))
/** Store calls of one replace, found by counting; a few more show that the next commit starts clean. */
const CALLS = 24
const STEP = 4
const RANDOM_KILLS = 3
/** Each kill starts a process; on a busy machine that takes its time. */
const TIMEOUT_MS = 120_000

let lake: Lake
let file: ParquetFile
const acknowledged: string[] = []
beforeAll(async () => {
  lake = await openLake()
  file = await smallFile(lake, '0000000001', ['1', '2', '-'])
  await load()
})
afterAll(() => lake.close())

async function load(): Promise<void> {
  const change = { kind: 'replace', datasetId: file.datasetId, files: [file], properties: {} } as const
  const { snapshotId } = await lake.tables.commit('estat', 't', change, { create: true, now: Date.now(), signal: calm })
  acknowledged.push(snapshotId)
}

/** Runs the loader until it kills itself, or until `delay` ms after it is ready. */
async function killLoader(options: { readonly call?: number; readonly delay?: number }): Promise<void> {
  const child = spawn(process.execPath, [LOADER, lake.dataDir, printJson(file), String(options.call ?? '')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.on('data', (chunk: Buffer) => {
    said += String(chunk)
    if (said.startsWith('ready') && options.delay !== undefined) setTimeout(() => child.kill('SIGKILL'), options.delay)
  })
  const [, signal] = (await once(child, 'close')) as [number | null, string | null]
  expect(signal).toBe('SIGKILL')
  acknowledged.push(...Array.from(said.matchAll(/^committed (\d+)$/gm), ([, id]) => id as string))
}

/** The table holds the three rows once, its history holds every acknowledged commit, and it takes the next load. */
async function expectWhole(): Promise<void> {
  for (const reload of [false, true]) {
    if (reload) await load()
    const table = (await lake.tables.load('estat', 't')) as LakeTable
    expect(table).toMatchObject({ rows: 3, files: [{ rows: 3 }] })
    expect(
      await lake.read(
        table.files.map(({ key }) => key),
        'count(*)::int AS n, sum(value) AS s',
      ),
    ).toEqual([{ n: 3, s: 3 }])
    const known = new Set(table.snapshots.map(({ id }) => id))
    expect(acknowledged.filter((id) => !known.has(id))).toEqual([])
    table.snapshots.forEach(({ parentId }, at) => expect(parentId).toBe(table.snapshots[at - 1]?.id ?? null))
  }
}

describe('a load killed by SIGKILL', () => {
  it(
    `before every fourth of its first ${CALLS} calls to the store`,
    async () => {
      for (let call = 1; call <= CALLS; call += STEP) {
        await killLoader({ call })
        await expectWhole()
      }
    },
    TIMEOUT_MS,
  )

  it(
    `at ${RANDOM_KILLS} moments of no order`,
    async () => {
      for (let at = 0; at < RANDOM_KILLS; at += 1) {
        await killLoader({ delay: Math.random() * 120 })
        await expectWhole()
      }
    },
    TIMEOUT_MS,
  )

  it('leaves no unfinished file that anyone sees', async () => {
    const keys = (await lake.store.list('')).map(({ key }) => key)
    expect(keys.filter((key) => !/\.(parquet|avro|json|json\.gz|text)$/.test(key))).toEqual([])
  })
})
