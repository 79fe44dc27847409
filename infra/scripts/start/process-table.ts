/**
 * Which processes live, and whether one is still the one that was recorded: the kernel gives a number to another
 * process later, so a number alone proves nothing.
 */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

const onLinux = process.platform === 'linux'

interface Stat {
  readonly zombie: boolean
  readonly group: number
  /** Clock ticks since boot. */
  readonly started: string
}

/** Names one process for good: its start beside its number. Null where there is none (or only its remains). */
export function identityOf(pid: number): string | null {
  if (onLinux) {
    const stat = statOf(pid)
    return stat && !stat.zombie ? `${bootId()}/${stat.started}` : null
  }
  return psStart(pid)
}

/** Whether any process of the group lives. What has ended but was not fetched by its parent does not count. */
export function groupLives(group: number): boolean {
  if (onLinux) return everyPid().some((pid) => isMember(pid, group))
  return signalGroup(group, 0)
}

/** Sends a signal to a whole group; false where there is none of ours. */
export function signalGroup(group: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-group, signal)
  } catch {
    return false
  }
}

/** Living processes that were started with this variable, whatever their group; Linux alone tells. */
export function startedWith(name: string, value: string): readonly number[] {
  if (!onLinux) return []
  const wanted = `${name}=${value}`
  return everyPid().filter((pid) => read(`/proc/${pid}/environ`)?.split('\0').includes(wanted) && identityOf(pid))
}

function isMember(pid: number, group: number): boolean {
  const stat = statOf(pid)
  return stat !== null && stat.group === group && !stat.zombie
}

/** proc(5), /proc/pid/stat: the name in parentheses may hold anything, so fields are counted after the last one. */
function statOf(pid: number): Stat | null {
  const text = read(`/proc/${pid}/stat`)
  if (!text) return null
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return { zombie: fields[0] === 'Z' || fields[0] === 'X', group: Number(fields[2]), started: fields[19] ?? '' }
}

const everyPid = (): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)

const bootId = (): string => read('/proc/sys/kernel/random/boot_id')?.trim() ?? ''

function psStart(pid: number): string | null {
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || null
  } catch {
    return null
  }
}

/** A file of /proc, or null: a process may end, or belong to another, at any moment. */
function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}
