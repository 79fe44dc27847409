/**
 * An Athena in this process, over real HTTP: AWS JSON 1.1 to the real SDK client, signatures checked, queries run by
 * whatever stands behind it (`Execute`), failures on demand.
 */
import { jsonServer, type JsonServer, JsonError } from '../wire-aws/json.ts'
import { WIRE_KEYS, WIRE_REGION } from '../wire-s3/server.ts'
import { type Execution, executions, type StartInput, type Workgroup } from './executions.ts'
import type { Execute } from './executor.ts'
import { columnInfo, headerRow, wireRow } from './texts.ts'

export interface WireAthenaOptions {
  readonly execute: Execute
  /** `primary` with an enforced place and no cutoff where absent. */
  readonly workgroups?: Readonly<Record<string, Workgroup>>
  readonly region?: string
  /** Secret by access key id. */
  readonly keys?: Readonly<Record<string, string>>
  readonly queueMs?: number
  readonly now?: () => number
  readonly port?: number
}

export interface WireAthena extends JsonServer {
  /** Every query that was started. */
  executions(): readonly Execution[]
}

const PRIMARY: Workgroup = { outputLocation: 's3://wire-results/athena/', enforced: true, cutoffBytes: null }
/** Rows of one page at the most, the heading included. */
const PAGE = 1000

export async function wireAthena(options: WireAthenaOptions): Promise<WireAthena> {
  const { execute, workgroups = { primary: PRIMARY }, queueMs = 1, now = Date.now } = options
  const queries = executions({ execute, workgroups, queueMs, now })
  const server = await jsonServer({
    ...(options.port === undefined ? {} : { port: options.port }),
    target: 'AmazonAthena',
    service: 'athena',
    region: options.region ?? WIRE_REGION,
    keys: options.keys ?? { [WIRE_KEYS.accessKeyId]: WIRE_KEYS.secretAccessKey },
    now,
    operations: {
      StartQueryExecution: (input: Input) => ({ QueryExecutionId: queries.start(input) }),
      GetQueryExecution: ({ QueryExecutionId }: Input) => ({ QueryExecution: describe(queries.get(QueryExecutionId)) }),
      GetQueryResults: (input: Input) => resultPage(queries.get(input.QueryExecutionId), input),
      StopQueryExecution({ QueryExecutionId }: Input) {
        queries.stop(QueryExecutionId)
        return {}
      },
    },
  })
  return { ...server, executions: () => queries.all() }
}

interface Input extends StartInput {
  readonly QueryExecutionId?: string
  readonly MaxResults?: number
  readonly NextToken?: string
}

const isSelect = (sql: string): boolean => /^\s*(SELECT|WITH|VALUES|\()/i.test(sql)

function describe(query: Execution) {
  const bytes = query.reused ? 0 : (query.result?.bytes ?? 0)
  return {
    QueryExecutionId: query.id,
    Query: query.sql,
    StatementType: /^\s*(CREATE|DROP|ALTER)/i.test(query.sql) ? 'DDL' : 'DML',
    QueryExecutionContext: { Database: query.database },
    WorkGroup: query.workgroup,
    ResultConfiguration: { OutputLocation: `${query.output}${query.id}.csv` },
    EngineVersion: { SelectedEngineVersion: 'AUTO', EffectiveEngineVersion: 'Athena engine version 3' },
    Status: {
      State: query.state,
      SubmissionDateTime: query.submitted / 1000,
      ...(query.ended === null ? {} : { CompletionDateTime: query.ended / 1000 }),
      ...(query.reason === null ? {} : { StateChangeReason: query.reason }),
      ...(query.state === 'FAILED'
        ? { AthenaError: { ErrorCategory: query.category, ErrorType: 0, Retryable: false, ErrorMessage: query.reason } }
        : {}),
    },
    Statistics: {
      DataScannedInBytes: bytes,
      ResultReuseInformation: { ReusedPreviousResult: query.reused },
      EngineExecutionTimeInMillis: (query.ended ?? query.submitted) - query.submitted,
    },
  }
}

/** The heading is a row of the first page of a SELECT, and counts there. */
function resultPage(query: Execution, { MaxResults = PAGE, NextToken }: Input) {
  if (query.state !== 'SUCCEEDED' || query.result === null)
    throw new JsonError('InvalidRequestException', `Query has not yet finished. Current state: ${query.state}`)
  if (MaxResults < 1 || MaxResults > PAGE)
    throw new JsonError('InvalidRequestException', 'MaxResults is more than maximum allowed length 1000')
  const { result } = query
  const headings = isSelect(query.sql) ? 1 : 0
  const from = NextToken === undefined ? 0 : Number(Buffer.from(NextToken, 'base64').toString())
  const total = result.rows.length + headings
  const to = Math.min(total, from + MaxResults)
  const rows = result.rows.slice(Math.max(0, from - headings), to - headings).map((row) => wireRow(row, result))
  return {
    UpdateCount: 0,
    ResultSet: {
      Rows: from === 0 && headings === 1 ? [headerRow(result), ...rows] : rows,
      ResultSetMetadata: { ColumnInfo: result.columns.map(columnInfo) },
    },
    ...(to < total ? { NextToken: Buffer.from(String(to)).toString('base64') } : {}),
  }
}
