/**
 * The embedded stack: this disk, DuckDB, and e-Stat itself or, without an application ID, the bundled figures served
 * by the stand-in. No account is needed.
 */
import { randomUUID } from 'node:crypto'
import { join, resolve } from 'node:path'
import { localDisk } from './adapters/disk-local.ts'
import { jobStore } from './adapters/jobs-store.ts'
import { localCatalog } from './adapters/catalog-local.ts'
import { type LiveCatalogue, liveCatalogue } from './adapters/catalogue-live.ts'
import { indexMaker } from './adapters/catalogue-maker.ts'
import { type FileLinkOptions, fileLinks, NO_LINKS } from './adapters/file-links.ts'
import { duckGate } from './adapters/duckdb-gate.ts'
import { duckInChild } from './adapters/duckdb-in-child.ts'
import { duckWork, QUERY_SIZE, WRITE_SIZE } from './adapters/duckdb-work.ts'
import { parquetDuckdb } from './adapters/parquet-duckdb.ts'
import { parquetMerger } from './adapters/parquet-merge.ts'
import { queryDuckdb } from './adapters/query-duckdb.ts'
import { statsCatalogHttp } from './adapters/stats-catalog-http.ts'
import { statsHttp } from './adapters/stats-http.ts'
import { statsListHttp } from './adapters/stats-list-http.ts'
import { statsByAppId } from './adapters/stats-http-own-id.ts'
import { type Pace, type Pacer, pacer, UNPACED } from './adapters/stats-http-pace.ts'
import { localStore } from './adapters/store-local.ts'
import { jobRunner, type RunnerLoop } from './jobs/runner.ts'
import { sweeper } from './jobs/sweep.ts'
import type { ParquetMerger, QueryEngine } from './lake/ports.ts'
import { type Metering, UNMETERED } from './observe/metering.ts'
import type { ObjectStore, Ports, SharedDisk, StatsSource, TableCatalog } from './ports.ts'
import { loadSample, type Sample } from './sample/load-sample.ts'
import { createStandin } from './standin/standin.ts'
import { holding } from '../shared/holding.ts'

export interface EmbeddedOptions {
  /** Folder of lake and work in progress; relative ones are of the current folder. */
  readonly dataDir: string
  readonly bucket: string
  /** Null: the bundled sample answers. */
  readonly appId: string | null
  /** Whether the callers are on this machine, so that a path of theirs is a path here; false where absent. */
  readonly sharesDisk?: boolean
  /** Scheme and host of e-Stat, where it is not e-Stat's own. */
  readonly baseUrl?: string
  /** How e-Stat is asked, by everything in this process; unlimited where absent. */
  readonly pace?: Pace
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Milliseconds after which a job of a lost process is taken over; 30 s where absent. */
  readonly leaseMs?: number
  /** Days that a job is remembered after its end; 7 where absent. */
  readonly jobDays?: number
  /** Called with failures of jobs that are ours. */
  readonly report?: (error: unknown, where: string) => void
  /** Queries and Parquet files that DuckDB works on at once; 1 where absent. */
  readonly duckdbAtOnce?: number
  /** Whether DuckDB works in a process of its own, which may die without taking this one along; here where absent. */
  readonly duckdbInChild?: boolean
  /** Counts what the ports do; nobody where absent. */
  readonly metering?: Metering
  /** How links to kept files are made; not at all where absent. */
  readonly links?: FileLinkOptions
}

/** Work that one question about a job does where no loop runs, milliseconds: well within a call's budget. */
const WORK_MS = 5_000

const DAY_MS = 86_400_000
const JOB_DAYS = 7

/** What the stand-in takes in place of an application ID: no secret, it opens nothing. */
const SAMPLE_ID = 'bundled-sample'

export interface EmbeddedPorts extends Ports {
  /** Not started: without `start()` jobs are worked on while somebody asks for them. */
  readonly runner: RunnerLoop
  /** Not started either: until `start()` the bundled sample is searched. Null where there is no application ID. */
  readonly liveCatalogue: LiveCatalogue | null
  /** One row through DuckDB, counted nowhere: whether it works at all. Rejects where the row does not come. */
  readonly probeEngine: (signal: AbortSignal) => Promise<unknown>
}

const PROBE = { sql: 'SELECT 1 AS one', tables: {}, database: 'estat', maxRows: 1, offset: 0 }

