/**
 * The stack on AWS: the lake in S3, its tables in Glue (or by names alone, on any store of that protocol), DuckDB
 * over copies of the immutable data files, and Athena for what is too large for that. Chosen by configuration alone;
 * everything else is the same as embedded.
 */
import { join, resolve } from 'node:path'
import type { AwsOptions } from './adapters/aws-client.ts'
import { athenaCatalog } from './adapters/catalog-athena.ts'
import { icebergCatalog } from './adapters/catalog-iceberg.ts'
import { localCatalog } from './adapters/catalog-local.ts'
import { gluePointer } from './adapters/catalog-pointer-glue.ts'
import { localDisk } from './adapters/disk-local.ts'
import { athenaPlace, type QueryAthenaOptions, queryAthena } from './adapters/query-athena.ts'
import { queryChoice } from './adapters/query-choice.ts'
import { s3Store } from './adapters/store-s3.ts'
import type { ObjectStore, QueryEngine, TableCatalog } from './ports.ts'
import { type EmbeddedOptions, type EmbeddedPorts, type Home, portsOn } from './embedded.ts'

export interface AwsHomeOptions extends Pick<AwsOptions, 'region' | 'credentials'> {
  readonly bucket: string
  /** Folder of work in progress and of copies of the lake's files. */
  readonly dataDir: string
  /** Bytes that the copies may take. */
  readonly cacheBytes: number
  readonly tables: 'glue' | 'files'
  /** Before a tenant's name in the name of its Glue database. */
  readonly databasePrefix: string
  /** Addresses other than the region's own. */
  readonly endpoints: { readonly s3?: string; readonly glue?: string; readonly athena?: string }
  /** Null: DuckDB answers all. Athena finds tables in Glue alone. */
  readonly athena: AthenaHomeOptions | null
}

export interface AthenaHomeOptions extends Pick<QueryAthenaOptions, 'workgroup' | 'outputLocation' | 'reuseMinutes'> {
  readonly usdPerTb: number
  /** Bytes of data files up to which DuckDB answers. */
  readonly smallBytes: number
  readonly writer: 'own' | 'athena'
}

export const awsPorts = (
  home: AwsHomeOptions,
  options: Omit<EmbeddedOptions, 'bucket' | 'sharesDisk'>,
): EmbeddedPorts => portsOn(options, awsHome(home))

function awsHome(options: AwsHomeOptions): Home {
  const { bucket, tables, databasePrefix, endpoints, region, credentials } = options
  const dataDir = resolve(options.dataDir)
  const account = { region, ...(credentials === undefined ? {} : { credentials }) }
  const store = s3Store({
    ...account,
    ...(endpoints.s3 === undefined ? {} : { endpoint: endpoints.s3 }),
    bucket,
    cacheDir: join(dataDir, 'cache'),
    cacheBytes: options.cacheBytes,
  })
  const root = `s3://${bucket}`
  return {
    store,
    // Nobody who calls a server on AWS shares its disk.
    disk: localDisk({ dataDir, bucket, shared: false }),
    tables(merger) {
      if (tables === 'files') return localCatalog({ store, root, merger })
      const endpoint = endpoints.glue === undefined ? {} : { endpoint: endpoints.glue }
      const inGlue = icebergCatalog({
        store,
        root,
        merger,
        tellsDeletes: options.athena !== null,
        pointer: gluePointer({ ...account, ...endpoint, store, databasePrefix }),
      })
      return writerOf(options, store, inGlue)
    },
    engine: (duckdb) => engineOf(options, duckdb),
  }
}

/** DuckDB for what is small, Athena for the rest. */
function engineOf(home: AwsHomeOptions, duckdb: QueryEngine): QueryEngine {
  const { athena } = home
  if (athena === null) return duckdb
  const { usdPerTb, smallBytes } = athena
  return queryChoice({ duckdb, athena: queryAthena(athenaSettings(home, athena)), smallBytes, usdPerTb })
}

/** Who reads and writes tables, given the catalogue in Glue. */
function writerOf(home: AwsHomeOptions, store: ObjectStore, reads: TableCatalog): TableCatalog {
  const { athena } = home
  if (athena === null || athena.writer === 'own') return reads
  const settings = athenaSettings(home, athena)
  return athenaCatalog({ reads, at: athenaPlace(settings), store, databaseOf: settings.databaseOf })
}

function athenaSettings(home: AwsHomeOptions, athena: AthenaHomeOptions) {
  const { region, credentials, endpoints, databasePrefix } = home
  const { workgroup, outputLocation, reuseMinutes, usdPerTb } = athena
  return {
    region,
    ...(credentials === undefined ? {} : { credentials }),
    ...(endpoints.athena === undefined ? {} : { endpoint: endpoints.athena }),
    workgroup,
    ...(outputLocation === undefined ? {} : { outputLocation }),
    ...(reuseMinutes === undefined ? {} : { reuseMinutes }),
    usdPerTb,
    databaseOf: (tenant: string) => `${databasePrefix}${tenant}`,
  }
}
