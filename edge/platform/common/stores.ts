/** The adapters that the settings ask for, for every platform that is not Cloudflare. */
import type { EdgeServerConfig } from '../../../shared/config.ts'
import { memoryCache } from '../../adapters/cache-memory.ts'
import { dynamoCounter } from '../../adapters/counter-dynamodb.ts'
import { memoryCounter } from '../../adapters/counter-memory.ts'
import { sharedReads } from '../../adapters/shared-reads.ts'
import type { Report } from '../../env.ts'
import type { PlatformParts } from '../edge-of.ts'
import { recordsOf } from './records.ts'
import { tableOf } from './table.ts'

export type Environment = Readonly<Record<string, string | undefined>>
export type Stores = Pick<PlatformParts, 'records' | 'counter' | 'cache'>

export interface StoresOptions {
  readonly config: EdgeServerConfig
  readonly env: Environment
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly report: Report
}

export function storesOf(options: StoresOptions): Stores {
  const { config, now } = options
  const table = config.EDGE_STORE === 'dynamodb' ? tableOf(options) : null
  return {
    records: sharedReads(recordsOf(options, table)),
    counter: table ? dynamoCounter({ dynamo: table, now }) : memoryCounter({ now }),
    cache: memoryCache({ now }),
  }
}
