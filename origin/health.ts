/** What `GET /health` says: enough for a load balancer and a person, nothing that helps an attacker. */
import type { ObjectStore, SourceOrigin } from './ports.ts'

export interface HealthReport {
  readonly status: 'healthy' | 'unhealthy'
  readonly timestamp: string
  readonly version: string
  /** Where figures come from: e-Stat itself or the bundled sample. */
  readonly source: SourceOrigin
  readonly store: 'ok' | 'failing'
}

export interface HealthOptions {
  readonly store: ObjectStore
  readonly source: SourceOrigin
  readonly version: string
  readonly now: () => number
}

/** A store that cannot be read makes the origin unhealthy; e-Stat being down does not: the lake still answers. */
export async function healthOf({ store, source, version, now }: HealthOptions): Promise<HealthReport> {
  const readable = await store.head('health').then(
    () => true,
    () => false,
  )
  return {
    status: readable ? 'healthy' : 'unhealthy',
    timestamp: new Date(now()).toISOString(),
    version,
    source,
    store: readable ? 'ok' : 'failing',
  }
}
