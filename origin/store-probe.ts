/**
 * Whether the lake can be read and written, found out by doing it: a full or a read-only disk reads as well as ever.
 * Looked at on demand, rarely, and never waited for: a load balancer gives up on a slow answer.
 */
import { Fault } from '../shared/fault.ts'
import type { ObjectStore } from './ports.ts'

export interface StoreCondition {
  /** `read_only`: what is there can be read, and nothing can be kept. */
  readonly store: 'ok' | 'read_only' | 'failing'
  /** What is wrong and what to do about it, in words for anybody; null where all is well. */
  readonly problem: { readonly message: string; readonly hint: string } | null
}

export interface ProbeOptions {
  readonly store: Pick<ObjectStore, 'put' | 'get'>
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Milliseconds between two looks; 30 s where absent. */
  readonly everyMs?: number
  /** Milliseconds that one answer waits for a look; 1 s where absent. */
  readonly waitMs?: number
}

/** Overwritten by every look of every process. No tenant is called so (`shared/keys.ts`). */
const KEY = 'health/written'
/** More than a file system keeps in its own tables: a full disk has no block for it. */
const BYTES = 4096

const OK: StoreCondition = { store: 'ok', problem: null }
const SLOW: StoreCondition = {
  store: 'failing',
  problem: { message: 'The lake does not answer in time.', hint: 'Look at the disk or bucket that holds the lake.' },
}

/** @returns Asks for the newest condition: any number of askers share one look. */
export function storeProbe(options: ProbeOptions): () => Promise<StoreCondition> {
  const { store, now, everyMs = 30_000, waitMs = 1_000 } = options
  let last: { readonly condition: StoreCondition; readonly at: number } | null = null
  let flight: { readonly look: Promise<StoreCondition>; readonly since: number } | null = null

  async function look(): Promise<StoreCondition> {
    const readable = await store.get(KEY).then(
      () => null,
      (error: unknown) => conditionOf('failing', error),
    )
    const condition =
      readable ??
      (await store.put(KEY, new Uint8Array(BYTES).fill(0x2e)).then(
        () => OK,
        (error: unknown) => conditionOf('read_only', error),
      ))
    last = { condition, at: now() }
    flight = null
    return condition
  }

  return async function condition() {
    if (last !== null && flight === null && now() - last.at < everyMs) return last.condition
    flight ??= { look: look(), since: now() }
    const left = flight.since + waitMs - now()
    return left <= 0 ? SLOW : Promise.race([flight.look, after(left)])
  }
}

/** The store's faults are in our own words; what is none is not shown. */
function conditionOf(state: 'read_only' | 'failing', error: unknown): StoreCondition {
  const did = state === 'failing' ? 'read' : 'written to'
  return {
    store: state,
    problem:
      error instanceof Fault
        ? { message: error.message, hint: error.hint }
        : {
            message: `The lake cannot be ${did}.`,
            hint: 'Look at the disk or bucket that holds the lake, and at the log.',
          },
  }
}

const after = (millis: number): Promise<StoreCondition> =>
  new Promise((resolve) => setTimeout(() => resolve(SLOW), millis).unref())
