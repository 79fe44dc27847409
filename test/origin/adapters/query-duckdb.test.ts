import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Fault } from '../../../shared/fault.ts'
import { openDuck } from '../../../origin/adapters/duckdb.ts'
import { queryDuckdb } from '../../../origin/adapters/query-duckdb.ts'
import { runSelect } from '../../../origin/adapters/query-duckdb-select.ts'
import { HEAVY, type QueryEngineFixture, queryEngineContract } from '../../contracts/query-engine.ts'
import { writePopulation } from './population-files.ts'

let folder = ''
let fixture: QueryEngineFixture

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'query-'))
  const tables = await writePopulation(folder)
  const store = { localPath: async (key: string) => join(folder, key) }
  fixture = { engine: queryDuckdb({ store, tempDir: join(folder, 'tmp'), threads: 2 }), tables }
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('QueryEngine by DuckDB', () => {
  queryEngineContract(async () => fixture)

  it('ends a query at its time cap', async () => {
    const store = { localPath: async (key: string) => join(folder, key) }
    const engine = queryDuckdb({ store, tempDir: join(folder, 'tmp'), threads: 1, millis: 200 })
    const request = { sql: HEAVY, tables: fixture.tables, database: 'estat', maxRows: 1, offset: 0 }
    await expect(engine.query(request, new AbortController().signal)).rejects.toMatchObject({ code: 'TIMEOUT_ERROR' })
  })

  it('costs nothing and says how many bytes it could read', async () => {
    const { engine, tables } = fixture
    const request = { sql: 'SELECT 1 AS one FROM population', tables, database: 'estat', maxRows: 9, offset: 0 }
    const answer = await engine.query(request, new AbortController().signal)
    const bytes = Object.values(tables).flatMap((table) => table.files.map((file) => file.bytes))
    expect(answer).toMatchObject({ costUsd: 0, engine: 'duckdb', bytesScanned: bytes.reduce((a, b) => a + b, 0) })
  })
})

/** DuckDB makes a text in one step, which no interrupt reaches: a query of a line would hold the engine for minutes. */
describe('replacements that grow', () => {
  const ask = async (sql: string) => {
    const { engine, tables } = fixture
    const request = { sql, tables, database: 'estat', maxRows: 2, offset: 0 }
    return (await engine.query(request, new AbortController().signal)).rows
  }
  const THOUSAND = "WITH a AS (SELECT lpad('x', 1000, 'x') AS s)"

  it.each([
    ['of one another', `${THOUSAND}, b AS (SELECT replace(s, 'x', s) AS s FROM a) SELECT replace(s, 'x', s) FROM b`],
    [
      'by patterns',
      `${THOUSAND} SELECT regexp_replace(regexp_replace(s, '.', '${'y'.repeat(3000)}'), '.', '${'z'.repeat(3000)}') FROM a`,
    ],
  ])('%s are refused at once', async (_what, sql) => {
    await expect(ask(sql)).rejects.toMatchObject({
      code: 'QUERY_REJECTED',
      message: 'A replacement makes a text of millions of characters.',
    })
  })

  it('are null inside try', async () => {
    const query = `${THOUSAND}, b AS (SELECT replace(s, 'x', s) AS s FROM a) SELECT try(replace(s, 'x', s)), try(regexp_replace(s, 'x', 'yyyyyyyyy')) FROM b`
    expect(await ask(query)).toEqual([[null, null]])
  })

  it('within bounds give what they always gave', async () => {
    expect(
      await ask(`${THOUSAND} SELECT length(replace(s, 'x', s)), length(regexp_replace(s, 'x', 'yy')) FROM a`),
    ).toEqual([[1_000_000, 2000]])
    const grouped =
      "SELECT replace(area_code, '0', 'oo') AS a, count(*) > 0 FROM population GROUP BY replace(area_code, '0', 'oo') ORDER BY 1 LIMIT 1"
    expect(await ask(grouped)).toEqual([[expect.stringMatching(/^[^0]*oo[^0]*$/) as string, true]])
  })
})

