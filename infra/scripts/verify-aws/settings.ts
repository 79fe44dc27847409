/** What `npm run verify:aws` works on, from the environment, checked before anything is asked of AWS. */
import { randomBytes } from 'node:crypto'
import { ConfigError, OriginConfig, parseConfig } from '../../../shared/config.ts'
import type { Env } from '../start/settings.ts'

/** Of the bundled sample. */
export const DATASET = '0003410379'

export interface VerifySettings {
  /** Its own, so that nothing of anybody is touched: of the objects' keys and of the Glue database's name. */
  readonly tenant: string
  readonly database: string
  readonly workgroup: string
  /** Where Athena writes, unless the workgroup insists on a place of its own. */
  readonly outputLocation: string
  /** Variables of an origin on this account, Athena for everything. */
  readonly env: Readonly<Record<string, string>>
  readonly config: OriginConfig
}

/** @param dataDir Folder of work in progress. @throws ConfigError with a line for each setting that lacks or is wrong. */
export function verifySettings(env: Env, dataDir: string): VerifySettings {
  const missing = ['S3_BUCKET', 'AWS_REGION'].filter((name) => !env[name]).map((name) => `${name}: is required`)
  if (missing.length > 0) throw new ConfigError(missing)
  const tenant = `verify_${randomBytes(4).toString('hex')}`
  const workgroup = env['ATHENA_WORKGROUP'] || 'primary'
  const outputLocation = `s3://${env['S3_BUCKET']}/${tenant}/athena-results/`
  const own: Record<string, string> = {
    ESTAT_HOME: 'aws',
    ESTAT_TABLES: 'glue',
    ESTAT_DATA_DIR: dataDir,
    GLUE_DATABASE_PREFIX: env['GLUE_DATABASE_PREFIX'] || 'estat_',
    ATHENA_WORKGROUP: workgroup,
    ATHENA_OUTPUT_LOCATION: outputLocation,
    ATHENA_SMALL_MB: '0',
    ESTAT_CALL_SECONDS: '45',
  }
  const all: Env = { ...env, ...own, ESTAT_APP_ID: undefined }
  const config = parseConfig(OriginConfig, all)
  const database = `${config.GLUE_DATABASE_PREFIX}${tenant}`
  return { tenant, database, workgroup, outputLocation, env: own, config }
}
