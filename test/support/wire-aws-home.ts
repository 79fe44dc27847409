/**
 * A whole AWS of stand-ins for one origin: S3, Glue and Athena over real HTTP, Athena reading what the other two hold, by
 * the product's own adapters.
 */
import { join } from 'node:path'
import { icebergCatalog } from '../../origin/adapters/catalog-iceberg.ts'
import { gluePointer } from '../../origin/adapters/catalog-pointer-glue.ts'
import { s3Store } from '../../origin/adapters/store-s3.ts'
import type { LakeTable, TableCatalog } from '../../origin/lake/ports.ts'
import type { ObjectStore } from '../../origin/ports.ts'
import type { Execute } from './wire-athena/executor.ts'
import { lakeExecutor } from './wire-athena/lake-executor.ts'
import { type WireAthena, wireAthena } from './wire-athena/server.ts'
import { type WireGlue, wireGlue } from './wire-glue/server.ts'
import { WIRE_KEYS, WIRE_REGION, type WireS3, wireS3 } from './wire-s3/server.ts'

export interface WireAwsHome {
  readonly s3: WireS3
  readonly glue: WireGlue
  readonly athena: WireAthena
  /** As Athena itself sees the lake. */
  readonly store: ObjectStore
  readonly tables: TableCatalog
  /** Settings of an origin on it. */
  readonly env: Readonly<Record<string, string>>
  close(): Promise<void>
}

export interface WireAwsHomeOptions {
  /** Of copies and of what Athena spills. */
  readonly folder: string
  readonly bucket: string
  readonly databasePrefix?: string
  /** What runs Athena's statements, given the lake as it sees it; DuckDB where absent. */
  readonly executor?: (lake: Lake) => { readonly execute: Execute; close(): void }
}

export interface Lake {
  readonly store: ObjectStore
  readonly tables: TableCatalog
  /** A table by its Glue database, as it was at a snapshot; null where there is none. */
  readonly tableAt: (database: string, name: string, snapshotId: string | null) => Promise<LakeTable | null>
  readonly tenantOf: (database: string) => string
  readonly tempDir: string
}

export async function wireAwsHome(options: WireAwsHomeOptions): Promise<WireAwsHome> {
  const { folder, bucket, databasePrefix = '' } = options
  const [s3, glue] = await Promise.all([wireS3(), wireGlue()])
  s3.bucket(bucket)
  const account = { region: WIRE_REGION, credentials: WIRE_KEYS }
  const cache = { cacheDir: join(folder, 'athena-cache'), cacheBytes: 1_000_000_000 }
  const store = s3Store({ ...account, ...cache, endpoint: s3.url, bucket })
  const pointer = gluePointer({ ...account, endpoint: glue.url, store, databasePrefix })
  const tables = icebergCatalog({ store, pointer, root: `s3://${bucket}` })
  const lake: Lake = {
    store,
    tables,
    tempDir: join(folder, 'athena-tmp'),
    tenantOf: (database) => database.slice(databasePrefix.length),
    tableAt: async (database, name, snapshotId) =>
      tables.load(database.slice(databasePrefix.length), name, snapshotId === null ? undefined : { snapshotId }),
  }
  const executor = (options.executor ?? lakeExecutor)(lake)
  const athena = await wireAthena({ execute: executor.execute })
  return {
    s3,
    glue,
    athena,
    store,
    tables,
    env: {
      ESTAT_HOME: 'aws',
      S3_BUCKET: bucket,
      AWS_REGION: WIRE_REGION,
      AWS_ACCESS_KEY_ID: WIRE_KEYS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: WIRE_KEYS.secretAccessKey,
      AWS_ENDPOINT_URL_S3: s3.url,
      AWS_ENDPOINT_URL_GLUE: glue.url,
      AWS_ENDPOINT_URL_ATHENA: athena.url,
      GLUE_DATABASE_PREFIX: databasePrefix,
      ATHENA_WORKGROUP: 'primary',
    },
    async close() {
      executor.close()
      await Promise.all([s3.close(), glue.close(), athena.close()])
    },
  }
}