/** Text that reached the engine although no guard would let it: as if every wall before had a hole. */
describe('DuckDB with the guard bypassed', () => {
  const lockedDown = async (sql: string): Promise<unknown> => {
    const file = join(folder, 'data', 'population-2.parquet')
    const duck = await openDuck({ memoryMb: 64, threads: 1, tempDir: join(folder, 'tmp'), files: [file] })
    try {
      return await runSelect(duck.connection, sql.replaceAll('$FILE', file), 10)
    } finally {
      duck.close()
    }
  }

  it('runs a SELECT over its own file', async () => {
    expect(await lockedDown("SELECT count(*) AS n FROM read_parquet('$FILE')")).toMatchObject({
      rows: [[3]],
      more: false,
    })
  })

  it.each([
    ['COPY over its own file', "COPY (SELECT 1) TO '$FILE' (FORMAT parquet, USE_TMP_FILE false)"],
    ['COPY to another file', "COPY (SELECT 1) TO '$FILE.copy' (FORMAT parquet)"],
    ['EXPORT DATABASE', "EXPORT DATABASE '$FILE.export'"],
    ['reading another file', "SELECT * FROM read_csv('/etc/passwd')"],
    ['reading another file as text', "SELECT * FROM read_text('/etc/passwd')"],
    ['a file name as table', "SELECT * FROM '/etc/passwd'"],
    ['listing files', "SELECT * FROM glob('/etc/*')"],
    ['ATTACH', "ATTACH '$FILE.db' AS other"],
    ['SET', 'SET threads = 8'],
    ['opening access again', 'SET enable_external_access = true'],
    ['RESET', 'RESET memory_limit'],
    ['PRAGMA', "PRAGMA temp_directory = '/tmp'"],
    ['INSTALL', 'INSTALL httpfs'],
    ['LOAD', "LOAD '/tmp/evil.duckdb_extension'"],
    ['network', "SELECT * FROM read_parquet('https://example.com/x.parquet')"],
    ['INSERT', 'CREATE TABLE t (a INT); INSERT INTO t VALUES (1)'],
    ['two statements', 'SELECT 1; SELECT 2'],
    ['CREATE', 'CREATE TABLE t AS SELECT 1'],
    ['CALL', 'CALL pragma_version()'],
    ['environment', "SELECT getenv('HOME')"],
  ])('refuses %s', async (_what, sql) => {
    const file = join(folder, 'data', 'population-2.parquet')
    const before = await readFile(file)
    await expect(lockedDown(sql)).rejects.toThrow(/./)
    expect((await readFile(file)).equals(before)).toBe(true)
  })

  it('would lose its own file to COPY without the look at the statement', async () => {
    const file = join(folder, 'victim.parquet')
    await writeFile(file, await readFile(join(folder, 'data', 'population-2.parquet')))
    const duck = await openDuck({ memoryMb: 64, threads: 1, tempDir: join(folder, 'tmp'), files: [file] })
    const copy = `COPY (SELECT 1) TO '${file}' (FORMAT parquet, USE_TMP_FILE false)`
    await expect(runSelect(duck.connection, copy, 10)).rejects.toBeInstanceOf(Fault)
    const before = await readFile(file)
    await duck.connection.run(copy)
    duck.close()
    expect((await readFile(file)).equals(before)).toBe(false)
  })

  it.each([
    ["COPY (SELECT 1) TO '/tmp/x'"],
    ["SELECT * FROM read_csv('/etc/passwd')"],
    ['SELECT * FROM duckdb_settings()'],
    ['SET threads = 8'],
    ['SELECT 1; DROP VIEW population'],
    ['SELECT * FROM information_schema.tables'],
    ['SELECT * FROM sqlite_master'],
    ['FROM pragma_database_list()'],
  ])('does not translate %s', async (sql) => {
    const { engine, tables } = fixture
    const request = { sql, tables, database: 'estat', maxRows: 9, offset: 0 }
    await expect(engine.query(request, new AbortController().signal)).rejects.toMatchObject({ code: 'QUERY_REJECTED' })
  })
})
