/** What only a remote engine can do wrong: starts sent twice, answers lost, limits, stops, results given again. */
import { afterEach, describe, expect, it } from 'vitest'
import { queryAthena, type QueryAthenaOptions } from '../../../origin/adapters/query-athena.ts'
import type { LakeTable } from '../../../origin/lake/ports.ts'
import { Fault } from '../../../shared/fault.ts'
import type { Workgroup } from '../../support/wire-athena/executions.ts'
import { type Execute, StatementError } from '../../support/wire-athena/executor.ts'
import { type WireAthena, wireAthena } from '../../support/wire-athena/server.ts'
import { WIRE_KEYS, WIRE_REGION } from '../../support/wire-s3/server.ts'

const TABLE: LakeTable = {
  tenant: 'estat',
  name: 't',
  uuid: '00000000-0000-4000-8000-000000000000',
  columns: [{ name: 'a', type: 'string', fieldId: 1, doc: '' }],
  rows: 1,
  snapshotId: '77',
  snapshots: [],
  files: [{ key: 'k', rows: 1, bytes: 9, datasetId: '0000000000' }],
  properties: {},
}

let athena: WireAthena
const opened: WireAthena[] = []
afterEach(() => Promise.all(opened.splice(0).map((server) => server.close())))

interface SetUp extends Partial<QueryAthenaOptions> {
  readonly execute?: Execute
  readonly workgroups?: Readonly<Record<string, Workgroup>>
}

async function setUp({ execute = one, workgroups, ...options }: SetUp = {}) {
  athena = await wireAthena({ execute, ...(workgroups === undefined ? {} : { workgroups }) })
  opened.push(athena)
  const engine = queryAthena({
    region: WIRE_REGION, endpoint: athena.url, credentials: WIRE_KEYS, workgroup: 'primary',
    pauses: { first: 1, most: 5 }, ...options,
  }) // biome-ignore format: one call
  const ask = (sql: string, { maxRows = 10, tables = { t: TABLE }, signal = new AbortController().signal } = {}) =>
    engine.query({ sql, tables, database: 'estat', maxRows, offset: 0 }, signal)
  const refusal = async (sql = 'SELECT a FROM t'): Promise<Fault> => {
    const error: unknown = await ask(sql).then(
      () => new Error('it ran'),
      (thrown: unknown) => thrown,
    )
    if (!(error instanceof Fault)) throw error
    expect(`${error.message} ${error.hint}`).not.toMatch(/s3:\/\/|arn:|AKIA|secret-name|127\.0\.0\.1/)
    return error
  }
  return { ask, refusal }
}

const COLUMN = [{ name: 'a', type: 'varchar' }]
const one: Execute = async () => ({ columns: COLUMN, rows: [['x']], bytes: 12_345_678 })
const fails =
  (reason: string): Execute =>
  async () => {
    throw new StatementError(reason)
  }
/** Runs until it is stopped. */
const forever: Execute = (_sql, _database, signal) =>
  new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('stopped'))))
async function stopped(): Promise<void> {
  await expect.poll(() => athena.executions().map(({ state }) => state), { timeout: 3000 }).toEqual(['CANCELLED'])
}

const count = (operation: string): number => athena.requests.filter((name) => name === operation).length

