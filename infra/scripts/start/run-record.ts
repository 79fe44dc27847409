/**
 * `.estat/run/start.json`: which supervisor serves this clone and which process groups are its own. It is the lock
 * (made with O_EXCL), and the memory by which the next start removes what a killed one left behind.
 */
import { randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import * as z from 'zod'
import { stateFolder, writePrivate } from '../local-state.ts'
import { identityOf, signalGroup, startedWith } from './process-table.ts'
import { StartError, sayFileFailure, systemCode } from './start-error.ts'

/** Set for every child to the run's id, so that none is ever lost or mistaken. */
export const RUN_VARIABLE = 'ESTAT_RUN'
/** How long an earlier start may take to see that its npm was killed, and how long to end after that. */
const PATIENCE_MS = { toSee: 1500, toEnd: 6000 }

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
    await removeLeftovers(path, say)
    writeFileSync(path, text(), { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if (error instanceof StartError) throw error
    const served = systemCode(error) === 'EEXIST' ? readRecord(path) : null
    throw served ? alreadyServed(served.pid) : sayFileFailure(stateFolder(root), error)
  }
  return {
    run: record.run,
    add(name, pid) {
      record.groups.push({ name, pid, identity: identityOf(pid) ?? '' })
      writePrivate(path, text())
    },
    stopping() {
      record.stopping = true
      try {
        writePrivate(path, text())
      } catch {
        // A full disk must not keep us from ending the children; a waiting start gives up sooner, that is all.
      }
    },
    release: () => rmSync(path, { force: true }),
  }
}

/** Waits for an owner that is on its way out; removes the processes of one that was killed, and its record. */
async function removeLeftovers(path: string, say: (line: string) => void): Promise<void> {
  const record = readRecord(path)
  if (record && isOwned(record)) {
    say(`Another npm start (process ${record.pid}) serves this clone; waiting for it to end ...`)
    await waitForOwner(path, record)
    return removeLeftovers(path, say)
  }
  const removed = record ? removeOrphans(record) : 0
  if (removed > 0) say(`Removed what a killed npm start had left running (${removed} processes or groups).`)
  if (removed > 0) await sleep(100)
  rmSync(path, { force: true })
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
