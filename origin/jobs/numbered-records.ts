/**
 * A record that several processes replace, over any ObjectStore: numbered objects, `<folder>00000007.json`, of which
 * the highest is the newest. To replace it is one exclusive create of the next number (`put` with `ifAbsent`), which is
 * the same on a disk (link) and on S3 (If-None-Match): exactly one of any number of writers succeeds.
 */
import { fault } from '../../shared/fault.ts'
import type { ObjectStore } from '../ports.ts'

export interface NumberedRecord {
  readonly bytes: Uint8Array
  /** 1 and up. */
  readonly revision: number
}

/** A reader may find the record it chose replaced and swept away; this often in a row is no accident. */
const READS = 20

const keyOf = (folder: string, revision: number): string => `${folder}${String(revision).padStart(8, '0')}.json`
const revisionOf = (key: string): number => Number(/(\d{8})\.json$/.exec(key)?.[1] ?? 0)

const revisions = async (store: ObjectStore, folder: string): Promise<readonly number[]> =>
  (await store.list(folder)).map(({ key }) => revisionOf(key))

/** @param folder With a slash at its end. @returns Null where there is no record. */
export async function newestRecord(store: ObjectStore, folder: string): Promise<NumberedRecord | null> {
  for (let read = 0; read < READS; read++) {
    const revision = Math.max(0, ...(await revisions(store, folder)))
    if (revision === 0) return null
    const bytes = await store.get(keyOf(folder, revision))
    if (bytes !== null) return { bytes, revision }
  }
  throw fault('INTERNAL_ERROR', 'The record changed each time it was read.', { hint: 'Call again.' })
}

/** Writes record `revision`, the first where it is 1. @returns False where somebody else was first: nothing is written then. */
export async function replaceRecord(
  store: ObjectStore,
  folder: string,
  revision: number,
  bytes: Uint8Array,
): Promise<boolean> {
  const mine = keyOf(folder, revision)
  if (!(await store.put(mine, bytes, { ifAbsent: true }))) return false
  // The number may have been free because it was swept away long ago: then a higher one is there, and we are late.
  const known = await revisions(store, folder)
  if (known.some((other) => other > revision)) {
    await store.delete(mine)
    return false
  }
  for (const old of known) if (old < revision) await store.delete(keyOf(folder, old))
  return true
}
