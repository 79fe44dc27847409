import { boundedMemory } from './domain/bounded-memory.ts'
import { type LeaseDesk, leaseDesk } from './domain/lease.ts'
import type { RateCounter } from './ports.ts'

export interface LeasedCounterOptions {
  /** Exact over all instances of the edge. */
  readonly counter: RateCounter
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** How long an instance may use what it took; by the caller's limit where absent. */
  readonly holdMs?: number
  /** Callers remembered at once; beyond that the one who was away longest is forgotten, and its lease with it. */
  readonly maxCallers?: number
}

/**
 * As exact as the counter it asks, for a fraction of the questions: a busy caller's next calls are paid from a lease of
 * this instance, and a refusal is not asked for again before it can be another.
 *
 * In any interval of a window no more than the limit passes: what was spent ahead counts in the store until a window
 * after the last moment at which it can be used here. Nothing but plain data is shared between requests: workerd lets
 * none wait for another's promise.
 */
export function leasedCounter(options: LeasedCounterOptions): RateCounter {
  const { counter, now, maxCallers = 10_000 } = options
  const desks = boundedMemory<LeaseDesk>(maxCallers)

  function deskOf(caller: string, limit: number, windowMs: number): LeaseDesk {
    const known = desks.get(caller)
    // A caller whose limit was changed begins anew; the store knows what it spent.
    const same = known && known.terms.limit === limit && known.terms.windowMs === windowMs
    const desk = same ? known : leaseDesk({ limit, windowMs, holdMs: options.holdMs ?? holdFor(limit) })
    desks.set(caller, desk)
    return desk
  }

  return {
    async spend(caller, { cost, limit, windowMs }) {
      const desk = deskOf(caller, limit, windowMs)
      const drawn = desk.draw(cost, now())
      if (drawn) return drawn
      const order = desk.order(cost, now())
      const { holdMs } = desk.terms
      const ask = { cost, limit, windowMs, ...(order.upTo > cost ? { upTo: order.upTo, holdMs } : {}) }
      try {
        return desk.settle(order, await counter.spend(caller, ask), now())
      } catch (error) {
        desk.failed(order, now())
        throw error
      }
    },
  }
}

/** A limit of 100 a second: whoever has it asks all the time, and would be granted a few units at a time. */
const MUCH = 6_000

/** What is held counts that much longer, which who has little to spend would notice. */
const holdFor = (limit: number): number => (limit < MUCH ? 2_000 : 5_000)
