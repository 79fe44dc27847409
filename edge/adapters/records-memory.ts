import type { Records } from '../ports.ts'

export interface MemoryRecordsOptions {
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

/** Texts of one process; a change is seen at once, and nothing outlives the process. */
export function memoryRecords({ now }: MemoryRecordsOptions): Records {
  const held = new Map<string, { readonly text: string; readonly until: number }>()
  const alive = (name: string): string | null => {
    const entry = held.get(name)
    if (entry && now() >= entry.until) held.delete(name)
    return held.get(name)?.text ?? null
  }
  return {
    get: async (name) => alive(name),
    async put(name, text, keepSeconds = Number.POSITIVE_INFINITY) {
      held.set(name, { text, until: now() + keepSeconds * 1000 })
    },
    async delete(name) {
      held.delete(name)
    },
    list: async (prefix) =>
      [...held.keys()].filter((name) => name.startsWith(prefix) && alive(name) !== null).toSorted(),
  }
}
