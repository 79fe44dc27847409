/** The log of an edge that listens by itself: one line of JSON for each event. */
import type { Report } from '../../env.ts'

export type Log = (level: 'info' | 'error', event: string, fields?: Readonly<Record<string, unknown>>) => void

export const lineLog =
  (write: (line: string) => void, now: () => number): Log =>
  (level, event, fields = {}) =>
    write(JSON.stringify({ time: new Date(now()).toISOString(), level, event, ...fields }))

/** Names and messages are our own or the runtime's; none of them holds a value of the environment. */
export const reporter =
  (log: Log): Report =>
  (error, where) => {
    const { name, message } = error instanceof Error ? error : { name: typeof error, message: '' }
    log('error', 'failed', { where, name, message })
  }
