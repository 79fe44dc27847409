/** Which home the settings choose. What only AWS needs is loaded only there: the SDK costs memory and time to start. */
import { ConfigError, type OriginConfig } from '../shared/config.ts'
import { isLoopback } from '../shared/loopback.ts'
import type { AthenaHomeOptions } from './aws.ts'
import { type EmbeddedOptions, type EmbeddedPorts, embeddedPorts } from './embedded.ts'

/** @throws ConfigError where a setting lacks that the home needs. */
export async function homePorts(
  config: OriginConfig,
  common: Omit<EmbeddedOptions, 'bucket' | 'sharesDisk' | 'dataDir'>,
): Promise<EmbeddedPorts> {
  const { S3_BUCKET: bucket, ESTAT_DATA_DIR: dataDir } = config
  if (config.ESTAT_HOME === 'embedded') {
    const sharesDisk = config.ESTAT_LOCAL_PATHS === 'auto' ? isLoopback(config.HOST) : config.ESTAT_LOCAL_PATHS === 'on'
    return embeddedPorts({ ...common, dataDir, bucket, sharesDisk })
  }
  const { AWS_REGION: region, AWS_ENDPOINT_URL_S3: s3, AWS_ENDPOINT_URL_GLUE: glue } = config
  const athena = config.AWS_ENDPOINT_URL_ATHENA
  if (region === undefined) throw new ConfigError(['AWS_REGION: is required with ESTAT_HOME=aws'])
  const { awsPorts } = await import('./aws.ts')
  return awsPorts(
    {
      region,
      bucket,
      dataDir,
      cacheBytes: config.ESTAT_CACHE_MB * 1_000_000,
      tables: config.ESTAT_TABLES,
      databasePrefix: config.GLUE_DATABASE_PREFIX,
      endpoints: {
        ...(s3 === undefined ? {} : { s3 }),
        ...(glue === undefined ? {} : { glue }),
        ...(athena === undefined ? {} : { athena }),
      },
      athena: athenaOf(config),
    },
    { ...common, dataDir },
  )
}

/** @throws ConfigError where Athena could not find the tables. */
function athenaOf(config: OriginConfig): AthenaHomeOptions | null {
  const { ATHENA_WORKGROUP: workgroup, ATHENA_OUTPUT_LOCATION: outputLocation } = config
  if (workgroup === undefined && config.LAKE_WRITER === 'athena')
    throw new ConfigError(['LAKE_WRITER: athena needs ATHENA_WORKGROUP'])
  if (workgroup === undefined) return null
  if (config.ESTAT_TABLES === 'files')
    throw new ConfigError(['ATHENA_WORKGROUP: needs ESTAT_TABLES=glue, where Athena finds tables'])
  return {
    workgroup,
    ...(outputLocation === undefined ? {} : { outputLocation }),
    reuseMinutes: config.ATHENA_REUSE_MINUTES,
    usdPerTb: config.ATHENA_USD_PER_TB,
    smallBytes: config.ATHENA_SMALL_MB * 1_000_000,
    writer: config.LAKE_WRITER,
  }
}
