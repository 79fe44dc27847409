/** What `GET /health` says: enough for a load balancer and a person, nothing that helps an attacker. */
import type { CatalogueStatus, SourceOrigin, StatsCatalogue, StatsSource } from './ports.ts'
import type { StoreCondition } from './store-probe.ts'

export interface HealthReport {
  /** `degraded`: what only reads is answered, and nothing can be kept. */
  readonly status: 'healthy' | 'degraded' | 'unhealthy'
  readonly timestamp: string
  readonly version: string
  /** Where figures come from: e-Stat itself or the bundled sample. */
  readonly source: SourceOrigin
  readonly store: StoreCondition['store']
  /** What is wrong with the lake and what to do about it; null where all is well. */
  readonly problem: StoreCondition['problem']
  /** Whether e-Stat answered lately; the circuit breaker's view, asked of nobody. */
  readonly estat: 'ok' | 'failing'
  /** What is searched, and where the catalogue of all of e-Stat stands; `status` null where none is to come. */
  readonly catalogue: { readonly tables: number; readonly status: CatalogueStatus | null }
}

export interface HealthOptions {
  /** Of `storeProbe`: made once, so that looks are shared. */
  readonly condition: () => Promise<StoreCondition>
  readonly stats: Pick<StatsSource, 'origin' | 'condition'>
  readonly catalogue: Pick<StatsCatalogue, 'index' | 'status'>
  readonly version: string
  readonly now: () => number
}

const STATUS = { ok: 'healthy', read_only: 'degraded', failing: 'unhealthy' } as const

/** A store that cannot be read makes the origin unhealthy; e-Stat being down does not: the lake still answers. */
export async function healthOf({ condition, stats, catalogue, version, now }: HealthOptions): Promise<HealthReport> {
  const { store, problem } = await condition()
  return {
    status: STATUS[store],
    timestamp: new Date(now()).toISOString(),
    version,
    source: stats.origin,
    store,
    problem,
    estat: stats.condition?.() ?? 'ok',
    catalogue: { tables: catalogue.index().count, status: catalogue.status() },
  }
}
