/**
 * QueryEngine by Amazon Athena: the guard's tree in Athena's words, over the tables in Glue and S3.
 *
 * The role needs athena:StartQueryExecution, GetQueryExecution, GetQueryResults, StopQueryExecution on the workgroup,
 * glue:GetDatabase, GetTable(s) on the tenant's database, s3:GetObject and ListBucket on the lake, and both with
 * s3:PutObject on the place of the results. What a query may scan is the workgroup's cutoff.
 */
import { AthenaClient } from '@aws-sdk/client-athena'
import { fault } from '../../shared/fault.ts'
import type { QueryEngine, QueryRequest } from '../lake/ports.ts'
import { type AthenaText, toAthena } from '../lake/sql/athena-dialect.ts'
import { pageOf } from '../lake/sql/page.ts'
import { readSql } from '../lake/sql/read.ts'
import { placesOf } from '../lake/sql/tables.ts'
import { tieBreakers } from '../lake/sql/ties.ts'
import { typesOf } from '../lake/sql/typing.ts'
import { abortFault } from './abort-fault.ts'
import { type AwsOptions, awsClientConfig } from './aws-client.ts'
import { costOf } from './query-athena-cost.ts'
import { athenaFault } from './query-athena-faults.ts'
import { readRows } from './query-athena-results.ts'
import { type AthenaPlace, runStatement } from './query-athena-run.ts'

export interface QueryAthenaOptions extends AwsOptions {
  readonly workgroup: string
  /** `s3://bucket/prefix/` for results; absent: the workgroup's own place. Athena reuses results of that alone. */
  readonly outputLocation?: string
  /** The Glue database of a tenant's tables; of the same name where absent. */
  readonly databaseOf?: (tenant: string) => string
  /** US dollars for a terabyte scanned; 5 where absent. */
  readonly usdPerTb?: number
  /** How old a kept result may be, minutes: 0 to 10,080 (a week); 1,440 where absent. */
  readonly reuseMinutes?: number
  /** Time cap of one query, milliseconds; 20,000 where absent. */
  readonly millis?: number
  readonly pauses?: AthenaPlace['pauses']
}

/** API Reference, "StartQueryExecution": bytes of a query's text. */
const MAX_BYTES = 262_144

export function queryAthena(options: QueryAthenaOptions): QueryEngine {
  const { usdPerTb = 5, reuseMinutes = 1440, millis = 20_000, databaseOf = (tenant) => tenant } = options
  const at = athenaPlace(options)
  return {
    async query(request, signal) {
      const capped = AbortSignal.any([signal, AbortSignal.timeout(millis)])
      if (capped.aborted) throw abortFault(capped)
      const database = databaseOf(request.database)
      const { sql, json, repeatable } = await translate(request, database)
      const reuse = repeatable ? reuseMinutes : 0
      try {
        const done = await runStatement(at, { sql, database, reuseMinutes: reuse }, capped)
        const rows = await readRows(at.client, { id: done.id, maxRows: request.maxRows, json }, capped)
        const costUsd = costOf(done.bytesScanned, done.reused, usdPerTb)
        return { ...rows, bytesScanned: done.bytesScanned, costUsd, engine: 'athena' }
      } catch (error) {
        throw capped.aborted ? abortFault(capped) : athenaFault(error)
      }
    },
  }
}

/** Where statements run, for whoever runs them. */
export const athenaPlace = ({ workgroup, outputLocation, pauses, ...aws }: QueryAthenaOptions): AthenaPlace => ({
  client: new AthenaClient(awsClientConfig(aws)),
  workgroup,
  ...(outputLocation === undefined ? {} : { outputLocation }),
  pauses: pauses ?? { first: 100, most: 2000 },
})

/** One row more than asked for tells whether there are more. Athena keeps no order but the one it is told. */
async function translate(request: QueryRequest, database: string): Promise<AthenaText> {
  const { maxRows, offset, tables } = request
  if (!Number.isSafeInteger(maxRows) || maxRows < 1) throw fault('INVALID_PARAMETER', 'max_rows must be 1 or more.')
  if (!Number.isSafeInteger(offset) || offset < 0) throw fault('INVALID_PARAMETER', 'The offset must be 0 or more.')
  const query = await readSql(request.sql)
  const places = placesOf(query, { tables: Object.keys(tables), database: request.database })
  const { types, widths } = typesOf(query, tables)
  const ties = tieBreakers(query, widths, false)
  const text = toAthena(pageOf(query, offset, maxRows + 1), { types, ties, places, tables, database })
  if (Buffer.byteLength(text.sql) > MAX_BYTES)
    throw fault('INVALID_PARAMETER', 'The query is longer than Athena takes.', { hint: 'Write it shorter.' })
  return text
}
