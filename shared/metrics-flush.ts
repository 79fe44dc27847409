import { emfLines } from './metrics-emf.ts'
import type { Family, Metrics } from './metrics.ts'
import { SERVER_INFO } from './server-info.ts'

export interface FlusherOptions {
  /** Of CloudWatch: `estat-mcp/edge`, `estat-mcp/origin`. */
  readonly namespace: string
  readonly metrics: Pick<Metrics, 'read'>
  /** Takes a line of the log, without its end. */
  readonly writeLine: (line: string) => void
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

/** Writes what was counted since it was last called: CloudWatch adds lines up by itself. */
export function emfFlusher({ namespace, metrics, writeLine, now }: FlusherOptions): () => void {
  let last: readonly Family[] = []
  return () => {
    const read = metrics.read()
    const options = { namespace, at: now(), dimensions: { service: SERVER_INFO.name } }
    for (const line of emfLines(last, read, options)) writeLine(line)
    last = read
  }
}