describe('Athena over the wire', () => {
  it('sends the whole order, the page and the snapshot', async () => {
    const { ask } = await setUp()
    await ask('SELECT a FROM t')
    expect(athena.executions()[0]).toMatchObject({
      database: 'estat',
      sql: 'SELECT "a" FROM "estat"."t" FOR VERSION AS OF 77 ORDER BY 1 NULLS LAST OFFSET 0 LIMIT 11',
    })
  })

  it('reads nothing of a table without a snapshot, whatever was loaded meanwhile', async () => {
    const { ask } = await setUp()
    await ask('WITH c AS (SELECT a FROM t) SELECT x.a FROM t AS x JOIN c ON c.a = x.a', {
      tables: { t: { ...TABLE, snapshotId: null, files: [] } },
    })
    const empty = '(SELECT CAST(NULL AS varchar) AS "a" WHERE false)'
    expect(athena.executions()[0]?.sql).toContain(`WITH "c" AS (SELECT "a" FROM ${empty} AS "t")`)
    expect(athena.executions()[0]?.sql).toContain(`FROM ${empty} AS "x"`)
  })

  it('says what was scanned and what it costs: ten megabytes at the least', async () => {
    const { ask } = await setUp()
    expect(await ask('SELECT a FROM t')).toMatchObject({ rows: [['x']], bytesScanned: 12_345_678, engine: 'athena' })
    expect((await ask('SELECT a AS b FROM t')).costUsd).toBeCloseTo(13 * 5e-6, 12)
    const small = await setUp({ execute: async () => ({ columns: COLUMN, rows: [], bytes: 3 }), usdPerTb: 10 })
    expect((await small.ask('SELECT a FROM t')).costUsd).toBeCloseTo(10 * 1e-5, 12)
  })

  it('gets a kept result for the same text and state at no cost, and none for a text that asks the clock', async () => {
    const { ask } = await setUp()
    await ask('SELECT a FROM t')
    expect(await ask('SELECT a FROM t')).toMatchObject({ rows: [['x']], bytesScanned: 0, costUsd: 0 })
    const later = { t: { ...TABLE, snapshotId: '78' } }
    expect((await ask('SELECT a FROM t', { tables: later })).costUsd).toBeGreaterThan(0)
    await ask('SELECT a, current_date AS d FROM t')
    expect((await ask('SELECT a, current_date AS d FROM t')).costUsd).toBeGreaterThan(0)
  })

  it('reads every page of a thousand rows, the heading of the first left out', async () => {
    const rows = Array.from({ length: 2500 }, (_, at) => [`r${at}`])
    const { ask } = await setUp({ execute: async () => ({ columns: COLUMN, rows, bytes: 1 }) })
    const answer = await ask('SELECT a FROM t', { maxRows: 5000 })
    expect([answer.rows.length, answer.more, count('GetQueryResults')]).toEqual([2500, false, 3])
    expect([answer.rows[0], answer.rows[999], answer.rows[2499]]).toEqual([['r0'], ['r999'], ['r2499']])
    expect(await ask('SELECT a FROM t', { maxRows: 2499 })).toMatchObject({ more: true, rows: { length: 2499 } })
  })

  it.each([
    ['the answer is lost', { kind: 'lose-answer' }],
    ['the service fails', { kind: 'refuse', status: 500, code: 'InternalServerException' }],
    ['the service is busy', { kind: 'refuse', status: 400, code: 'TooManyRequestsException' }],
    ['the connection breaks', { kind: 'reset' }],
  ] as const)('starts one query where %s', async (_what, fault) => {
    const { ask } = await setUp()
    athena.plan(
      { on: 'StartQueryExecution', times: 2, fault },
      { on: 'GetQueryExecution', fault },
      { on: 'GetQueryResults', fault },
    )
    expect((await ask('SELECT a FROM t')).rows).toEqual([['x']])
    expect([count('StartQueryExecution'), athena.executions().length]).toEqual([3, 1])
  })

  it('says that Athena is busy where it stays so', async () => {
    const { refusal } = await setUp({ maxAttempts: 2 })
    athena.plan({
      on: 'StartQueryExecution',
      times: 9,
      fault: { kind: 'refuse', status: 400, code: 'ThrottlingException' },
    })
    expect(await refusal()).toMatchObject({ code: 'AWS_SERVICE_ERROR', retryAfterSeconds: 10 })
  })

  it('stops the query whose start it never heard of', async () => {
    const { refusal } = await setUp({ maxAttempts: 1, execute: forever })
    athena.plan({ on: 'StartQueryExecution', fault: { kind: 'lose-answer' } })
    expect((await refusal()).code).toBe('AWS_SERVICE_ERROR')
    await stopped()
  })

  it('stops the query when its caller goes while it runs', async () => {
    const { ask } = await setUp({ execute: forever })
    const caller = new AbortController()
    setTimeout(() => caller.abort(), 60)
    await expect(ask('SELECT a FROM t', { signal: caller.signal })).rejects.toMatchObject({ code: 'CANCELLED' })
    await stopped()
  })

  it('stops the query when its caller goes before its start was answered', async () => {
    const { ask } = await setUp({ execute: forever })
    athena.plan({ on: 'StartQueryExecution', fault: { kind: 'do-late', ms: 200 } })
    const caller = new AbortController()
    setTimeout(() => caller.abort(), 50)
    await expect(ask('SELECT a FROM t', { signal: caller.signal })).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(athena.executions()).toEqual([])
    await stopped()
  })

  it('stops the query at its time cap', async () => {
    const { refusal } = await setUp({ execute: forever, millis: 80 })
    expect((await refusal()).code).toBe('TIMEOUT_ERROR')
    await stopped()
  })
})

