import type { Records } from '../ports.ts'

/**
 * One read under way for each name: a thousand calls with one key that reach a fresh process ask the store once. For
 * where requests may wait for each other's promises: not for workerd.
 *
 * @param records Each read ends in time, one way or the other.
 */
export function sharedReads(records: Records): Records {
  const reading = new Map<string, Promise<string | null>>()
  return {
    ...records,
    get(name) {
      const known = reading.get(name)
      if (known) return known
      const read = records.get(name).finally(() => {
        if (reading.get(name) === read) reading.delete(name)
      })
      reading.set(name, read)
      return read
    },
    async put(name, text, keepSeconds) {
      await records.put(name, text, keepSeconds)
      // What began before may bring what was there before.
      reading.delete(name)
    },
    async delete(name) {
      await records.delete(name)
      reading.delete(name)
    },
  }
}
