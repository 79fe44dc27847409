/** Works on jobs in this process, one at a time in turns: by itself in a loop, or while somebody asks (`JobRunner.advance`). */
import type { Held } from './held-job.ts'
import { isOver } from './job.ts'
import type { JobKey, JobRunner } from './ports.ts'
import { type RunDeps, runJob } from './run-job.ts'
import type { sweeper } from './sweep.ts'
import { type GivenTurn, jobTurn } from './turn.ts'

export interface RunnerOptions extends RunDeps {
  /** Milliseconds between two looks at the jobs, where nothing wakes the loop; also the turn of a job while others wait. */
  readonly pollMs: number
  /** Without a loop: milliseconds of work for one question about a job, where it waits less. */
  readonly workMs: number
  /** Of `sweeper`; nothing is swept where absent. */
  readonly sweep?: ReturnType<typeof sweeper>
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
  readonly turn: GivenTurn
  /** When its turn began, milliseconds since the epoch. */
  since: number
  held: Held | null
}

/** Files that may rest half written while others have their turn: each holds some megabytes. */
const MOST_RESTING = 3
/** Turns after which the next job begins, whether the page under way has come or not. */
const LATE = 4
/** Of a question, at the most, for sweeping where no loop runs; mostly none is due. */
const SWEEP_MS = 1_000
/** How often a waiting caller looks at the record. */
const STEP_MS = 250

const NEVER = Number.POSITIVE_INFINITY
const nameOf = ({ tenant, id }: JobKey): string => `${tenant}/${id}`
const sameKey = (a: JobKey, b: JobKey): boolean => a.tenant === b.tenant && a.id === b.id

export function jobRunner(options: RunnerOptions): RunnerLoop {
  const { jobs, now, leaseMs, pollMs, workMs, report, sweep = async () => {} } = options
  const appIds = new Map<string, string>()
  /** Begun and not ended: the one whose turn it is, and those that rest. */
  const runs = new Map<string, Run>()
  let current: Run | null = null
  let loop: Promise<void> | null = null
  const ending = new AbortController()
  let wakeUp = (): void => {}

  /** Begins a job or lets it go on; only where it is no other's turn. */
  function giveTurn(key: JobKey, giveWay: number, until = NEVER): Run {
    const run = runs.get(nameOf(key)) ?? begin(key)
    current = run
    run.since = now()
    run.turn.go(giveWay, until)
    return run
  }

  function begin(key: JobKey): Run {
    const { promise: ended, resolve } = Promise.withResolvers<void>()
    const turn = jobTurn(now, () => void rests(run))
    const run: Run = { key, ended, turn, since: now(), held: null }
    const stretch = {
      appId: appIds.get(nameOf(key)) ?? null,
      turn: { ...turn, over: () => ending.signal.aborted || turn.over() },
      mayRest: () => [...runs.values()].filter((other) => other !== run).length < MOST_RESTING,
      onHeld: (held: Held) => {
        run.held = held
        if (ending.signal.aborted) held.abort()
      },
      onOver: () => void appIds.delete(nameOf(key)),
    }
    runs.set(nameOf(key), run)
    // Begun a moment later: its turn is given first.
    void Promise.resolve()
      .then(() => runJob(options, key, stretch))
      .catch((error: unknown) => report(error, 'job'))
      .then(() => {
        runs.delete(nameOf(key))
        if (current === run) current = null
        resolve()
      })
    return run
  }

  /** Without a loop nobody may ever ask for it again: then it is handed back, for another process to have it. */
  async function rests(run: Run): Promise<void> {
    if (current === run) current = null
    if (loop !== null) return
    const { since } = run
    await pause(leaseMs)
    if (run.turn.resting() && run.since === since) run.held?.abort()
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
      const alone = open.length === 1
      const run = giveTurn(key, alone ? NEVER : now() + pollMs)
      const late = [...runs.values()].some((other) => other !== run && !other.turn.resting())
      // A page that hangs holds nobody up, once: two pages that hang are e-Stat being away.
      await Promise.race([run.ended, run.turn.rested(), ...(alone || late ? [] : [pause(pollMs * LATE)])])
      worked ||= run.held !== null
    }
    return worked
  }

  async function forever(): Promise<void> {
    while (!ending.signal.aborted) {
      // Beside the jobs, not before them.
      void sweep({ onRequest: false, goOn: () => !ending.signal.aborted })
      const worked = await round().catch((error: unknown) => {
        report(error, 'jobs')
        return false
      })
      if (!worked && !ending.signal.aborted) await sleep(pollMs)
    }
  }

  /** Without a loop: work for who asks, if need be after the turn of another. */
  function workFor(key: JobKey, until: number): Run {
    if (current === null) return giveTurn(key, NEVER, until)
    if (sameKey(current.key, key)) current.turn.lastUntil(until)
    else current.turn.giveWayAt(Math.max(now(), current.since + pollMs))
    return current
  }

  return {
    wake() {
      // A job without end makes room at the end of its turn.
      if (loop !== null) current?.turn.giveWayAt(now() + pollMs)
      wakeUp()
    },

    leastWait: () => (loop === null ? workMs : 0),

    async advance(key, millis, signal, seen = () => {}) {
      const until = now() + millis
      const sweepEnd = Math.min(until, now() + SWEEP_MS)
      const swept = loop === null ? sweep({ onRequest: true, goOn: () => now() < sweepEnd }) : null
      while (now() < until && !signal.aborted && !ending.signal.aborted) {
        const stored = await jobs.get(key)
        if (stored === null || isOver(stored.job)) break
        const held = runs.get(nameOf(key))?.held
        const written = held?.written()
        seen({ ...stored.job, done: Math.max(stored.job.done, held?.done() ?? 0), ...(written && { written }) })
        const run = loop === null ? workFor(key, until) : (runs.get(nameOf(key)) ?? null)
        const step = pause(Math.min(STEP_MS, until - now()))
        if (run !== null) await Promise.race([step, run.ended, ...(sameKey(run.key, key) ? [] : [run.turn.rested()])])
        // Not to be had: another process works on it, or it waits after a failure.
        if (run === null || (sameKey(run.key, key) && run.held === null)) await step
      }
      await swept
    },

    bring(key, appId) {
      appIds.set(nameOf(key), appId)
    },

    drop(key) {
      appIds.delete(nameOf(key))
      runs.get(nameOf(key))?.held?.abort()
    },

    start() {
      loop ??= forever()
    },

    async stop() {
      ending.abort()
      for (const { held } of runs.values()) held?.abort()
      wakeUp()
      await Promise.all([...runs.values()].map(({ ended }) => ended))
      await loop
    },
  }
}

const pause = (millis: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, Math.max(0, millis)))
