import { closeSync, openSync, rmSync, statSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { systemCode } from './start-error.ts'

/** Nobody stays inside for longer: what is older was left by one who was killed there. */
const LEFT_BEHIND_MS = 10_000

/**
 * Lets one process of this machine at a time look at a file and change it. It is shut for milliseconds only, so `act`
 * does not wait; whoever finds it shut tries again.
 */
export async function throughGate<T>(path: string, act: () => T): Promise<T> {
  const gate = `${path}.gate`
  while (!shut(gate)) {
    if (ageOf(gate) > LEFT_BEHIND_MS) rmSync(gate, { force: true })
    await sleep(20)
  }
  try {
    return act()
  } finally {
    rmSync(gate, { force: true })
  }
}

/** False where it is shut already (open(2), O_EXCL: one of many makes the file). */
function shut(gate: string): boolean {
  try {
    closeSync(openSync(gate, 'wx', 0o600))
    return true
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false
    throw error
  }
}

/** Milliseconds since a file was last written; 0 for one that is gone. */
export function ageOf(path: string): number {
  const written = statSync(path, { throwIfNoEntry: false })?.mtimeMs
  return written === undefined ? 0 : Date.now() - written
}