describe('what Athena says, in our words', () => {
  it.each([
    [
      'a column',
      "COLUMN_NOT_FOUND: line 1:8: Column 'aa' cannot be resolved",
      'QUERY_REJECTED',
      /no column "aa", near "a"/,
    ],
    ['the memory', 'Query exhausted resources at this scale factor', 'QUERY_REJECTED', /more than one query may use/],
    [
      'an expired snapshot',
      'INVALID_ARGUMENTS: Iceberg snapshot ID does not exists: 77',
      'AWS_SERVICE_ERROR',
      /expired/,
    ],
    [
      'S3',
      'PERMISSION_DENIED: Access Denied (Service: Amazon S3; Status Code: 403; s3://secret-name/x)',
      'AWS_SERVICE_ERROR',
      /may not read/,
    ],
    [
      'a bucket',
      'The specified bucket does not exist (NoSuchBucket; s3://secret-name)',
      'AWS_SERVICE_ERROR',
      /place of Athena for results/,
    ],
    [
      'a table',
      "TABLE_NOT_FOUND: line 1:15: Table 'awsdatacatalog.estat.t' does not exist",
      'AWS_SERVICE_ERROR',
      /does not see/,
    ],
    ['its own time', 'Query timeout', 'TIMEOUT_ERROR', /too long/],
    ['something new', 'NEW_THING: arn:aws:x s3://secret-name', 'QUERY_REJECTED', /could not run the query/],
  ])('tells of %s', async (_what, reason, code, says) => {
    const { refusal } = await setUp({ execute: fails(reason) })
    const fault = await refusal()
    expect(fault.code).toBe(code)
    expect(fault.message).toMatch(says)
  })

  it('tells a failure of Athena from one of the query', async () => {
    const { refusal } = await setUp({ execute: () => Promise.reject(new Error('worker arn:aws:x was lost')) })
    expect(await refusal()).toMatchObject({ code: 'AWS_SERVICE_ERROR', message: 'Athena failed to run the query.' })
  })

  const place: Workgroup = { outputLocation: 's3://secret-name/', enforced: true, cutoffBytes: null }
  it.each([
    ['no place for results', { primary: { ...place, outputLocation: null } }, /no place to write/],
    ['no such workgroup', { other: place }, /workgroup/],
    ['a workgroup that is off', { primary: { ...place, enabled: false } }, /workgroup/],
    ['the cutoff', { primary: { ...place, cutoffBytes: 10_000_000 } }, /more than one query may read/],
  ])('tells of %s', async (_what, workgroups, says) => {
    const { refusal } = await setUp({ workgroups })
    expect((await refusal()).message).toMatch(says)
  })

  it('gives its own place for results where it has one', async () => {
    const { ask } = await setUp({
      workgroups: { primary: { ...place, enforced: false, outputLocation: null } },
      outputLocation: 's3://lake/athena-results/',
    })
    await ask('SELECT a FROM t')
    expect(athena.executions()[0]?.output).toBe('s3://lake/athena-results/')
  })

  it('tells of credentials that AWS does not take', async () => {
    const { refusal } = await setUp({ credentials: { accessKeyId: 'AKIAOTHER', secretAccessKey: 'x' } })
    expect((await refusal()).message).toMatch(/credentials/)
  })

  it('refuses what Athena cannot give back exactly', async () => {
    const { refusal } = await setUp()
    expect((await refusal("SELECT split(a, ',') AS x FROM t ORDER BY x")).message).toMatch(/ordered by an array/)
    expect((await refusal("SELECT *, split(a, ',') AS x FROM t")).message).toMatch(/beside \*/)
    expect((await refusal('SELECT x.* FROM t x JOIN t y USING (a)')).message).toMatch(/over a join by USING/)
    const nested: Execute = async () => ({
      columns: [{ name: 'x', type: 'array(varchar)' }],
      rows: [[['a']]],
      bytes: 1,
    })
    const other = await setUp({ execute: nested })
    expect((await other.refusal('SELECT a FROM t')).message).toMatch(/array or a record/)
  })
})
