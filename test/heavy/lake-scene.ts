/** A lake on a folder of its own, writers in processes of their own, and what must hold whatever became of them. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect } from 'vitest'
import { printJson } from '../../origin/lake/iceberg/json.ts'
import type { LakeTable, TableMoment } from '../../origin/lake/ports.ts'
import { calm, type Lake, openLake } from '../origin/lake/support/lake.ts'
import { WRITER, type WriterTask } from './lake-writer.ts'

export interface Ended {
  /** `SIGKILL`, or null where the process ended by itself. */
  readonly signal: string | null
  /** Snapshot ids of commits that it was told of. */
  readonly acknowledged: readonly string[]
}

export interface LakeScene {
  readonly lake: Lake
  /** Runs a writer to its end. @param after Milliseconds after its first word when it is killed. */
  run(task: Omit<WriterTask, 'dataDir'>, after?: number): Promise<Ended>
  load(table: string, at?: TableMoment): Promise<LakeTable>
  /** `area:value` of every row, in order. */
  cells(table: LakeTable): Promise<readonly string[]>
  /** The table is whole: history unbroken, every state that it keeps readable, row counts as the metadata says. */
  expectWhole(table: string): Promise<LakeTable>
  /** Data files that no state of the table names. */
  orphans(table: string): Promise<readonly string[]>
}

export async function openScene(): Promise<LakeScene> {
  const lake = await openLake()
  const load: LakeScene['load'] = async (table, at) => (await lake.tables.load('estat', table, at)) as LakeTable
  const statesOf = async (table: string): Promise<readonly LakeTable[]> => {
    const { snapshots } = await load(table)
    return Promise.all(snapshots.map(({ id }) => load(table, { snapshotId: id })))
  }
  const counted = async ({ files }: LakeTable): Promise<number> =>
    files.length === 0
      ? 0
      : Number(
          (
            await lake.read(
              files.map(({ key }) => key),
              'count(*)::int AS n',
            )
          )[0]?.['n'],
        )

  return {
    lake,
    load,

    async run(task, after) {
      const child = spawn(process.execPath, [WRITER, printJson({ dataDir: lake.dataDir, ...task })], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      const said = await wordsOf(child, after)
      return { ...said, acknowledged: Array.from(said.words.matchAll(/^committed (\d+)$/gm), ([, id]) => id as string) }
    },

    async cells({ files }) {
      const rows = await lake.read(
        files.map(({ key }) => key),
        'area_code, value',
      )
      return rows.map(({ area_code: area, value }) => `${String(area)}:${String(value)}`).toSorted()
    },

    async expectWhole(name) {
      const table = await load(name)
      for (const [at, { parentId, totalRows, id }] of table.snapshots.entries()) {
        if (at > 0) expect(parentId).toBe(table.snapshots[at - 1]?.id)
        const state = await load(name, { snapshotId: id })
        expect([state.rows, await counted(state)]).toEqual([totalRows, totalRows])
      }
      return table
    },

    async orphans(name) {
      const needed = new Set((await statesOf(name)).flatMap(({ files }) => files.map(({ key }) => key)))
      const objects = await lake.store.list(`estat/iceberg/${name}/data/`)
      return objects.map(({ key }) => key).filter((key) => !needed.has(key))
    },
  }
}

async function wordsOf(
  child: ChildProcess,
  after?: number,
): Promise<{ readonly words: string; readonly signal: string | null }> {
  let words = ''
  child.stdout?.on('data', (chunk: Buffer) => {
    if (words === '' && after !== undefined) setTimeout(() => child.kill('SIGKILL'), after)
    words += String(chunk)
  })
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null]
  if (signal === null) expect(code).toBe(0)
  return { words, signal }
}

/**
 * Reads a table again and again until `done`: history only grows, and `check` holds of every state.
 * @returns how often it was read.
 */
export async function readAllTheWhile(
  load: () => Promise<LakeTable | null>,
  done: Promise<unknown>,
  check: (table: LakeTable) => Promise<void>,
): Promise<number> {
  const isOver = done.then(() => true)
  let seen: LakeTable['snapshots'] = []
  for (let reads = 0; ; ) {
    const table = await load()
    if (table !== null) {
      expect(table.snapshots.slice(0, seen.length)).toEqual(seen)
      seen = table.snapshots
      await check(table)
      reads += 1
    }
    if (await Promise.race([isOver, Promise.resolve(false)])) return reads
  }
}

/** What was measured, for whoever runs it. */
export const say = (text: string): void => void process.stdout.write(`${text}\n`)

export { calm }
