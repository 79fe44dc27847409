/**
 * Metrics as CloudWatch's embedded metric format: JSON lines that CloudWatch Logs turns into metrics by itself
 * (CloudWatch user guide, "Specification: Embedded metric format"). CloudWatch adds up what it is sent, so a line holds
 * what came since the last one and not the whole count.
 *
 * Out of scope: sending. The line goes to standard output with the rest of the log.
 */
import type { Family, Series } from './metrics.ts'

export interface EmfOptions {
  /** CloudWatch's, 1 to 256 characters. */
  readonly namespace: string
  /** Milliseconds since the epoch. */
  readonly at: number
  /** On every line, as dimensions: which service this is. */
  readonly dimensions: Readonly<Record<string, string>>
}

/** Of one metric in one line (the specification's "Target members"). */
const MOST_VALUES = 100

/**
 * @param before What `read` answered when the last lines were made; empty the first time.
 * @param after What it answers now.
 * @returns Lines without a line feed for each series that moved, and for each gauge.
 */
export function emfLines(before: readonly Family[], after: readonly Family[], options: EmfOptions): readonly string[] {
  const known = new Map(before.flatMap(({ name, series }) => series.map((one) => [keyOf(name, one), one] as const)))
  return after.flatMap(({ name, type, series }) =>
    series.flatMap((one) => {
      const values = type === 'gauge' ? [one.value] : addedTo(one, known.get(keyOf(name, one)))
      return values.map((value) => lineOf(name, one, value, options))
    }),
  )
}

const keyOf = (name: string, { labels }: Series): string => `${name} ${JSON.stringify(labels)}`

/** What came to a series since `last`: a number, or of a histogram its observations; empty where nothing did. */
function addedTo({ value, spread }: Series, last: Series | undefined): (number | readonly number[])[] {
  const added = value - (last?.value ?? 0)
  if (spread === null) return added === 0 ? [] : [added]
  const observed = spread.counts.flatMap((count, at) => {
    // Where in its bucket an observation lies is not known: its upper bound stands for it, and above all the last one.
    const bound = spread.bounds[at] ?? spread.bounds.at(-1) ?? 0
    return Array.from({ length: count - (last?.spread?.counts[at] ?? 0) }, () => bound)
  })
  const lines = Math.ceil(observed.length / MOST_VALUES)
  return Array.from({ length: lines }, (_, at) => observed.slice(at * MOST_VALUES, (at + 1) * MOST_VALUES))
}

function lineOf(
  name: string,
  { labels, spread }: Series,
  value: number | readonly number[],
  options: EmfOptions,
): string {
  const { namespace, at, dimensions } = options
  const all = { ...dimensions, ...labels }
  return JSON.stringify({
    _aws: {
      Timestamp: at,
      CloudWatchMetrics: [
        {
          Namespace: namespace,
          // CloudWatch does not add up over dimensions: the service as a whole is a series of its own.
          Dimensions: [Object.keys(dimensions), ...(Object.keys(labels).length === 0 ? [] : [Object.keys(all)])],
          Metrics: [{ Name: name, Unit: spread === null ? unitOf(name) : 'Seconds' }],
        },
      ],
    },
    ...all,
    [name]: value,
  })
}

const unitOf = (name: string): 'Bytes' | 'Count' | 'None' =>
  /bytes/.test(name) ? 'Bytes' : /dollars/.test(name) ? 'None' : 'Count'
