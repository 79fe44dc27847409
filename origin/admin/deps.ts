import type { MiddlewareHandler } from 'hono'
import type { Metrics } from '../../shared/metrics.ts'
import type { Records } from '../../shared/records.ts'
import type { Caller } from '../../shared/server-info.ts'
import type { AdminKey } from '../admin-key.ts'
import type { JobRunner, JobStore, ObjectStore, StatsCatalogue, StatsSource, TableCatalog } from '../ports.ts'
import type { StoreCondition } from '../store-probe.ts'

/** What the administration sees and does, in one place: routes take from it what they name. */
export interface AdminOptions {
  readonly adminKeys: readonly AdminKey[]
  /** Host names that it answers to beside loopback, lower case. */
  readonly allowedHosts: readonly string[]
  readonly ports: AdminPorts
  readonly metrics: Metrics
  readonly probes: Probes
  /** Copies of the lake's files on this machine; null where the lake itself is on it. */
  readonly copies: Copies | null
  /** Where API keys and the cache's generation are kept; null where this process does not reach it. */
  readonly records: Records | null
  /** The edge, for purging where `records` is null; null where it was not named. */
  readonly edge: EdgeAdmin | null
  readonly now: () => number
  readonly newId: () => string
  /** `count` random bytes. */
  readonly random: (count: number) => Uint8Array
  /** Waits so many milliseconds. */
  readonly sleep: (millis: number) => Promise<void>
  /** Told of everything that an administrator changed or tried to: who, what, and how it ended. */
  readonly audit: (done: AuditEntry) => void
  /** Called with every failure that is ours. */
  readonly report: (error: unknown, where: string) => void
  /** Goes around every request (`requestLog`). */
  readonly around?: MiddlewareHandler
}

export interface AdminPorts {
  readonly store: ObjectStore
  readonly jobs: JobStore
  readonly runner: JobRunner
  readonly tables: TableCatalog
  readonly stats: Pick<StatsSource, 'origin' | 'condition'>
  readonly catalogue: Pick<StatsCatalogue, 'index' | 'status'>
}

/** Looks at what the origin stands on, by using it. */
export interface Probes {
  readonly store: () => Promise<StoreCondition>
  /** One row through the SQL engine. Rejects where it does not come. */
  readonly engine: (signal: AbortSignal) => Promise<unknown>
  /** Room on the disk of `ESTAT_DATA_DIR`, bytes. Rejects where the system does not tell. */
  readonly disk: () => Promise<{ readonly free: number; readonly total: number }>
  /** Where tables are named outside of the lake (Glue): asks it for one list. Null where they are not. */
  readonly tables: (() => Promise<unknown>) | null
  /** Asks the workgroup of Athena what it is. Null where Athena is not used. */
  readonly athena: (() => Promise<unknown>) | null
}

export interface Copies {
  size(): Promise<{ readonly files: number; readonly bytes: number }>
  /** Takes away what nobody asked for lately. @returns what went. */
  clear(): Promise<{ readonly files: number; readonly bytes: number }>
}

export interface EdgeAdmin {
  readonly url: string
  /** An API key with the scope `admin`. */
  readonly key: string
  readonly send: (request: Request) => Promise<Response>
}

export interface AuditEntry {
  /** The administrator's key by its id. */
  readonly caller: string
  /** Path of the request: it names the job or the key. */
  readonly path: string
  /** What is purged; null where the path says it all. */
  readonly what: string | null
  readonly status: number
}

export interface AdminEnv {
  Variables: { caller: Caller; what: string }
}