/** Where a home keeps things: all that differs between this disk and AWS. */
export interface Home {
  readonly store: ObjectStore
  readonly disk: SharedDisk
  readonly tables: (merger: ParquetMerger) => TableCatalog
  /** Who answers SQL, given DuckDB; DuckDB alone where absent. */
  readonly engine?: (duckdb: QueryEngine) => QueryEngine
}

export function embeddedPorts(options: EmbeddedOptions): EmbeddedPorts {
  const { bucket, sharesDisk: shared = false } = options
  const dataDir = resolve(options.dataDir)
  const store = localStore({ dataDir, bucket })
  return portsOn(options, {
    store,
    disk: localDisk({ dataDir, bucket, shared }),
    tables: (merger) => localCatalog({ store, root: join(dataDir, bucket), merger }),
  })
}

/** The ports of any home. In `dataDir` is work in progress, and on this disk the lake. */
export function portsOn(options: Omit<EmbeddedOptions, 'bucket' | 'sharesDisk'>, home: Home): EmbeddedPorts {
  const { appId, now, leaseMs = 30_000, report = () => {}, metering = UNMETERED } = options
  const { store, disk, engine = (duckdb) => duckdb } = home
  const tempDir = join(resolve(options.dataDir), 'tmp')
  const gate = duckGate(options.duckdbAtOnce)
  const work = (options.duckdbInChild === true ? duckInChild : duckWork)({
    tempDir,
    write: WRITE_SIZE,
    query: QUERY_SIZE,
  })
  const sample = loadSample()
  const turns = metering.pacer(pacer(options.pace ?? UNPACED))
  const live = liveSource(options, turns)
  const stats = metering.stats(appId === null ? statsByAppId(sampleSource(sample, now), live) : live)
  const asking = { send: fetch, pacer: turns, appId, now, ...(options.baseUrl ? { baseUrl: options.baseUrl } : {}) }
  const lists = statsListHttp(asking)
  const mine = { holder: randomUUID(), leaseMs }
  const all =
    appId === null
      ? null
      : liveCatalogue({
          sample: sample.catalogue,
          store,
          lists,
          makeIndex: indexMaker({ store, tempDir }),
          now,
          report,
          ...mine,
        })
  const jobs = metering.jobs(jobStore(store))
  const sweep = sweeper({ jobs, store, now, report }, (options.jobDays ?? JOB_DAYS) * DAY_MS)
  const parquet = parquetDuckdb({ store, tempDir, gate, work })
  const duckdb = queryDuckdb({ store, tempDir, gate, runner: work })
  const tables = home.tables(parquetMerger({ store, tempDir, gate, work }))
  const lease = { ...mine, pollMs: Math.min(leaseMs / 3, 5_000), workMs: WORK_MS }
  return {
    stats,
    jobs,
    runner: jobRunner({ jobs, stats, store, lake: { parquet, tables }, now, report, sweep, ...lease }),
    // Who brings an application ID may have e-Stat asked beside the sample.
    catalogue: all ?? { ...sample.catalogue, lists },
    files: statsCatalogHttp(asking),
    liveCatalogue: all,
    links: fileLinks(options.links ?? NO_LINKS),
    store,
    parquet,
    disk,
    tables,
    engine: metering.engine(engine(duckdb)),
    probeEngine: (signal) => duckdb.query(PROBE, signal),
  }
}

/** e-Stat itself, one for the process. */
const liveSource = ({ appId, baseUrl, now }: Omit<EmbeddedOptions, 'bucket'>, turns: Pacer): StatsSource =>
  statsHttp({
    send: holding((request) => fetch(request)),
    origin: 'live',
    appId,
    now,
    pacer: turns,
    ...(baseUrl === undefined ? {} : { baseUrl }),
  })

/** The bundled figures as e-Stat would give them, through the same client. */
export function sampleSource(sample: Sample, now: () => number): StatsSource {
  return statsHttp({
    send: createStandin({ tables: sample.tables, accepts: [SAMPLE_ID], now }),
    appId: SAMPLE_ID,
    origin: 'sample',
    extents: sample.extents,
    recorded: sample.retrieved,
    knownIds: new Set(sample.catalogue.entries().map(({ id }) => id)),
    now,
  })
}
