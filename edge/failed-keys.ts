/** Wrong keys counted by address, so that trying them out costs. */
import { fault } from '../shared/fault.ts'
import { equalHashes } from '../shared/keys.ts'
import { boundedMemory } from './domain/bounded-memory.ts'
import { anonymousId } from './domain/client-address.ts'
import { type GuardedCounterOptions, guardedCounter } from './guarded-counter.ts'

export interface FailedKeysOptions extends GuardedCounterOptions {
  /** Wrong keys a minute from one address. */
  readonly limit: number
}

export interface Attempt {
  /** As the platform gives it; null where it gives none: those are not limited, or one could shut all others out. */
  readonly address: string | null
  readonly id: string
  /** Of the secret. */
  readonly hash: string
}

export interface FailedKeys {
  /**
   * Before anything is looked up. A key that was right in this instance before passes whatever its neighbours do: many
   * people may share one address.
   *
   * @throws Fault RATE_LIMITED for an address that is shut out.
   */
  admit(attempt: Attempt): void
  passed(attempt: Attempt): void
  /** @throws Fault RATE_LIMITED where this was one too many: the address is shut out for as long as it says. */
  failed(attempt: Attempt): Promise<void>
}

const WINDOW_MS = 60_000
/** So that a flood of addresses does not fill the memory. */
const MAX_REMEMBERED = 10_000

export function failedKeys({ limit, ...options }: FailedKeysOptions): FailedKeys {
  const { now } = options
  const spend = guardedCounter(options)
  const shutUntil = boundedMemory<number>(MAX_REMEMBERED)
  const right = boundedMemory<string>(MAX_REMEMBERED)

  return {
    admit({ address, id, hash }) {
      if (address === null) return
      const left = (shutUntil.get(anonymousId(address)) ?? 0) - now()
      if (left > 0 && !equalHashes(right.get(id) ?? '', hash)) throw shutOut(Math.ceil(left / 1000))
    },
    passed({ id, hash }) {
      if (right.get(id) !== hash) right.set(id, hash)
    },
    async failed({ address }) {
      if (address === null) return
      const from = anonymousId(address)
      const { allowed, resetSeconds } = await spend(`failed:${from}`, { cost: 1, limit, windowMs: WINDOW_MS })
      if (allowed) return
      shutUntil.set(from, now() + resetSeconds * 1000)
      throw shutOut(resetSeconds)
    },
  }
}

const shutOut = (seconds: number) =>
  fault('RATE_LIMITED', 'Too many wrong keys or tokens came from this address.', {
    hint: `Correct it, wait ${seconds} seconds, then call again.`,
    retryAfterSeconds: seconds,
  })
