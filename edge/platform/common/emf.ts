import { emfLines } from '../../../shared/metrics-emf.ts'
import type { Family, Metrics } from '../../../shared/metrics.ts'
import { SERVER_INFO } from '../../../shared/server-info.ts'

export interface EmfOptions {
  readonly metrics: Pick<Metrics, 'read'>
  /** Takes a line of the log, without its end. */
  readonly writeLine: (line: string) => void
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

const NAMESPACE = 'estat-mcp/edge'

/** Writes what was counted since it was last called: CloudWatch adds lines up by itself. */
export function emfFlush({ metrics, writeLine, now }: EmfOptions): () => void {
  let last: readonly Family[] = []
  return () => {
    const read = metrics.read()
    const options = { namespace: NAMESPACE, at: now(), dimensions: { service: SERVER_INFO.name } }
    for (const line of emfLines(last, read, options)) writeLine(line)
    last = read
  }
}
