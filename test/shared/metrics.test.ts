/** What is counted, and the two forms in which an operator gets it. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { METRICS } from '../../shared/metric-table.ts'
import { MOST_SERIES, metricsRegistry } from '../../shared/metrics.ts'
import { emfLines } from '../../shared/metrics-emf.ts'
import { prometheusText } from '../../shared/metrics-prometheus.ts'
import { readPrometheus } from '../support/prometheus-reader.ts'

const samplesOf = (text: string, name: string) => readPrometheus(text).get(name)?.samples ?? []

describe('Prometheus text', () => {
  it('has each counter by its labels', () => {
    const metrics = metricsRegistry()
    metrics.count('estat_requests_total', { route: '/mcp', status: '2xx' })
    metrics.count('estat_requests_total', { route: '/mcp', status: '2xx' }, 2)
    metrics.count('estat_requests_total', { route: '/mcp', status: '4xx' })
    expect(samplesOf(prometheusText(metrics.read()), 'estat_requests_total')).toEqual([
      { name: 'estat_requests_total', labels: { route: '/mcp', status: '2xx' }, value: 3 },
      { name: 'estat_requests_total', labels: { route: '/mcp', status: '4xx' }, value: 1 },
    ])
  })

  it('has histograms whose buckets hold all that is not above them', () => {
    const metrics = metricsRegistry()
    for (const seconds of [0.005, 0.0051, 3, 1000]) metrics.observe('estat_tool_seconds', seconds, { tool: 'lookup' })
    const samples = samplesOf(prometheusText(metrics.read()), 'estat_tool_seconds')
    const bucket = (le: string) => samples.find(({ labels }) => labels['le'] === le)?.value
    expect([bucket('0.005'), bucket('0.01'), bucket('2.5'), bucket('5'), bucket('45'), bucket('+Inf')]).toEqual([
      1, 2, 2, 3, 3, 4,
    ])
    expect(samples.find(({ name }) => name.endsWith('_sum'))?.value).toBeCloseTo(1003.0101)
  })

  it('is read back whatever stands in a label', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ unit: 'binary', maxLength: 8 }), { maxLength: 10 }), (tools) => {
        const metrics = metricsRegistry()
        for (const tool of tools) metrics.count('estat_tool_calls_total', { tool, outcome: 'ok' })
        const read = samplesOf(prometheusText(metrics.read()), 'estat_tool_calls_total')
        expect(read.map(({ labels }) => labels['tool'])).toEqual(tools)
      }),
      { numRuns: 40 },
    )
  })

  it('holds every metric of the table', () => {
    const metrics = metricsRegistry()
    const labelled = (labels: readonly string[]) => Object.fromEntries(labels.map((label) => [label, 'x'])) as never
    for (const [name, { type, labels }] of Object.entries(METRICS))
      if (type === 'histogram') metrics.observe(name as 'estat_tool_seconds', 1, labelled(labels))
      else if (type === 'gauge') metrics.set(name as 'estat_jobs_open', 1, labelled(labels))
      else metrics.count(name as 'estat_requests_total', labelled(labels))
    expect([...readPrometheus(prometheusText(metrics.read())).keys()]).toEqual(Object.keys(METRICS))
  })

  it.each([
    ['a value that is none', '# HELP a b\n# TYPE a counter\na one\n', 'no value'],
    ['a line without an end', '# HELP a b\n# TYPE a counter\na 1', 'no end'],
    ['a series twice', '# HELP a b\n# TYPE a counter\na 1\na 1\n', 'twice'],
    ['a bare quote', '# HELP a b\n# TYPE a counter\na{l="""} 1\n', 'do not end'],
    ['buckets that fall', '# HELP a b\n# TYPE a histogram\na_bucket{le="1"} 2\na_bucket{le="+Inf"} 1\n', 'add up'],
  ])('is judged by a reader that refuses %s', (_what, text, why) => {
    expect(() => readPrometheus(text)).toThrow(why)
  })
})

describe('bounds', () => {
  it('no metric has more series than it may, and nothing goes uncounted', () => {
    const metrics = metricsRegistry()
    for (let at = 0; at < 1000; at++) metrics.count('estat_tool_calls_total', { tool: `tool-${at}`, outcome: 'ok' })
    const [family] = metrics.read()
    expect(family?.series).toHaveLength(MOST_SERIES)
    expect(family?.series.at(-1)).toMatchObject({ labels: { tool: 'other', outcome: 'other' }, value: 801 })
  })

  it('a counter never falls and is never spoilt', () => {
    const metrics = metricsRegistry()
    for (const by of [2, -1, Number.NaN]) metrics.count('estat_rows_fetched_total', { source: 'live' }, by)
    expect(metrics.read()[0]?.series[0]?.value).toBe(2)
  })

  it('what was read does not change afterwards', () => {
    const metrics = metricsRegistry()
    metrics.observe('estat_tool_seconds', 1, { tool: 'lookup' })
    const before = metrics.read()
    metrics.observe('estat_tool_seconds', 1, { tool: 'lookup' })
    expect(before[0]?.series[0]).toMatchObject({ value: 1, spread: { counts: expect.toSatisfy(sumsTo(1)) } })
  })
})

const sumsTo = (sum: number) => (counts: number[]) => counts.reduce((a, b) => a + b, 0) === sum

interface EmfLine {
  readonly _aws: {
    readonly Timestamp: number
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string
      readonly Dimensions: readonly (readonly string[])[]
      readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[]
    }[]
  }
  readonly [name: string]: unknown
}

describe('CloudWatch embedded metric format', () => {
  const options = { namespace: 'estat-mcp', at: 1_790_000_000_000, dimensions: { service: 'origin' } }
  const lines = (...ends: Parameters<typeof emfLines>) => emfLines(...ends).map((line) => JSON.parse(line) as EmfLine)

  it('says what came since the last line', () => {
    const metrics = metricsRegistry()
    const count = (by: number) => metrics.count('estat_bytes_scanned_total', { engine: 'athena' }, by)
    count(10)
    const before = metrics.read()
    count(32)
    expect(lines(before, metrics.read(), options)).toEqual([
      {
        _aws: {
          Timestamp: options.at,
          CloudWatchMetrics: [
            {
              Namespace: 'estat-mcp',
              Dimensions: [['service'], ['service', 'engine']],
              Metrics: [{ Name: 'estat_bytes_scanned_total', Unit: 'Bytes' }],
            },
          ],
        },
        service: 'origin',
        engine: 'athena',
        estat_bytes_scanned_total: 32,
      },
    ])
    expect(lines(metrics.read(), metrics.read(), options)).toEqual([])
  })

  it('has every observation once, at most 100 in a line (specification, "Target members")', () => {
    const metrics = metricsRegistry()
    for (let at = 0; at < 250; at++) metrics.observe('estat_tool_seconds', at < 120 ? 0.02 : 99, { tool: 'lookup' })
    const values = lines([], metrics.read(), options).map((line) => line['estat_tool_seconds'] as number[])
    expect(values.map(({ length }) => length)).toEqual([100, 100, 50])
    expect(values.flat().filter((value) => value === 0.025)).toHaveLength(120)
    expect(values.flat().filter((value) => value === 45)).toHaveLength(130)
  })

  it('every dimension and metric that a line names is a member of it, within the specification’s bounds', () => {
    const metrics = metricsRegistry()
    metrics.set('estat_jobs_open', 0, { state: 'queued' })
    metrics.observe('estat_tool_seconds', 1, { tool: 'lookup' })
    const found = lines([], metrics.read(), options)
    expect(found).toHaveLength(2)
    for (const line of found)
      for (const { Dimensions, Metrics } of line['_aws'].CloudWatchMetrics) {
        for (const name of Dimensions.flat()) expect(line[name]).toEqual(expect.any(String))
        for (const { Name } of Metrics) expect([line[Name]].flat()).toEqual([expect.any(Number)])
        for (const set of Dimensions) expect(set.length).toBeLessThanOrEqual(30)
      }
  })
})
