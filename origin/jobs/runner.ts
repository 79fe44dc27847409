/** Works on jobs in this process, one at a time: by itself in a loop, or while somebody asks (`JobRunner.advance`). */
import type { Held } from './held-job.ts'
import { isOver } from './job.ts'
import type { JobKey, JobRunner } from './ports.ts'
import { type RunDeps, runJob } from './run-job.ts'

export interface RunnerOptions extends RunDeps {
  /** Milliseconds between two looks at the jobs, where nothing wakes the loop; also the turn of a job while others wait. */
  readonly pollMs: number
  /** Without a loop: milliseconds of work for one question about a job, where it waits less. */
  readonly workMs: number
}

export interface RunnerLoop extends JobRunner {
  /** Takes jobs up by itself from now on. */
  start(): void
  /** Ends the work and hands the lease back. */
  stop(): Promise<void>
}

interface Run {
  readonly key: JobKey
  readonly ended: Promise<void>
  held: Held | null
  /** False where the job was not to be had: another process works on it, or it waits after a failure. */
  took: boolean
  /** Milliseconds since the epoch; no page is begun afterwards. */
  until: number
}

const nameOf = ({ tenant, id }: JobKey): string => `${tenant}/${id}`
const sameKey = (a: JobKey, b: JobKey): boolean => a.tenant === b.tenant && a.id === b.id

export function jobRunner(options: RunnerOptions): RunnerLoop {
  const { jobs, now, pollMs, workMs, report } = options
  const appIds = new Map<string, string>()
  let current: Run | null = null
  let loop: Promise<void> | null = null
  const ending = new AbortController()
  let wakeUp = (): void => {}

  /** Begins to work on a job; only where no other is worked on. */
  function begin(key: JobKey, until: number): Run {
    const { promise: ended, resolve } = Promise.withResolvers<void>()
    const run: Run = { key, ended, held: null, took: false, until }
    const stretch = {
      appId: appIds.get(nameOf(key)) ?? null,
      stopping: () => ending.signal.aborted || now() >= run.until,
      onHeld: (held: Held) => void (run.held = held),
      onOver: () => void appIds.delete(nameOf(key)),
    }
    current = run
    void runJob(options, key, stretch)
      .then((took) => void (run.took = took))
      .catch((error: unknown) => report(error, 'job'))
      .then(() => {
        current = null
        resolve()
      })
    return run
  }

  const sleep = (millis: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, millis)
      timer.unref()
      wakeUp = () => {
        clearTimeout(timer)
        resolve()
      }
    })

  /** Round and round the open jobs: each has a turn, the only one has no end to it. @returns True where one was had. */
  async function round(): Promise<boolean> {
    const open = await jobs.open()
    let worked = false
    for (const key of open) {
      if (ending.signal.aborted) break
      const run = begin(key, open.length > 1 ? now() + pollMs : Number.POSITIVE_INFINITY)
      await run.ended
      worked ||= run.took
    }
    return worked
  }

  async function forever(): Promise<void> {
    while (!ending.signal.aborted) {
      const worked = await round().catch((error: unknown) => {
        report(error, 'jobs')
        return false
      })
      if (!worked && !ending.signal.aborted) await sleep(pollMs)
    }
  }

  return {
    wake() {
      // A job without end makes room at the end of its turn.
      if (current !== null) current.until = Math.min(current.until, now() + pollMs)
      wakeUp()
    },

    leastWait: () => (loop === null ? workMs : 0),

    async advance(key, millis, signal, seen = () => {}) {
      const until = now() + millis
      while (now() < until && !signal.aborted && !ending.signal.aborted) {
        const stored = await jobs.get(key)
        if (stored === null || isOver(stored.job)) return
        let run = current
        const done = run !== null && sameKey(run.key, key) ? (run.held?.done() ?? 0) : 0
        const written = run !== null && sameKey(run.key, key) ? run.held?.written() : undefined
        seen({ ...stored.job, done: Math.max(stored.job.done, done), ...(written && { written }) })
        if (run === null && loop === null) run = begin(key, until)
        else if (run !== null && loop === null && sameKey(run.key, key)) run.until = Math.max(run.until, until)
        const step = pause(Math.min(STEP_MS, until - now()))
        await Promise.race([step, run?.ended ?? step])
        if (run === null || !run.took || !sameKey(run.key, key)) await step
      }
    },

    bring(key, appId) {
      appIds.set(nameOf(key), appId)
    },

    drop(key) {
      appIds.delete(nameOf(key))
      if (current !== null && sameKey(current.key, key)) current.held?.abort()
    },

    start() {
      loop ??= forever()
    },

    async stop() {
      ending.abort()
      current?.held?.abort()
      wakeUp()
      await current?.ended
      await loop
    },
  }
}

/** How often a waiting caller looks at the record. */
const STEP_MS = 250

const pause = (millis: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, Math.max(0, millis)))
