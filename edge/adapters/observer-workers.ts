import type { Observer } from '../observers.ts'

/**
 * Each request as one point of Workers Analytics Engine, which an operator graphs by SQL or in Grafana
 * (developers.cloudflare.com/analytics/analytics-engine). Columns, in this order: index1 the route; blob1 route, blob2
 * class of status, blob3 first tool, blob4 what the cache did, blob5 code of a refusal; double1 milliseconds, double2
 * those of the origin, double3 the bytes that came, double4 the calls in the request.
 */
export const analyticsObserver =
  (dataset: AnalyticsEngineDataset): Observer =>
  ({ route, status, tools, cache, fault, durationMs, timings, bytesIn, calls }) =>
    dataset.writeDataPoint({
      indexes: [route],
      blobs: [route, `${Math.floor(status / 100)}xx`, tools[0] ?? '', cache ?? '', fault ?? ''],
      doubles: [durationMs, timings.get('origin') ?? 0, bytesIn, calls],
    })
