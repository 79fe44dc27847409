import type { KeyRecord } from '../../shared/keys.ts'
import type { KeyStore } from '../ports.ts'

/** Keys of one process; a change is seen at once. */
export const memoryKeys = (records: ReadonlyMap<string, KeyRecord>): KeyStore => ({
  find: async (id) => records.get(id) ?? null,
})
