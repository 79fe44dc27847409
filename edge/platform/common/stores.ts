/** The adapters that the settings ask for, for every platform that is not Cloudflare. */
import type { EdgeServerConfig } from '../../../shared/config.ts'
import { dynamoCounter } from '../../adapters/counter-dynamodb.ts'
import { memoryCounter } from '../../adapters/counter-memory.ts'
import { dynamoFlights } from '../../adapters/flights-dynamodb.ts'
import { sharedReads } from '../../adapters/shared-reads.ts'
import type { Report } from '../../env.ts'
import type { PlatformParts } from '../edge-of.ts'
import { recordsOf } from './records.ts'
import { resultsOf } from './results.ts'
import { tableOf } from './table.ts'

export type Environment = Readonly<Record<string, string | undefined>>
export type Stores = Pick<PlatformParts, 'records' | 'counter' | 'cache' | 'flights'>

export interface StoresOptions {
  readonly config: EdgeServerConfig
  readonly env: Environment
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly report: Report
}

export function storesOf(options: StoresOptions): Stores {
  const { config, now, report } = options
  const table = config.EDGE_STORE === 'dynamodb' ? tableOf(options) : null
  const cache = resultsOf(options)
  const newId = (): string => crypto.randomUUID()
  return {
    records: sharedReads(recordsOf(options, table)),
    counter: table ? dynamoCounter({ dynamo: table, now }) : memoryCounter({ now }),
    cache,
    ...(table ? { flights: (run) => dynamoFlights({ dynamo: table, cache, run, now, newId, report }) } : {}),
  }
}
