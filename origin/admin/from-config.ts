/** The administration that the settings ask for. */
import { randomBytes, randomUUID } from 'node:crypto'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type AwsEnvironment, awsCredentials } from '../../shared/aws/credentials.ts'
import { dynamo } from '../../shared/aws/dynamodb.ts'
import { dynamoRecords } from '../../shared/aws/records-dynamodb.ts'
import { awsSender } from '../../shared/aws/sender.ts'
import { ConfigError, type OriginConfig } from '../../shared/config.ts'
import type { Metrics } from '../../shared/metrics.ts'
import type { Records } from '../../shared/records.ts'
import { holding } from '../../shared/holding.ts'
import { cacheSize, clearCache } from '../adapters/store-s3-cache.ts'
import type { EmbeddedPorts } from '../embedded.ts'
import type { Log } from '../log.ts'
import { requestLog } from '../observe/request-log.ts'
import type { StoreCondition } from '../store-probe.ts'
import type { AdminOptions, Copies, EdgeAdmin } from './deps.ts'
import { probesOf } from './probes.ts'

export interface AdminParts {
  readonly ports: EmbeddedPorts
  readonly metrics: Metrics
  readonly condition: () => Promise<StoreCondition>
  /** Where credentials of AWS stand. */
  readonly env: AwsEnvironment
  readonly log: Log
  readonly report: AdminOptions['report']
  readonly now: () => number
}

/** @throws ConfigError where a setting lacks that another needs. */
export function adminFrom(config: OriginConfig, parts: AdminParts): AdminOptions {
  const { ports, metrics, condition, log, report, now } = parts
  return {
    adminKeys: config.ORIGIN_ADMIN_KEYS,
    allowedHosts: config.ADMIN_ALLOWED_HOSTS,
    ports,
    metrics,
    probes: probesOf(config, ports, condition),
    copies: copiesOf(config),
    records: recordsOf(config, parts),
    edge: edgeOf(config),
    now,
    newId: randomUUID,
    random: (count) => randomBytes(count),
    sleep: (millis) => sleep(millis),
    audit: (entry) => log('info', 'administered', { ...entry }),
    report,
    around: requestLog({ log, metrics, now, routes: ['/admin/', '/admin/health', '/admin/metrics', '/admin/*'] }),
  }
}

function copiesOf(config: OriginConfig): Copies | null {
  if (config.ESTAT_HOME !== 'aws') return null
  const folder = join(resolve(config.ESTAT_DATA_DIR), 'cache')
  return { size: () => cacheSize(folder), clear: () => clearCache({ folder }) }
}

function edgeOf({ EDGE_URL: url, EDGE_ADMIN_KEY: key }: OriginConfig): EdgeAdmin | null {
  if ((url === undefined) !== (key === undefined))
    throw new ConfigError(['EDGE_URL: needs EDGE_ADMIN_KEY, and it this'])
  return url === undefined || key === undefined ? null : { url, key, send: holding((request) => fetch(request)) }
}

function recordsOf(config: OriginConfig, { env, now }: AdminParts): Records | null {
  const { EDGE_TABLE: table, AWS_REGION: region } = config
  if (table === undefined) return null
  if (region === undefined) throw new ConfigError(['AWS_REGION: is required with EDGE_TABLE'])
  const endpoint = config.AWS_ENDPOINT_URL_DYNAMODB ?? `https://dynamodb.${region}.amazonaws.com`
  const send = holding((request) => fetch(request))
  const aws = awsSender({ service: 'dynamodb', region, credentials: credentialsIn({ env, send, now }), send })
  return dynamoRecords({ dynamo: dynamo({ endpoint, table, aws }), now })
}

function credentialsIn(options: Parameters<typeof awsCredentials>[0]): ReturnType<typeof awsCredentials> {
  try {
    return awsCredentials(options)
  } catch {
    throw new ConfigError(['EDGE_TABLE: needs an access key in the environment, or the role of a container'])
  }
}
