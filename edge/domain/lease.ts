/**
 * What one instance of the edge knows of one caller: units it took from the store beyond what it needed, for the calls
 * that follow, and refusals that the store need not repeat. No clock of its own: `now` is an argument.
 *
 * A lease is small, short and only for who is busy, so that nothing worth mentioning is lost with it: what an instance
 * holds, has on the way and has let lapse in a window together never exceed `LEASE_SHARE` of the limit, it never takes
 * more than the caller used lately, and the less there is left, the less of it.
 */
import type { Verdict } from './sliding-log.ts'

/** Half of what PRODUCT.md section 5 allows ("How much"), so that of two instances' leases no more than 5 % is lost. */
const LEASE_SHARE = 0.025
/** Of what is left in the store, so that callers at the limit find the last units there, whichever instance they ask. */
const LEFT_SHARE = 1 / 8

export interface LeaseTerms {
  readonly limit: number
  readonly windowMs: number
  /** How long what was taken may be used. */
  readonly holdMs: number
}

/** A request to the store under way. */
export interface LeaseOrder {
  readonly cost: number
  /** `cost` and what is to be held. */
  readonly upTo: number
  readonly sentAt: number
}

export interface LeaseDesk {
  readonly terms: LeaseTerms
  /** The verdict that needs no store: spent from the lease, or refused as the store refused before; else null. */
  draw(cost: number, now: number): Verdict | null
  /** What to ask the store for, after `draw` had no answer. */
  order(cost: number, now: number): LeaseOrder
  /** The verdict for who ordered. */
  settle(order: LeaseOrder, answer: Verdict, now: number): Verdict
  /** The store did not answer: what it may have spent counts as lapsed. */
  failed(order: LeaseOrder, now: number): void
}

interface Units {
  /** Of the last moment of its use or, once lapsed, of its counting here. */
  readonly until: number
  readonly units: number
}

export function leaseDesk(terms: LeaseTerms): LeaseDesk {
  const { limit, windowMs, holdMs } = terms
  const most = Math.floor(limit * LEASE_SHARE)
  let held: readonly Units[] = []
  /** By order: one whose request was cut off, as workerd does when a client leaves, is never settled. */
  const onTheWay = new Map<LeaseOrder, Units>()
  let lapsed: readonly Units[] = []
  const use = recentUse(holdMs)
  /** In the store, when it last answered. */
  let left = 0
  let resetAt = 0
  let refused = { cost: Number.POSITIVE_INFINITY, until: 0 }

  function lapse(one: Units): void {
    if (one.units > 0) lapsed = [...lapsed, { until: one.until + windowMs, units: one.units }]
  }

  function tidy(now: number): void {
    if (held.some(({ until }) => until < now)) {
      for (const one of held) if (one.until < now) lapse(one)
      held = held.filter(({ until }) => until >= now)
    }
    for (const [order, one] of onTheWay) {
      if (one.until >= now) continue
      lapse(one)
      onTheWay.delete(order)
    }
    if (lapsed.some(({ until }) => until < now)) lapsed = lapsed.filter(({ until }) => until >= now)
  }

  function take(cost: number): void {
    let wanted = cost
    held = held
      .map(({ until, units }) => {
        const taken = Math.min(wanted, units)
        wanted -= taken
        return { until, units: units - taken }
      })
      .filter(({ units }) => units > 0)
  }

  const verdict = (change: Pick<Verdict, 'allowed' | 'spent' | 'remaining' | 'resetMs'>): Verdict => ({
    ...change,
    resetSeconds: Math.ceil(change.resetMs / 1000),
  })

  function draw(cost: number, now: number): Verdict | null {
    tidy(now)
    if (sum(held) < cost) return null
    take(cost)
    use.add(cost, now)
    return verdict({ allowed: true, spent: cost, remaining: left + sum(held), resetMs: Math.max(1, resetAt - now) })
  }

  return {
    terms,
    draw(cost, now) {
      const drawn = draw(cost, now)
      if (drawn || cost < refused.cost || now >= refused.until) return drawn
      // What one call could have: the two are never joined.
      const remaining = Math.max(left, sum(held))
      return verdict({ allowed: false, spent: 0, remaining, resetMs: refused.until - now })
    },
    order(cost, now) {
      tidy(now)
      const free = most - sum(held) - sum([...onTheWay.values()]) - sum(lapsed)
      const units = Math.max(0, Math.min(free, use.lately(now), Math.floor(left * LEFT_SHARE)))
      const order = { cost, upTo: cost + units, sentAt: now }
      if (units > 0) onTheWay.set(order, { until: now + holdMs, units })
      return order
    },
    settle(order, answer, now) {
      onTheWay.delete(order)
      left = answer.remaining
      // The store answered after it was asked, so this is never too late.
      resetAt = order.sentAt + answer.resetMs
      if (!answer.allowed) {
        // Another request's lease may have come in the meantime.
        const drawn = draw(order.cost, now)
        if (drawn) return drawn
        refused = { cost: order.cost, until: resetAt }
        return { ...answer, remaining: Math.max(left, sum(held)) }
      }
      use.add(order.cost, now)
      // Whichever of the two is later, the store counts it from when it was asked at the earliest.
      held = [...held, { until: order.sentAt + holdMs, units: answer.spent - order.cost }]
      tidy(now)
      return { ...answer, spent: order.cost, remaining: left + sum(held) }
    },
    failed(order, now) {
      const one = onTheWay.get(order)
      onTheWay.delete(order)
      if (one) lapse(one)
      tidy(now)
    },
  }
}

const sum = (all: readonly Units[]): number => all.reduce((total, { units }) => total + units, 0)

/** What was used in this stretch of `spanMs` or in the one before, whichever is more. */
function recentUse(spanMs: number) {
  let since = 0
  let before = 0
  let units = 0

  function turn(now: number): void {
    if (now < since + spanMs) return
    before = now < since + 2 * spanMs ? units : 0
    units = 0
    since = now
  }

  return {
    add(cost: number, now: number): void {
      turn(now)
      units += cost
    },
    lately(now: number): number {
      turn(now)
      return Math.max(before, units)
    },
  }
}
