/** Who is told of each request: a log, and counters that an operator can graph. */
import type { Metrics } from '../shared/metrics.ts'
import type { Seen } from './middleware/observe.ts'

export type Observer = (seen: Seen) => void

export const together =
  (...observers: readonly Observer[]): Observer =>
  (seen) => {
    for (const observer of observers) observer(seen)
  }

/** One line of JSON for each request. @param write Takes the line, without its end. */
export const requestLog =
  (now: () => number, write: (line: string) => void): Observer =>
  (seen) => {
    const { caller, cache, fault, tools } = seen
    const line: Record<string, unknown> = {
      time: new Date(now()).toISOString(),
      level: seen.status >= 500 ? 'error' : 'info',
      event: 'request',
      request_id: seen.requestId,
      trace_id: seen.traceId,
      method: seen.method,
      route: seen.route,
      status: seen.status,
      calls: seen.calls,
    }
    if (fault !== null) line['fault'] = fault
    if (caller !== null) {
      line['caller'] = caller
      line['tenant'] = seen.tenant
    }
    if (tools.length > 0) line['tools'] = tools.slice(0, MOST_TOOLS)
    if (cache !== null) line['cache'] = cache
    line['duration_ms'] = seen.durationMs
    for (const [part, spent] of seen.timings) line[`${part}_ms`] = spent
    line['bytes_in'] = seen.bytesIn
    write(JSON.stringify(line))
  }

/** A batch may call many: a line stays a line. */
const MOST_TOOLS = 5

/** The same counters as the origin's, rendered for Prometheus or CloudWatch (`shared/metrics-*.ts`). */
export const counting =
  (metrics: Metrics): Observer =>
  (seen) => {
    const { route, status, tools, cache, fault, durationMs, timings } = seen
    metrics.count('estat_requests_total', { route, status: `${Math.floor(status / 100)}xx` })
    metrics.observe('estat_request_seconds', durationMs / 1000, { route })
    if (cache !== null) metrics.count('estat_cache_total', { tool: tools[0] ?? 'none', state: cache.toLowerCase() })
    if (status === 429) metrics.count('estat_rate_limited_total', { scope: 'caller' })
    if (fault === 'UNAUTHORIZED' || fault === 'FORBIDDEN')
      metrics.count('estat_auth_failures_total', { reason: fault.toLowerCase() })
    const origin = timings.get('origin')
    if (origin !== undefined) metrics.observe('estat_origin_seconds', origin / 1000, { route })
  }
