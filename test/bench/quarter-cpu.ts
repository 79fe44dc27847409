/** A quarter of one CPU for a process and what it starts, by a cgroup of its own (v1 or v2). Null where that is not allowed. */
import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs'

export function quarterCpu(pid: number): (() => void) | null {
  const v1 = existsSync('/sys/fs/cgroup/cpu/cpu.cfs_quota_us')
  const folder = `${v1 ? '/sys/fs/cgroup/cpu' : '/sys/fs/cgroup'}/estat-bench-${pid}`
  try {
    mkdirSync(folder)
    if (v1) writeFileSync(`${folder}/cpu.cfs_quota_us`, '25000')
    else writeFileSync(`${folder}/cpu.max`, '25000 100000')
    writeFileSync(`${folder}/cgroup.procs`, String(pid))
  } catch {
    return null
  }
  return () => {
    try {
      rmdirSync(folder)
    } catch {
      // Still in use: an empty group of a process that just ended costs nothing.
    }
  }
}
