/** The commit loop: read the table, plan on it, write what the plan needs, swap the pointer; from the start if it lost. */
import { Fault, fault } from '../../shared/fault.ts'
import type { TableMetadata } from '../lake/iceberg/metadata.ts'
import type { ObjectStore } from '../ports.ts'
import { abortFault } from './abort-fault.ts'
import type { Entropy } from './catalog-entropy.ts'
import { deleteQuietly } from './catalog-files.ts'
import { type TablePointer, UnknownOutcome } from './catalog-pointer.ts'
import type { TableReader, TableState } from './catalog-reader.ts'

export interface CommitLoop {
  readonly store: ObjectStore
  readonly pointer: TablePointer
  readonly reader: TableReader
  readonly entropy: Entropy
  readonly signal: AbortSignal
}

/** One try: everything that `metadata` names is written already, and nobody sees it yet. */
export interface Attempt {
  readonly metadata: TableMetadata
  /** Keys that only this attempt wrote: deleted when another writer was first. */
  readonly written: readonly string[]
}

/** Enough for 160 commits by 8 writers on one table, each of which loses a few races. */
const MAX_ATTEMPTS = 100

/**
 * Commits once what `attempt` makes of the table as it is; null stands for a table that does not exist yet.
 * `attempt` answers null where on that state nothing is to be done: then nothing is committed, and the answer is null.
 * @throws UnknownOutcome where nobody can tell whether the commit landed: what it names must stay.
 *   Fault TIMEOUT_ERROR after too many conflicts; CANCELLED; whatever `attempt` throws.
 */
export async function commitLoop<Try extends Attempt>(
  { store, pointer, reader, entropy, signal }: CommitLoop,
  attempt: (base: TableState | null) => Promise<Try | null>,
): Promise<Try | null> {
  const { place } = reader
  for (let lost = 1; lost <= MAX_ATTEMPTS; lost += 1) {
    if (signal.aborted) throw abortFault(signal)
    const base = await reader.current()
    const made = await attempt(base)
    if (made === null) return null
    const landed = await (base === null
      ? pointer.create(place, made.metadata)
      : base.pointed.swap(made.metadata)
    ).catch(async (error: unknown) => {
      if (!(error instanceof UnknownOutcome)) await deleteQuietly(store, made.written)
      throw error
    })
    if (landed) return made
    await deleteQuietly(store, made.written)
    await entropy.pause(lost)
  }
  throw fault('TIMEOUT_ERROR', `Other writers kept changing table ${place.name}.`, { hint: 'Call again in a minute.' })
}

/** What a caller is told of a commit that nobody can tell about. */
export function unknownFault({ cause }: UnknownOutcome): Fault {
  return fault(cause instanceof Fault ? cause.code : 'INTERNAL_ERROR', 'It is not known whether the load was stored.', {
    hint: 'Call again in a minute: replacing gives the same table either way. Before you append again, look at its rows.',
    cause,
  })
}
