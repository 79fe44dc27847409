import { keyOf } from '../../shared/key-admin.ts'
import { type KeyRecord, recordName } from '../../shared/keys.ts'
import { boundedMemory } from '../domain/bounded-memory.ts'
import type { Report } from '../env.ts'
import type { KeyStore, Records } from '../ports.ts'

export interface RecordKeysOptions {
  /** With a short memory in front (`recent-records.ts`): every request asks. */
  readonly records: Pick<Records, 'get'>
  readonly report: Report
}

/** Records that are read once, not for every request. */
const MAX_READ = 10_000

/** Keys by id in any store of records, JSON of `KeyRecord` under `key:<id>`. One that was revoked is not there. */
export function recordKeys({ records, report }: RecordKeysOptions): KeyStore {
  /** By the record's text: a changed record is another. */
  const read = boundedMemory<KeyRecord>(MAX_READ)

  function keyIn(text: string): KeyRecord | null {
    const known = read.get(text)
    if (known) return known
    const key = keyOf(text)
    // A record that is not one opens nothing.
    if (key) read.set(text, key)
    else report(new Error('a key record has the wrong form'), 'key store')
    return key
  }

  return {
    async find(id) {
      const text = await records.get(recordName(id))
      const key = text === null ? null : keyIn(text)
      return key?.revoked === undefined ? key : null
    },
  }
}
