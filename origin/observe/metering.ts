/**
 * The ports of a home, counted: each of these takes a port and answers the same one. What the counts mean stands in
 * `shared/metric-table.ts`.
 */
import type { Metrics } from '../../shared/metrics.ts'
import type { Pacer } from '../adapters/stats-http-pace.ts'
import type { Ask, JobStore, QueryEngine, StatsSource } from '../ports.ts'
import { type Call, currentTally } from './tally.ts'

export interface Metering {
  readonly pacer: (pacer: Pacer) => Pacer
  readonly stats: (stats: StatsSource) => StatsSource
  readonly jobs: (jobs: JobStore) => JobStore
  readonly engine: (engine: QueryEngine) => QueryEngine
  /** For `CallDeps.observe`. */
  readonly call: (call: Call) => void
  /** For the authenticator. */
  readonly refused: (reason: string) => void
}

/** Where nobody counts. */
export const UNMETERED: Metering = {
  pacer: (pacer) => pacer,
  stats: (stats) => stats,
  jobs: (jobs) => jobs,
  engine: (engine) => engine,
  call: () => {},
  refused: () => {},
}

export function metering(metrics: Metrics): Metering {
  return {
    pacer: (pacer) => ({
      ...pacer,
      asked(ending, millis) {
        metrics.count('estat_upstream_requests_total', { outcome: ending })
        metrics.observe('estat_upstream_seconds', millis / 1000, { outcome: ending })
        const tally = currentTally()
        if (tally === undefined) return
        tally.estatRequests += 1
        tally.estatMillis += millis
      },
    }),

    stats(stats) {
      const rows = (count: number, { appId }: Ask): void =>
        metrics.count('estat_rows_fetched_total', { source: appId === undefined ? stats.origin : 'live' }, count)
      return {
        ...stats,
        async page(query, range, ask) {
          const page = await stats.page(query, range, ask)
          rows(page.values.length, ask)
          return page
        },
        async packed(query, range, ask) {
          const page = await stats.packed(query, range, ask)
          rows(page.rows, ask)
          return page
        },
      }
    },

    jobs(jobs) {
      const entered = (state: string): void => metrics.count('estat_job_changes_total', { state })
      return {
        ...jobs,
        async create(job) {
          const stored = await jobs.create(job)
          entered(job.state)
          return stored
        },
        async replace(current, next) {
          const stored = await jobs.replace(current, next)
          if (stored !== null && current.job.state !== next.state) entered(next.state)
          return stored
        },
      }
    },

    engine: (engine) => ({
      ...engine,
      async query(request, signal) {
        const answer = await engine.query(request, signal)
        const labels = { engine: answer.engine }
        metrics.count('estat_queries_total', labels)
        metrics.count('estat_bytes_scanned_total', labels, answer.bytesScanned)
        metrics.count('estat_query_dollars_total', labels, answer.costUsd)
        return answer
      },
    }),

    call(call) {
      const { tool, outcome, millis } = call
      metrics.count('estat_tool_calls_total', { tool, outcome })
      metrics.observe('estat_tool_seconds', millis / 1000, { tool })
      currentTally()?.calls.push(call)
    },

    refused: (reason) => metrics.count('estat_auth_failures_total', { reason }),
  }
}
