/**
 * A cgroup (v1 or v2) that kills what takes more memory than it may, of any kind: heaps, buffers, the kernel's own, and
 * files in memory where they cannot be dropped. Null where that is not allowed.
 */
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'

export interface MemoryLimit {
  /** Starts something within: what it takes from its first byte on counts. */
  start<T>(begin: () => Promise<T>): Promise<T>
  /** Processes that were killed for memory. */
  killed(): number
  release(): void
}

export function memoryLimit(name: string, bytes: number): MemoryLimit | null {
  const v1 = existsSync('/sys/fs/cgroup/memory/memory.limit_in_bytes')
  const root = v1 ? '/sys/fs/cgroup/memory' : '/sys/fs/cgroup'
  const folder = `${root}/${name}`
  const join = (group: string): void => writeFileSync(`${group}/cgroup.procs`, String(process.pid))
  try {
    mkdirSync(folder)
    writeFileSync(`${folder}/${v1 ? 'memory.limit_in_bytes' : 'memory.max'}`, String(bytes))
    join(folder)
    join(root)
  } catch {
    return null
  }
  const events = `${folder}/${v1 ? 'memory.oom_control' : 'memory.events'}`
  return {
    // A child is born where its parent is. What this process takes meanwhile counts as well: never too little.
    async start(begin) {
      join(folder)
      try {
        return await begin()
      } finally {
        join(root)
      }
    },
    killed: () => Number(/^oom_kill (\d+)/m.exec(readFileSync(events, 'utf8'))?.[1] ?? Number.NaN),
    release() {
      try {
        rmdirSync(folder)
      } catch {
        // Still in use: an empty group of a process that just ended costs nothing.
      }
    },
  }
}
