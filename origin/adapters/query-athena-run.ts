/** One statement on Athena, from its start to its end. */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  type AthenaClient,
  GetQueryExecutionCommand,
  type QueryExecution,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from '@aws-sdk/client-athena'
import { abortFault } from './abort-fault.ts'
import { outcomeUnknown } from './aws-faults.ts'
import { athenaFault, endFault } from './query-athena-faults.ts'

export interface Statement {
  readonly sql: string
  /** The Glue database of names without one. */
  readonly database: string
  /** How old a result of the same text may be that is given again, minutes; 0: it always runs. */
  readonly reuseMinutes: number
}

export interface AthenaPlace {
  readonly client: AthenaClient
  readonly workgroup: string
  /** `s3://bucket/prefix/` of the results; absent: the workgroup's own, which result reuse asks for. */
  readonly outputLocation?: string
  /** Milliseconds before the first look at a query, and between two at the most. */
  readonly pauses: { readonly first: number; readonly most: number }
}

export interface Finished {
  readonly id: string
  readonly bytesScanned: number
  /** Whether an earlier result was given again: nothing was scanned, and nothing is billed. */
  readonly reused: boolean
}

/**
 * Starts the statement and waits for its end. When `signal` aborts, it is stopped: also one whose start was under way,
 * for which the request is heard to its end, since only its answer names the query. A start that is sent again carries the
 * same ClientRequestToken, so that Athena starts one query (API Reference, "StartQueryExecution").
 * @throws Fault as `athenaFault` and `endFault`; TIMEOUT_ERROR or CANCELLED after an abort.
 */
export async function runStatement(at: AthenaPlace, statement: Statement, signal: AbortSignal): Promise<Finished> {
  if (signal.aborted) throw abortFault(signal)
  const token = randomUUID()
  const starting = start(at, statement, token)
  try {
    const id = await unlessAborted(starting, signal)
    return await end(at, id, statement.sql, signal)
  } catch (error) {
    // Nobody waits for the stop: the caller has gone, and its signal must not cut this too.
    if (signal.aborted) void stopStarted(at, starting)
    else if (outcomeUnknown(error))
      void stopStarted(
        at,
        starting.catch(() => start(at, statement, token)),
      )
    throw signal.aborted ? abortFault(signal) : athenaFault(error)
  }
}

async function start({ client, workgroup, outputLocation }: AthenaPlace, statement: Statement, token: string) {
  const { sql, database, reuseMinutes } = statement
  const { QueryExecutionId } = await client.send(
    new StartQueryExecutionCommand({
      QueryString: sql,
      ClientRequestToken: token,
      QueryExecutionContext: { Database: database },
      WorkGroup: workgroup,
      ...(outputLocation === undefined ? {} : { ResultConfiguration: { OutputLocation: outputLocation } }),
      ResultReuseConfiguration: {
        ResultReuseByAgeConfiguration:
          reuseMinutes > 0 ? { Enabled: true, MaxAgeInMinutes: reuseMinutes } : { Enabled: false },
      },
    }),
  )
  return QueryExecutionId ?? ''
}

async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let leave = (): void => {}
  const left = new Promise<never>((_, reject) => {
    leave = () => reject(abortFault(signal))
    signal.addEventListener('abort', leave, { once: true })
  })
  return Promise.race([work, left]).finally(() => signal.removeEventListener('abort', leave))
}

/** Stopping what has ended already is no error to Athena; what cannot be stopped ends at the workgroup's own limits. */
const stopStarted = ({ client }: AthenaPlace, starting: Promise<string>): Promise<unknown> =>
  starting.then((id) => client.send(new StopQueryExecutionCommand({ QueryExecutionId: id }))).catch(() => {})

/** Asks until the query has ended, with growing pauses. */
async function end({ client, pauses }: AthenaPlace, id: string, sql: string, signal: AbortSignal): Promise<Finished> {
  for (let pause = pauses.first; ; pause = Math.min(pause * 1.5, pauses.most)) {
    await sleep(pause, undefined, { signal })
    const answer = await client.send(new GetQueryExecutionCommand({ QueryExecutionId: id }), { abortSignal: signal })
    const state = answer.QueryExecution?.Status?.State
    if (state === 'SUCCEEDED') return finished(id, answer.QueryExecution)
    if (state === 'FAILED' || state === 'CANCELLED') throw endFault(answer.QueryExecution?.Status, sql)
  }
}

const finished = (id: string, execution: QueryExecution | undefined): Finished => ({
  id,
  bytesScanned: execution?.Statistics?.DataScannedInBytes ?? 0,
  reused: execution?.Statistics?.ResultReuseInformation?.ReusedPreviousResult ?? false,
})
