/** The right to work on what a record describes: renewed by a timer, lost as soon as somebody else wrote the record. */

/** Another process has taken it over, or it was called off: nothing more is to be done here. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost'
}

export interface Stored<Shape> {
  readonly record: Shape
  readonly revision: number
}

export interface HoldOptions<Shape> {
  /** The next record if `current` still is the newest; null where somebody else was first. */
  readonly replace: (current: Stored<Shape>, next: Shape) => Promise<Stored<Shape> | null>
  /** The same record with a lease from now on. */
  readonly renewed: (record: Shape) => Shape
  readonly leaseMs: number
}

export interface HeldRecord<Shape> {
  readonly stored: () => Stored<Shape>
  /** Aborts with `LeaseLost` once the record is somebody else's, or as `abort` says. */
  readonly signal: AbortSignal
  /** @throws LeaseLost where the record is no longer ours; what `replace` throws leaves it as it was. */
  readonly update: (change: (record: Shape) => Shape) => Promise<void>
  /** Once the updates begun so far have ended. */
  readonly settled: () => Promise<unknown>
  readonly lose: () => never
  readonly lost: () => boolean
  readonly abort: (reason?: unknown) => void
  /** Ends the renewals; the record is left as it is. */
  readonly release: () => void
}

/** @param taken The record that claimed it. @param what In words, for the error of who loses it. */
export function holdRecord<Shape>(
  taken: Stored<Shape>,
  { replace, renewed, leaseMs }: HoldOptions<Shape>,
  what: string,
): HeldRecord<Shape> {
  const controller = new AbortController()
  let stored = taken
  let lost = false
  let turn: Promise<unknown> = Promise.resolve()

  const lose = (): never => {
    lost = true
    const error = new LeaseLost(`${what} is no longer ours`)
    controller.abort(error)
    throw error
  }
  /** Records are written one after the other: each replaces the one before. */
  const update = (change: (record: Shape) => Shape): Promise<void> => {
    const write = turn.then(async () => {
      if (lost) lose()
      stored = (await replace(stored, change(stored.record))) ?? lose()
    })
    turn = write.catch(() => {})
    return write
  }
  const timer = setInterval(() => {
    // A renewal that cannot be written is tried again at the next beat; the lease outlasts three of them.
    update(renewed).catch(() => {})
  }, leaseMs / 3)
  timer.unref()

  return {
    stored: () => stored,
    signal: controller.signal,
    update,
    settled: () => turn,
    lose,
    lost: () => lost,
    abort: (reason) => controller.abort(reason),
    release: () => clearInterval(timer),
  }
}
