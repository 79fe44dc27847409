/** Which home the settings choose. What only AWS needs is loaded only there: the SDK costs memory and time to start. */
import { ConfigError, type OriginConfig } from '../shared/config.ts'
import { isLoopback } from '../shared/loopback.ts'
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
      endpoints: { ...(s3 === undefined ? {} : { s3 }), ...(glue === undefined ? {} : { glue }) },
    },
    { ...common, dataDir },
  )
}
