/** Whether a change of a Glue entry was made, also where no answer came. */
import { setTimeout as sleep } from 'node:timers/promises'
import { attemptsOf, awsFault, isAwsError, outcomeUnknown } from './aws-faults.ts'
import { UnknownOutcome } from './catalog-pointer.ts'

/** What a look at the entry tells of a change. */
export interface Found {
  /** The change was made, and may be followed by others by now. */
  readonly landed: boolean
  /** The entry's version now; null where there is none. */
  readonly version: string | null
}

export interface Change {
  /** Sends it: the same request each time, bound to one version of the entry, so that it is made once at the most. */
  readonly act: () => Promise<unknown>
  readonly find: () => Promise<Found>
  /** The version that it is bound to; null for an entry that is to be new. */
  readonly base: string | null
}

/** Glue says either for a stale `VersionId`; an entry that was dropped meanwhile is another writer's doing as well. */
const CONFLICTS = new Set([
  'ConcurrentModificationException', 'VersionMismatchException', 'AlreadyExistsException', 'EntityNotFoundException',
]) // biome-ignore format: a list of names
const TRIES = 4

/**
 * @returns true where it was made; false where another was first, so that this one never can be; what Glue said where it
 *   refused and nothing was changed.
 * @throws UnknownOutcome where it cannot be found out.
 */
export async function settled({ act, find, base }: Change): Promise<boolean | { readonly refused: unknown }> {
  let open = false
  for (let attempt = 1; ; attempt += 1) {
    try {
      await act()
      return true
    } catch (error) {
      if (!isAwsError(error)) throw error
      const conflict = error instanceof Error && CONFLICTS.has(error.name)
      // A first request that is refused changed nothing. Of a second one nobody knows what the first one did.
      open ||= outcomeUnknown(error) || attemptsOf(error) > 1
      if (!open) return conflict ? false : { refused: error }
      const found = await find().catch((): never => {
        throw new UnknownOutcome(awsFault(error, 'Glue', 'glue:UpdateTable'))
      })
      if (found.landed) return true
      if (found.version !== base) return false
      if (conflict || attempt === TRIES) throw new UnknownOutcome(awsFault(error, 'Glue', 'glue:UpdateTable'))
      await sleep(50 * 2 ** attempt * Math.random())
    }
  }
}
