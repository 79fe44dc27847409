/** Calls at a steady rate, whether or not the ones before were answered: what a server does beside its other work. */
import { callTool, type OriginProcess } from '../e2e/origin-process.ts'

export interface CallTimes {
  /** Milliseconds of each call, by tool. */
  readonly times: ReadonlyMap<string, readonly number[]>
  readonly failed: number
}

export interface CallLoad {
  /** What was answered from now on is counted apart from what was before. */
  mark(): void
  /** Since the last mark. Waits for what is under way. */
  end(): Promise<CallTimes>
}

/** @param questions Asked in turn. */
export function startLoad(
  origin: OriginProcess,
  questions: readonly (readonly [tool: string, args: object])[],
  callsASecond: number,
): CallLoad {
  let times = new Map<string, number[]>()
  let failed = 0
  let asked = 0
  const open = new Set<Promise<void>>()
  const timer = setInterval(() => {
    const [tool, args] = questions[asked++ % questions.length] as readonly [string, object]
    const from = performance.now()
    const asking = callTool(origin, tool, args).then(
      () => void times.set(tool, [...(times.get(tool) ?? []), performance.now() - from]),
      () => void failed++,
    )
    open.add(asking)
    void asking.then(() => open.delete(asking))
  }, 1000 / callsASecond)
  return {
    mark() {
      times = new Map()
      failed = 0
    },
    async end() {
      clearInterval(timer)
      await Promise.all(open)
      return { times, failed }
    },
  }
}

/** The value below which so large a share of them lies. */
export const quantile = (ascending: readonly number[], share: number): number =>
  ascending[Math.min(ascending.length - 1, Math.floor(ascending.length * share))] ?? Number.NaN
