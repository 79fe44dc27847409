import { type SlidingLog, slidingLog } from '../domain/sliding-log.ts'
import type { RateCounter } from '../ports.ts'

export interface MemoryCounterOptions {
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Callers remembered at once; beyond that the one who came first is forgotten. */
  readonly maxCallers?: number
}

/** Who is idle is looked for this many times in a window at the most: a flood of callers must not make each of them dear. */
const SWEEPS = 60

/** Exact in one process, for up to `maxCallers` callers in a window. */
export function memoryCounter({ now, maxCallers = 10_000 }: MemoryCounterOptions): RateCounter {
  const logs = new Map<string, SlidingLog>()
  let sweptAt = Number.NEGATIVE_INFINITY

  function makeRoom(windowMs: number): void {
    if (now() >= sweptAt + windowMs / SWEEPS) {
      sweptAt = now()
      for (const [caller, log] of logs) if (log.isIdle(now(), windowMs)) logs.delete(caller)
    }
    const [first] = logs.keys()
    if (logs.size >= maxCallers && first !== undefined) logs.delete(first)
  }

  return {
    async spend(caller, ask) {
      const known = logs.get(caller)
      if (!known && logs.size >= maxCallers) makeRoom(ask.windowMs)
      const log = known ?? slidingLog()
      if (!known) logs.set(caller, log)
      return log.spend({ ...ask, now: now() })
    },
  }
}
