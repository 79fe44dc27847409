/**
 * An Athena in this process, over real HTTP: AWS JSON 1.1 to the real SDK client, signatures checked, queries run by
 * whatever stands behind it (`Execute`), failures on demand.
 */
import type { IncomingHttpHeaders } from 'node:http'
import { answer, type Answer, type FaultPlan, faultPlan } from '../wire-aws/faults.ts'
import { wireServer, type WireServer } from '../wire-aws/server.ts'
import { AuthError, sha256, verifySigV4 } from '../wire-aws/sigv4.ts'
import { WIRE_KEYS, WIRE_REGION } from '../wire-s3/server.ts'
import { type Execution, executions, type StartInput, type Workgroup } from './executions.ts'
import type { Execute } from './executor.ts'
import { jsonAnswer, refusal, WireRefusal } from './refusal.ts'
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

export interface WireAthena extends WireServer, Pick<FaultPlan, 'plan'> {
  /** Operations in the order that they came, refused ones too. */
  readonly operations: readonly string[]
  /** Every query that was started. */
  executions(): readonly Execution[]
}

const PRIMARY: Workgroup = { outputLocation: 's3://wire-results/athena/', enforced: true, cutoffBytes: null }
/** Rows of one page at the most, the heading included. */
const PAGE = 1000

export async function wireAthena(options: WireAthenaOptions): Promise<WireAthena> {
  const { execute, workgroups = { primary: PRIMARY }, region = WIRE_REGION, queueMs = 1, now = Date.now } = options
  const keys = options.keys ?? { [WIRE_KEYS.accessKeyId]: WIRE_KEYS.secretAccessKey }
  const queries = executions({ execute, workgroups, queueMs, now })
  const faults = faultPlan()
  const operations: string[] = []
  const signing = { region, service: 'athena', keys, now }

  const server = await wireServer((request, body, response) => {
    const { method = '', url = '', headers } = request
    const operation = operationOf(headers)
    operations.push(operation)
    const act = (): Answer => {
      try {
        const { payload } = verifySigV4({ method, url, headers }, signing)
        if (payload !== sha256(body)) throw new AuthError(403, 'InvalidSignatureException')
        return jsonAnswer(200, carryOut(operation, JSON.parse(body.toString()) as Input))
      } catch (error) {
        if (error instanceof WireRefusal) return refusal(400, error.code, error.message)
        if (error instanceof AuthError) return refusal(error.status, error.code)
        throw error
      }
    }
    return answer({ request, response, act, refusal, fault: faults.take(operation, body.toString()) })
  }, options.port)

  const carryOut = (operation: string, input: Input): object => {
    switch (operation) {
      case 'StartQueryExecution':
        return { QueryExecutionId: queries.start(input) }
      case 'GetQueryExecution':
        return { QueryExecution: describe(queries.get(input.QueryExecutionId)) }
      case 'GetQueryResults':
        return resultPage(queries.get(input.QueryExecutionId), input)
      case 'StopQueryExecution':
        queries.stop(input.QueryExecutionId)
        return {}
      default:
        throw new WireRefusal('UnknownOperationException', operation)
    }
  }

  return { ...server, operations, plan: (...planned) => faults.plan(...planned), executions: () => queries.all() }
}

interface Input extends StartInput {
  readonly QueryExecutionId?: string
  readonly MaxResults?: number
  readonly NextToken?: string
}

/** `X-Amz-Target: AmazonAthena.GetQueryResults`. */
const operationOf = (headers: IncomingHttpHeaders): string =>
  /^AmazonAthena\.(\w+)$/.exec(String(headers['x-amz-target']))?.[1] ?? 'unknown'

const isSelect = (sql: string): boolean => /^\s*(SELECT|WITH|VALUES|\()/i.test(sql)

function describe(query: Execution): object {
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
function resultPage(query: Execution, { MaxResults = PAGE, NextToken }: Input): object {
  if (query.state !== 'SUCCEEDED' || query.result === null)
    throw new WireRefusal('InvalidRequestException', `Query has not yet finished. Current state: ${query.state}`)
  if (MaxResults < 1 || MaxResults > PAGE)
    throw new WireRefusal('InvalidRequestException', 'MaxResults is more than maximum allowed length 1000')
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
