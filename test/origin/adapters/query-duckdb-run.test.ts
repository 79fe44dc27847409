/** The instance that is kept from one query to the next: as locked as a fresh one, and never another's. */
import { copyFile, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDuck, sqlText } from '../../../origin/adapters/duckdb.ts'
import { type SelectRunner, selectRunner, type SelectWork } from '../../../origin/adapters/query-duckdb-run.ts'
import type { ViewedTable } from '../../../origin/adapters/query-duckdb-views.ts'
import type { LakeColumn } from '../../../origin/lake/ports.ts'

const calm = new AbortController().signal
const column = (fieldId: number, name: string, type: LakeColumn['type']): LakeColumn => ({
  fieldId,
  name,
  type,
  doc: '',
})
const CODE = column(1, 'code', 'string')
const VALUE = column(2, 'value', 'double')
let folder = ''
let runner: SelectRunner
const path = (name: string): string => join(folder, `${name}.parquet`)
const table = (name: string, columns: readonly LakeColumn[], files: readonly string[]): ViewedTable => ({
  name,
  columns,
  paths: files.map(path),
})
const ask = (sql: string, tables: readonly ViewedTable[], signal = calm) =>
  runner.select({ sql, tables, database: 'estat', maxRows: 100 } satisfies SelectWork, signal)
const mine = () => [table('t', [CODE, VALUE], ['mine'])]

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'select-'))
  const duck = await openDuck({ memoryMb: 100, threads: 1, tempDir: join(folder, 'spill'), folders: [folder] })
  const write = (name: string, select: string, ids: string) =>
    duck.rows(`COPY (${select}) TO ${sqlText(path(name))} (FORMAT parquet, FIELD_IDS {${ids}})`, calm)
  await write('mine', "SELECT 'a' AS code, 1.5::DOUBLE AS value", 'code: 1, value: 2')
  await write('other', "SELECT 'b' AS code, 2.5::DOUBLE AS value", 'code: 1, value: 2')
  await write('older', "SELECT 'c' AS code", 'code: 1')
  await write('renamed', "SELECT 'd' AS kode, 4.5::FLOAT AS value", 'kode: 1, value: 2')
  await write('foreign', "SELECT 'e' AS code, 9.5::DOUBLE AS value", 'code: 1, value: 7')
  duck.close()
})
afterAll(() => rm(folder, { recursive: true, force: true }))
beforeAll(() => {
  runner = selectRunner({ tempDir: join(folder, 'tmp'), memoryMb: 100, threads: 2 })
})
afterAll(() => runner.close())

describe('the kept instance', () => {
  it('answers again and again, with the macros of each query', async () => {
    const sqls = ['SELECT trino_ln(value) > 0 AS x FROM t', 'SELECT trino_sqrt(value) > 1 AS x FROM t']
    for (const sql of [...sqls, ...sqls]) expect((await ask(sql, mine())).rows).toEqual([[true]])
  })

  it.each([
    ['a file of another query', () => `SELECT * FROM read_parquet(${sqlText(path('other'))})`],
    ['any file', () => "SELECT * FROM read_text('/etc/hostname')"],
    ['a file by its name', () => "SELECT * FROM '/etc/hostname'"],
    ['a list of files', () => "SELECT * FROM glob('/etc/*')"],
    ['the network', () => "SELECT * FROM read_parquet('https://example.com/x.parquet')"],
    ['the environment', () => "SELECT getenv('PATH')"],
    [
      'COPY over its own file',
      () => `COPY (SELECT 1) TO ${sqlText(path('mine'))} (FORMAT parquet, USE_TMP_FILE false)`,
    ],
    ['SET', () => 'SET threads = 8'],
    ['access', () => 'SET enable_external_access = true'],
    ['footers', () => 'SET parquet_metadata_cache = false'],
    ['CREATE', () => 'CREATE TABLE x AS SELECT 1'],
    ['a view in place of ours', () => 'CREATE OR REPLACE VIEW t AS SELECT 1'],
    ['two statements', () => 'SELECT 1; SELECT 2'],
  ])('refuses %s after queries that it answered, and answers on', async (_what, sql) => {
    const before = await readFile(path('mine'))
    await ask('SELECT 1 AS x FROM estat.other', [table('other', [CODE], ['other'])])
    expect((await ask('SELECT code FROM estat.t', mine())).rows).toEqual([['a']])
    await expect(ask(sql(), mine())).rejects.toMatchObject({ name: 'Fault' })
    expect((await ask('SELECT code FROM estat.t', mine())).rows).toEqual([['a']])
    expect((await readFile(path('mine'))).equals(before)).toBe(true)
  })

  it('knows the tables of its own query alone, whatever they were called before', async () => {
    expect((await ask('SELECT code FROM t', mine())).rows).toEqual([['a']])
    expect((await ask('SELECT code FROM t', [table('t', [CODE], ['other'])])).rows).toEqual([['b']])
    await expect(ask('SELECT * FROM t', [table('u', [CODE], ['other'])])).rejects.toMatchObject({
      code: 'QUERY_REJECTED',
    })
  })

  it('answers two at once, each from its own', async () => {
    const both = [ask('SELECT code FROM t', mine()), ask('SELECT code FROM t', [table('t', [CODE], ['other'])])]
    expect((await Promise.all(both)).map(({ rows }) => rows)).toEqual([[['a']], [['b']]])
  })

  it('is closed after a while, leaves no folder, and opens again', async () => {
    const short = selectRunner({ tempDir: join(folder, 'short'), memoryMb: 100, threads: 1, idleMs: 50 })
    const work: SelectWork = { sql: 'SELECT code FROM t', tables: mine(), database: 'estat', maxRows: 1 }
    expect((await short.select(work, calm)).rows).toEqual([['a']])
    await sleep(150)
    expect(await readdir(join(folder, 'short')).catch(() => [])).toEqual([])
    expect((await short.select(work, calm)).rows).toEqual([['a']])
    await short.close()
  })
})

describe('columns of files that differ', () => {
  it('are found by field id: by name where footers agree, null where a file lacks one, mapped where it calls it otherwise', async () => {
    const all = [table('t', [CODE, VALUE], ['mine', 'older', 'renamed', 'foreign', 'other'])]
    const { rows, columns } = await ask('SELECT code, value FROM t ORDER BY code', all)
    expect(rows).toEqual([
      ['a', 1.5],
      ['b', 2.5],
      ['c', null],
      ['d', 4.5],
      ['e', null],
    ])
    expect(columns.map(({ type }) => type)).toEqual(['varchar', 'double'])
  })

  it('of no file are there, and empty', async () => {
    expect((await ask('SELECT count(value) AS n FROM t', [table('t', [CODE, VALUE], [])])).rows).toEqual([[0]])
  })

  it('in a file that is gone are a fault without its path', async () => {
    await copyFile(path('mine'), path('gone'))
    const gone = [table('t', [CODE], ['gone'])]
    await rm(path('gone'))
    await expect(ask('SELECT code FROM t', gone)).rejects.toMatchObject({
      code: 'INTERNAL_ERROR',
      message: expect.not.stringContaining('gone'),
    })
  })
})
