/**
 * `.estat/run/start.json`: which supervisor serves this clone and which process groups are its own. It is the lock
 * (looked at and taken through a gate), and the memory by which the next start removes what a killed one left behind.
 */
import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import * as z from 'zod'
import { stateFolder, writePrivate } from '../local-state.ts'
import { ageOf, throughGate } from './gate.ts'
import { identityOf, signalGroup, startedWith } from './process-table.ts'
import { StartError, sayFileFailure } from './start-error.ts'

/** Set for every child to the run's id, so that none is ever lost or mistaken. */
export const RUN_VARIABLE = 'ESTAT_RUN'
/**
 * How long an earlier start may take to see that its npm was killed, how long to end after that, and how long to write
 * its record.
 */
const PATIENCE_MS = { toSee: 1500, toEnd: 6000, toWrite: 1000 }

const Owned = z.object({ pid: z.int().min(2), identity: z.string() })
const RunFile = Owned.extend({
  run: z.uuid(),
  stopping: z.boolean(),
  groups: z.array(Owned.extend({ name: z.string() })),
})
type RunFile = z.infer<typeof RunFile>

export interface RunRecord {
  readonly run: string
  /** Remembers a child that leads a process group of its own. */
  add(name: string, pid: number): void
  /** Tells a waiting start that the lock will be free soon. */
  stopping(): void
  /** Gives the lock back. */
  release(): void
}

/**
 * Takes the lock of this clone, after the leftovers of a killed start are gone.
 *
 * @param say told what takes a while.
 * @throws StartError where another `npm start` serves, or the folder cannot be written.
 */
export async function takeRunRecord(root: string, say: (line: string) => void): Promise<RunRecord> {
  const path = join(stateFolder(root), 'run', 'start.json')
  const record: RunFile = {
    pid: process.pid,
    identity: identityOf(process.pid) ?? '',
    run: randomUUID(),
    stopping: false,
    groups: [],
  }
  const text = (): string => `${JSON.stringify(record, null, 2)}\n`
  try {
    mkdirSync(join(stateFolder(root), 'run'), { recursive: true, mode: 0o700 })
    await take(path, text(), say)
  } catch (error) {
    throw error instanceof StartError ? error : sayFileFailure(stateFolder(root), error)
  }
  const lockOfAnother = (): RunFile | null => {
    const now = readRecord(path)
    return now !== null && now.run !== record.run ? now : null
  }
  return {
    run: record.run,
    add(name, pid) {
      record.groups.push({ name, pid, identity: identityOf(pid) ?? '' })
      const served = lockOfAnother()
      if (served) throw new StartError(`Another npm start (process ${served.pid}) took this clone over.`)
      writePrivate(path, text())
    },
    stopping() {
      record.stopping = true
      try {
        if (!lockOfAnother()) writePrivate(path, text())
      } catch {
        // A full disk must not keep us from ending the children; a waiting start gives up sooner, that is all.
      }
    },
    release() {
      if (!lockOfAnother()) rmSync(path, { force: true })
    },
  }
}

/** Waits for an owner that is on its way out; removes the processes of one that was killed, and takes its place. */
async function take(path: string, text: string, say: (line: string) => void): Promise<void> {
  const found = await throughGate(path, () => takeOrFind(path, text))
  if (found.owner) {
    say(`Another npm start (process ${found.owner.pid}) serves this clone; waiting for it to end ...`)
    await waitForOwner(path, found.owner)
  } else if (found.taken) {
    if (found.removed === 0) return
    say(`Removed what a killed npm start had left running (${found.removed} processes or groups).`)
    return sleep(100)
  } else await sleep(50)
  return take(path, text, say)
}

interface Found {
  readonly taken: boolean
  readonly owner: RunFile | null
  /** Processes and groups of a killed start. */
  readonly removed: number
}

function takeOrFind(path: string, text: string): Found {
  const record = readRecord(path)
  if (record && isOwned(record)) return { taken: false, owner: record, removed: 0 }
  // Half a record may be the beginning of one.
  if (!record && existsSync(path) && ageOf(path) < PATIENCE_MS.toWrite) return { taken: false, owner: null, removed: 0 }
  const removed = record ? removeOrphans(record) : 0
  rmSync(path, { force: true })
  writeFileSync(path, text, { flag: 'wx', mode: 0o600 })
  return { taken: true, owner: null, removed }
}

const isOwned = ({ pid, identity }: RunFile): boolean => identityOf(pid) === identity

/** Resolves when the owner has ended. @throws StartError where it means to stay. */
async function waitForOwner(path: string, { pid, identity, run }: RunFile): Promise<void> {
  const since = Date.now()
  while (identityOf(pid) === identity) {
    const now = readRecord(path)
    if (now?.run !== run) return
    if (Date.now() - since > (now.stopping ? PATIENCE_MS.toEnd : PATIENCE_MS.toSee)) throw alreadyServed(pid)
    await sleep(50)
  }
}

const alreadyServed = (pid: number): StartError =>
  new StartError(`npm start is running in this clone already (process ${pid}). Stop it with Ctrl-C there: kill ${pid}`)

/** Kills what the record names and nothing else; answers how much there was. */
function removeOrphans(record: RunFile): number {
  const groups = record.groups.filter(({ pid, identity }) => identity !== '' && identityOf(pid) === identity)
  for (const { pid } of groups) signalGroup(pid, 'SIGKILL')
  const strays = startedWith(RUN_VARIABLE, record.run)
  for (const pid of strays) kill(pid)
  return groups.length + strays.length
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // Gone by itself in the meantime.
  }
}

/** Null where there is none, or none of ours: a half-written record names nobody. */
function readRecord(path: string): RunFile | null {
  try {
    return RunFile.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    return null
  }
}
