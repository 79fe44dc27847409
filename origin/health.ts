/** What `GET /health` says: enough for a load balancer and a person, nothing that helps an attacker. */
import type { CatalogueStatus, ObjectStore, SourceOrigin, StatsCatalogue, StatsSource } from './ports.ts'

export interface HealthReport {
  readonly status: 'healthy' | 'unhealthy'
  readonly timestamp: string
  readonly version: string
  /** Where figures come from: e-Stat itself or the bundled sample. */
  readonly source: SourceOrigin
  readonly store: 'ok' | 'failing'
  /** Whether e-Stat answered lately; the circuit breaker's view, asked of nobody. */
  readonly estat: 'ok' | 'failing'
  /** What is searched, and where the catalogue of all of e-Stat stands; `status` null where none is to come. */
  readonly catalogue: { readonly tables: number; readonly status: CatalogueStatus | null }
}

export interface HealthOptions {
  readonly store: ObjectStore
  readonly stats: Pick<StatsSource, 'origin' | 'condition'>
  readonly catalogue: Pick<StatsCatalogue, 'index' | 'status'>
  readonly version: string
  readonly now: () => number
}

/** A store that cannot be read makes the origin unhealthy; e-Stat being down does not: the lake still answers. */
export async function healthOf({ store, stats, catalogue, version, now }: HealthOptions): Promise<HealthReport> {
  const readable = await store.head('health').then(
    () => true,
    () => false,
  )
  return {
    status: readable ? 'healthy' : 'unhealthy',
    timestamp: new Date(now()).toISOString(),
    version,
    source: stats.origin,
    store: readable ? 'ok' : 'failing',
    estat: stats.condition?.() ?? 'ok',
    catalogue: { tables: catalogue.index().count, status: catalogue.status() },
  }
}
