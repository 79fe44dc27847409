/** The queries of one Athena: their states, workgroups, tokens, and results that are given again. */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { JsonError } from '../wire-aws/json.ts'
import { type Execute, type Executed, StatementError } from './executor.ts'

export interface Workgroup {
  /** Null: whoever asks has to say where results go. */
  readonly outputLocation: string | null
  readonly enforced: boolean
  /** `BytesScannedCutoffPerQuery`: 10,000,000 at least on the real one. */
  readonly cutoffBytes: number | null
  readonly enabled?: boolean
}

export type State = 'QUEUED' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELLED'

export interface Execution {
  readonly id: string
  readonly sql: string
  readonly database: string
  readonly workgroup: string
  readonly output: string
  readonly submitted: number
  state: State
  reason: string | null
  /** API Reference, "AthenaError": 1 system, 2 user. */
  category: 1 | 2
  ended: number | null
  result: Executed | null
  reused: boolean
  readonly stop: AbortController
}

export interface StartInput {
  readonly QueryString?: string
  readonly ClientRequestToken?: string
  readonly WorkGroup?: string
  readonly QueryExecutionContext?: { readonly Database?: string }
  readonly ResultConfiguration?: { readonly OutputLocation?: string }
  readonly ResultReuseConfiguration?: {
    readonly ResultReuseByAgeConfiguration?: { readonly Enabled: boolean; readonly MaxAgeInMinutes?: number }
  }
}

export interface ExecutionsOptions {
  readonly execute: Execute
  readonly workgroups: Readonly<Record<string, Workgroup>>
  /** Milliseconds in the queue. */
  readonly queueMs: number
  readonly now: () => number
}

export function executions({ execute, workgroups, queueMs, now }: ExecutionsOptions) {
  const all = new Map<string, Execution>()
  const tokens = new Map<string, { readonly id: string; readonly input: string }>()

  const start = (input: StartInput): string => {
    const { QueryString: sql = '', ClientRequestToken: token = randomUUID() } = input
    checkStart(sql, token)
    const known = tokens.get(token)
    if (known !== undefined) {
      if (known.input !== JSON.stringify(input))
        throw new JsonError('InvalidRequestException', 'Idempotent parameters do not match')
      return known.id
    }
    const place = placeOf(input, workgroups)
    const database = input.QueryExecutionContext?.Database ?? 'default'
    const execution: Execution = {
      id: randomUUID(), sql, database, ...place, submitted: now(), state: 'QUEUED', reason: null, category: 2,
      ended: null, result: null, reused: false, stop: new AbortController(),
    } // biome-ignore format: one record
    tokens.set(token, { id: execution.id, input: JSON.stringify(input) })
    const earlier = reusable(input, execution)
    all.set(execution.id, execution)
    if (earlier === null) void run(execution)
    else Object.assign(execution, { state: 'SUCCEEDED', result: earlier.result, reused: true, ended: now() })
    return execution.id
  }

  const reusable = (input: StartInput, { sql, database, workgroup, output }: Execution): Execution | null => {
    const reuse = input.ResultReuseConfiguration?.ResultReuseByAgeConfiguration
    if (reuse?.Enabled !== true || input.ResultConfiguration !== undefined) return null
    const since = now() - (reuse.MaxAgeInMinutes ?? 60) * 60_000
    const fits = (one: Execution): boolean =>
      one.state === 'SUCCEEDED' && !one.reused && one.submitted >= since && one.sql === sql &&
      one.database === database && one.workgroup === workgroup && one.output === output // biome-ignore format: conditions
    return [...all.values()].findLast(fits) ?? null
  }

  const run = async (execution: Execution): Promise<void> => {
    const { signal } = execution.stop
    await sleep(queueMs, undefined, { signal }).catch(() => {})
    if (signal.aborted) return
    execution.state = 'RUNNING'
    try {
      const result = await execute(execution.sql, execution.database, signal)
      if (signal.aborted) return
      const cutoff = workgroups[execution.workgroup]?.cutoffBytes ?? null
      if (cutoff !== null && result.bytes > cutoff)
        return close(execution, 'CANCELLED', 'Bytes scanned limit was exceeded')
      execution.result = result
      close(execution, 'SUCCEEDED', null)
    } catch (error) {
      if (signal.aborted) return
      execution.category = error instanceof StatementError ? 2 : 1
      close(execution, 'FAILED', error instanceof Error ? error.message : String(error))
    }
  }
  const close = (execution: Execution, state: State, reason: string | null): void => {
    Object.assign(execution, { state, reason, ended: now() })
  }

  const get = (id: string | undefined): Execution => {
    const found = all.get(id ?? '')
    if (found === undefined) throw new JsonError('InvalidRequestException', `QueryExecution ${id} was not found`)
    return found
  }

  return {
    start,
    get,
    stop(id: string | undefined): void {
      const execution = get(id)
      if (execution.state !== 'QUEUED' && execution.state !== 'RUNNING') return
      execution.stop.abort()
      close(execution, 'CANCELLED', 'Query cancelled by user')
    },
    all: (): readonly Execution[] => [...all.values()],
  }
}

/** API Reference, "StartQueryExecution": lengths of the query and of the token. */
function checkStart(sql: string, token: string): void {
  const invalid = (message: string) => new JsonError('InvalidRequestException', message)
  if (sql === '') throw invalid('QueryString is required')
  if (Buffer.byteLength(sql) > 262_144) throw invalid('Query string has length greater than the maximum of 262144')
  if (token.length < 32 || token.length > 128) throw invalid('ClientRequestToken must be 32 to 128 characters')
}

function placeOf(input: StartInput, workgroups: ExecutionsOptions['workgroups']) {
  const name = input.WorkGroup ?? 'primary'
  const workgroup = workgroups[name]
  if (workgroup === undefined) throw new JsonError('InvalidRequestException', `WorkGroup ${name} is not found.`)
  if (workgroup.enabled === false) throw new JsonError('InvalidRequestException', `WorkGroup ${name} is disabled.`)
  const asked = input.ResultConfiguration?.OutputLocation
  const output = workgroup.enforced ? workgroup.outputLocation : (asked ?? workgroup.outputLocation)
  if (output === null)
    throw new JsonError(
      'InvalidRequestException',
      'No output location provided. An output location is required either through the Workgroup result configuration setting or as an API input.',
    )
  return { workgroup: name, output }
}
