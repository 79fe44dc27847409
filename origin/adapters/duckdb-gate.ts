/**
 * How much DuckDB works at once. Each of its calls holds one of libuv's four threads from beginning to end, and those
 * are what the server reads and writes files with (Node.js documentation, "CLI / UV_THREADPOOL_SIZE"): four heavy
 * queries at once, and not even /health answers. So queries, Parquet writes and inspections share one gate.
 */
import { type Fault, fault } from '../../shared/fault.ts'
import { abortFault } from './abort-fault.ts'

/**
 * Runs `work` when its turn comes, first come first served.
 * @param signal Waiting counts against its time: who is still waiting when it aborts leaves the line.
 * @throws Fault TIMEOUT_ERROR or CANCELLED where that happens; otherwise what `work` throws.
 */
export type DuckGate = <T>(signal: AbortSignal, work: () => Promise<T>) => Promise<T>

/** @param places Pieces of work at once, 1 to 3: the fourth thread is the server's own. */
export function duckGate(places = 1): DuckGate {
  let free = places
  const line: (() => void)[] = []

  async function enter(signal: AbortSignal): Promise<void> {
    if (signal.aborted) throw abortFault(signal)
    if (free > 0) {
      free -= 1
      return
    }
    await new Promise<void>((resolve, reject) => {
      const admit = (): void => {
        signal.removeEventListener('abort', leave)
        resolve()
      }
      const leave = (): void => {
        line.splice(line.indexOf(admit), 1)
        reject(waitedInVain(signal))
      }
      line.push(admit)
      signal.addEventListener('abort', leave, { once: true })
    })
  }

  return async (signal, work) => {
    await enter(signal)
    try {
      return await work()
    } finally {
      const next = line.shift()
      if (next === undefined) free += 1
      else next()
    }
  }
}

function waitedInVain(signal: AbortSignal): Fault {
  const why = abortFault(signal)
  if (why.code !== 'TIMEOUT_ERROR') return why
  return fault('TIMEOUT_ERROR', 'The engine was busy with other work until the time of this call was over.', {
    hint: 'Call again in a minute.',
  })
}
