/** A child that leads a process group of its own, so that it can be ended with all that it started. */
import { spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { groupLives, signalGroup } from './process-table.ts'

/** TERM first, KILL after this: all is gone within five seconds. */
const GRACE_MS = 4000

export interface Child {
  readonly name: string
  /** Its process group as well. */
  readonly pid: number
  /** Resolves with words for how it ended: "exit code 1", "SIGKILL". */
  readonly ended: Promise<{ readonly code: number | null; readonly how: string }>
}

export interface Spawned {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string
  /** The file that its output goes to; null for our own output. */
  readonly log: string | null
  /** What it reads from standard input; nothing by default. */
  readonly input?: string
}

/** @throws Error of the system where it cannot be started at all. */
export async function startChild({ name, command, args, env, cwd, log, input }: Spawned): Promise<Child> {
  const out = log === null ? 'inherit' : openSync(log, 'w', 0o600)
  const child = spawn(command, [...args], {
    cwd,
    env,
    detached: true,
    stdio: [input === undefined ? 'ignore' : 'pipe', out, out],
  })
  // A child that ends before it has read all makes the pipe fail: its exit code tells.
  child.stdin?.on('error', () => undefined).end(input)
  if (typeof out === 'number') closeSync(out)
  const ended = new Promise<{ code: number | null; how: string }>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, how: signal ?? `exit code ${code}` }))
  })
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve)
    child.once('error', reject)
  })
  return { name, pid: child.pid as number, ended }
}

/** Ends whole groups: asks, waits, then kills. Resolves when nothing of them lives. */
export async function endGroups(groups: readonly number[], graceMs: number = GRACE_MS): Promise<void> {
  for (const group of groups) signalGroup(group, 'SIGTERM')
  const asked = Date.now()
  let left = groups.filter(groupLives)
  for (; left.length > 0; left = left.filter(groupLives)) {
    if (Date.now() - asked > graceMs) for (const group of left) signalGroup(group, 'SIGKILL')
    await sleep(25)
  }
}

/** The last lines of a log, without the empty ones. */
export function lastLines(path: string, count: number): readonly string[] {
  try {
    return readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => line.trim() !== '')
      .slice(-count)
  } catch {
    return []
  }
}
