/**
 * Counters and histograms of one process, for an operator to graph: `metrics-prometheus.ts` and `metrics-emf.ts` render
 * the same numbers. Kept in this process alone and lost with it, as both of those expect. Any runtime.
 *
 * A series costs memory for ever, so no metric has more than `MOST_SERIES`: whatever label values come later are counted
 * under `other` for every label (Prometheus, "Instrumentation", "Do not overuse labels").
 */
import { METRICS, type MetricName } from './metric-table.ts'

/** Of one metric, the one for what did not fit included. */
export const MOST_SERIES = 200
const OTHER = 'other'

type LabelOf<Name extends MetricName> = (typeof METRICS)[Name]['labels'][number]
export type Labels<Name extends MetricName> = Readonly<Record<LabelOf<Name>, string>>
type OfType<Type> = {
  [Name in MetricName]: (typeof METRICS)[Name]['type'] extends Type ? Name : never
}[MetricName]
export type CounterName = OfType<'counter'>
export type HistogramName = OfType<'histogram'>
export type GaugeName = OfType<'gauge'>

export interface Metrics {
  /** @param by What the counter rises by, 0 or more; 1 where absent. */
  count<Name extends CounterName>(name: Name, labels: Labels<Name>, by?: number): void
  /** @param value In the unit that the metric's name ends with: seconds. */
  observe<Name extends HistogramName>(name: Name, value: number, labels: Labels<Name>): void
  /** What is now, for what goes up and down. */
  set<Name extends GaugeName>(name: Name, value: number, labels: Labels<Name>): void
  /** All series as they are now, in the table's order; what was never touched is not there. */
  read(): readonly Family[]
}

/** One metric with its series. */
export interface Family {
  readonly name: MetricName
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly help: string
  readonly series: readonly Series[]
}

export interface Series {
  readonly labels: Readonly<Record<string, string>>
  /** Of a counter or gauge; of a histogram the sum of what was observed. */
  readonly value: number
  /** Of a histogram; null of the others. */
  readonly spread: Spread | null
}

export interface Spread {
  /** Upper bounds, ascending; what is above the last is in the last of `counts`. */
  readonly bounds: readonly number[]
  /** Observations in each bucket alone (not summed up): one more than `bounds`. */
  readonly counts: readonly number[]
}

interface Kept {
  readonly labels: Readonly<Record<string, string>>
  value: number
  readonly counts: number[]
}

export function metricsRegistry(): Metrics {
  const kept = new Map<MetricName, Map<string, Kept>>()

  function seriesOf(name: MetricName, given: Readonly<Record<string, string>>): Kept {
    const all = kept.get(name) ?? new Map<string, Kept>()
    kept.set(name, all)
    const names: readonly string[] = METRICS[name].labels
    const key = names.map((label) => given[label] ?? '').join('\u0000')
    const known = all.get(key)
    if (known !== undefined) return known
    if (all.size >= MOST_SERIES - 1 && names.some((label) => given[label] !== OTHER))
      return seriesOf(name, Object.fromEntries(names.map((label) => [label, OTHER])))
    const labels = Object.fromEntries(names.map((label) => [label, given[label] ?? '']))
    const made = {
      labels,
      value: 0,
      counts: boundsOf(name)
        .map(() => 0)
        .concat(0),
    }
    all.set(key, made)
    return made
  }

  return {
    count(name, labels, by = 1) {
      // A counter never falls (Prometheus, "Metric types"); what is no number would poison it for good.
      if (by >= 0) seriesOf(name, labels).value += by
    },
    observe(name, value, labels) {
      if (Number.isNaN(value)) return
      const series = seriesOf(name, labels)
      const bucket = boundsOf(name).findIndex((bound) => value <= bound)
      const at = bucket < 0 ? series.counts.length - 1 : bucket
      series.value += value
      series.counts[at] = (series.counts[at] ?? 0) + 1
    },
    set(name, value, labels) {
      seriesOf(name, labels).value = value
    },
    read: () =>
      (Object.keys(METRICS) as MetricName[]).flatMap((name) => {
        const { type, help } = METRICS[name]
        const series = [...(kept.get(name)?.values() ?? [])].map(({ labels, value, counts }) => ({
          labels,
          value,
          spread: type === 'histogram' ? { bounds: boundsOf(name), counts: [...counts] } : null,
        }))
        return series.length === 0 ? [] : [{ name, type, help, series }]
      }),
  }
}

const boundsOf = (name: MetricName): readonly number[] => {
  const metric = METRICS[name]
  return metric.type === 'histogram' ? metric.bounds : []
}
