/** Memory and CPU of a process and all its children, from /proc (Linux). */
import { readdirSync, readFileSync } from 'node:fs'

const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return '' // gone since it was listed
  }
}

/** The process and everything that it started. */
function treeOf(root: number): readonly number[] {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc')) {
    // pid (name) state ppid ...: the name may hold blanks and brackets.
    const parent = /^\d+$/.test(name) ? /\) \S (\d+)/.exec(read(`/proc/${name}/stat`))?.[1] : undefined
    if (parent !== undefined) parents.set(Number(name), Number(parent))
  }
  const tree = [root]
  for (const pid of tree) for (const [child, parent] of parents) if (parent === pid) tree.push(child)
  return tree
}

/** Bytes of resident memory, summed over the tree: what is shared is counted for each, so never too little. */
export const residentBytes = (root: number): number =>
  treeOf(root).reduce(
    (sum, pid) => sum + Number(/^VmRSS:\s+(\d+) kB/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0),
    0,
  ) * 1024

/** Samples until it is told to stop. @returns The peak, bytes. */
export function samplePeak(root: number, everyMs = 50): () => number {
  let peak = residentBytes(root)
  const timer = setInterval(() => {
    peak = Math.max(peak, residentBytes(root))
  }, everyMs)
  return () => {
    clearInterval(timer)
    return Math.max(peak, residentBytes(root))
  }
}

/** Seconds of CPU that one process has used, all its threads (proc(5), utime and stime, of 100 ticks a second). */
export function cpuSeconds(pid: number): number {
  const fields = read(`/proc/${pid}/stat`)
    .replace(/^.*\) /, '')
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}
