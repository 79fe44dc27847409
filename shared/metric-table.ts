/**
 * Every metric of both halves: its name, what it counts, and its labels. Names follow Prometheus ("Metric and label
 * naming": a prefix, the base unit, `_total` for what only rises). No label holds a caller, a tenant, a table or a text
 * that a caller sends: what varies without end is no label.
 */
const counter = <const Labels extends readonly string[]>(help: string, labels: Labels) =>
  ({ type: 'counter', help, labels }) as const
const gauge = <const Labels extends readonly string[]>(help: string, labels: Labels) =>
  ({ type: 'gauge', help, labels }) as const
/** Seconds, from an answer out of a cache to the most that a call may take. */
const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 45] as const
const histogram = <const Labels extends readonly string[]>(help: string, labels: Labels) =>
  ({ type: 'histogram', help, labels, bounds: SECONDS }) as const

export const METRICS = {
  estat_requests_total: counter('Requests by route and class of status (2xx, 3xx, 4xx, 5xx).', ['route', 'status']),
  estat_request_seconds: histogram('From a request to the end of its answer, by route.', ['route']),
  estat_tool_calls_total: counter('Calls of tools by outcome: ok, or the code of the fault.', ['tool', 'outcome']),
  estat_tool_seconds: histogram('Time of a tool call, by tool.', ['tool']),
  estat_cache_total: counter('Answers by what the cache did: hit, miss, stale, coalesced, bypass.', ['tool', 'state']),
  estat_rate_limited_total: counter('Requests refused because their caller had spent its limit.', ['scope']),
  estat_auth_failures_total: counter('Requests refused for who sent them, by reason.', ['reason']),
  estat_origin_seconds: histogram('Time until the head of an origin answer, as the edge sees it.', ['route']),
  estat_upstream_requests_total: counter(
    'Requests to e-Stat by outcome: answered, failed, unknown (given up by their asker).',
    ['outcome'],
  ),
  estat_upstream_seconds: histogram('Time of one request to e-Stat.', ['outcome']),
  estat_rows_fetched_total: counter('Rows received from e-Stat or the bundled sample.', ['source']),
  estat_job_changes_total: counter('Jobs that entered a state.', ['state']),
  estat_jobs_open: gauge('Jobs that are not over, of all tenants, by state.', ['state']),
  estat_queries_total: counter('SQL queries answered, by engine.', ['engine']),
  estat_bytes_scanned_total: counter('Bytes that SQL queries read, by engine.', ['engine']),
  estat_query_dollars_total: counter('US dollars that SQL queries cost, by engine.', ['engine']),
} as const

export type MetricName = keyof typeof METRICS
