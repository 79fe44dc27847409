/** Metrics in the text exposition format 0.0.4 of Prometheus ("Exposition formats", "Text-based format"). */
import type { Family, Series, Spread } from './metrics.ts'

export const PROMETHEUS_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

/** One `# HELP` and `# TYPE` for each metric, then its lines; ends with a line feed, as the format wants. */
export const prometheusText = (families: readonly Family[]): string =>
  families
    .flatMap(({ name, type, help, series }) => [
      `# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`,
      `# TYPE ${name} ${type}`,
      ...series.flatMap((one) => linesOf(name, one)),
    ])
    .map((line) => `${line}\n`)
    .join('')

function linesOf(name: string, { labels, value, spread }: Series): string[] {
  if (spread === null) return [`${name}${labelText(labels)} ${value}`]
  const buckets = summedUp(spread).map(
    ({ bound, count }) => `${name}_bucket${labelText({ ...labels, le: bound })} ${count}`,
  )
  const all = spread.counts.reduce((sum, count) => sum + count, 0)
  return [...buckets, `${name}_sum${labelText(labels)} ${value}`, `${name}_count${labelText(labels)} ${all}`]
}

/** A bucket holds all that is not above its bound, so each has what the ones before it have. */
function summedUp({ bounds, counts }: Spread): { readonly bound: string; readonly count: number }[] {
  let count = 0
  return counts.map((own, at) => {
    count += own
    const bound = bounds[at]
    return { bound: bound === undefined ? '+Inf' : String(bound), count }
  })
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

const escaped = (value: string): string =>
  value.replaceAll('\\', '\\\\').replaceAll('"', String.raw`\"`).replaceAll('\n', String.raw`\n`)
