import type { Handler } from 'hono'
import { PROMETHEUS_TYPE, prometheusText } from '../../shared/metrics-prometheus.ts'
import type { Metrics } from '../../shared/metrics.ts'
import type { EdgeEnv } from '../env.ts'

/** `GET /admin/metrics`: what this process of the edge counted, as Prometheus scrapes it. */
export const prometheus =
  (metrics: Pick<Metrics, 'read'>): Handler<EdgeEnv> =>
  (c) =>
    c.body(prometheusText(metrics.read()), 200, { 'content-type': PROMETHEUS_TYPE })
