/** The process that DuckDB works in: the same answers, and a server that outlives it. */
import { execFile, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DuckChild, duckInChild } from '../../origin/adapters/duckdb-in-child.ts'
import { QUERY_SIZE, WRITE_SIZE } from '../../origin/adapters/duckdb-work.ts'
import { parquetDuckdb } from '../../origin/adapters/parquet-duckdb.ts'
import { parquetMerger } from '../../origin/adapters/parquet-merge.ts'
import type { SelectWork } from '../../origin/adapters/query-duckdb-run.ts'
import { calm, type Lake, openLake } from '../origin/lake/support/lake.ts'
import { axis, bodyOf, jobOf, keepPages, metaOf } from '../origin/lake/support/page.ts'

const ID = '0009999998'
const AREA = [axis('area', '地域', ['00000', '13000']), axis('time', '時間軸', ['2020000000'])]
/** Minutes on any machine here. */
const FOREVER: SelectWork = {
  sql: 'SELECT count(*) AS n FROM range(100000000) a, range(1000000) b WHERE (a.range * b.range) % 7 = 3',
  tables: [],
  database: 'estat',
  maxRows: 1,
}
const ONE: SelectWork = { ...FOREVER, sql: 'SELECT 1 AS one' }
const adapters = new URL('../../origin/adapters/', import.meta.url)

let lake: Lake
let tempDir = ''
const children: DuckChild[] = []
beforeAll(async () => {
  lake = await openLake()
  tempDir = join(lake.dataDir, 'child')
})
afterAll(async () => {
  await Promise.all(children.map((child) => child.close()))
  await lake.close()
})

function childOf(more: { readonly idleMs?: number; readonly graceMs?: number } = {}): DuckChild {
  const child = duckInChild({ tempDir, write: WRITE_SIZE, query: QUERY_SIZE, ...more })
  children.push(child)
  return child
}

/** Rows enough that a write takes a while. */
async function jobOfRows(count: number, fetch = 'f') {
  const cells = Array.from({ length: count }, (_, at) => ({ '@area': '13000', '@time': '2020000000', $: String(at) }))
  const body = bodyOf(cells)
  return jobOf(
    metaOf(ID, AREA),
    await keepPages(
      lake.store,
      ID,
      Array.from({ length: 6 }, () => body),
    ),
    {
      fetchId: fetch,
    },
  )
}

const settled = (work: Promise<unknown>) =>
  work.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  )

async function until(holds: () => boolean): Promise<void> {
  for (let at = 0; at < 200 && !holds(); at++) await sleep(25)
  expect(holds()).toBe(true)
}
const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

describe('DuckDB in a process of its own', () => {
  it('writes, reads and refuses as it does in this one', async () => {
    const work = childOf()
    const there = parquetDuckdb({ store: lake.store, tempDir, work })
    const job = await jobOfRows(50)
    const file = await there.write(job, calm)
    expect(file).toEqual({ ...(await lake.parquet.write(job, calm)), properties: file.properties })
    expect(file.rows).toBe(300)
    expect(await there.inspect(job.key, calm)).toEqual(file)
    const paths = [await lake.store.localPath(job.key)]
    const table = { name: 't', columns: file.columns, paths }
    const sql = 'SELECT sum("value") AS s, max("retrieved_at") AS at, count(*) AS n FROM "estat"."t"'
    expect(await work.select({ ...ONE, sql, tables: [table] }, calm)).toMatchObject({
      columns: [{ type: 'double' }, { type: 'timestamp(6) with time zone' }, { type: 'bigint' }],
      rows: [[7350, '2026-11-20T10:00:00.123Z', 300]],
      more: false,
    })
    await expect(there.write({ ...job, meta: metaOf(ID, AREA.slice(0, 1)) }, calm)).rejects.toMatchObject({
      code: 'DATA_TRANSFORM_ERROR',
      message: expect.stringContaining('time'),
    })
    await expect(work.select({ ...ONE, sql: 'SELECT 1; SELECT 2' }, calm)).rejects.toMatchObject({
      code: 'QUERY_REJECTED',
    })
  })

  it('merges as it does in this one', async () => {
    const there = { store: lake.store, tempDir, work: childOf() }
    const cell = (area: string, value: string) => ({ '@area': area, '@time': '2020000000', $: value })
    const write = async (cells: readonly unknown[], fetch: string) => {
      const pages = await keepPages(lake.store, `000999999${fetch}`, [bodyOf(cells)])
      return parquetDuckdb(there).write(jobOf(metaOf(ID, AREA), pages), calm)
    }
    const old = await write([cell('00000', '1'), cell('13000', '2')], '1')
    const fresh = await write([cell('13000', '3')], '2')
    const twice = await write([cell('13000', '3'), cell('13000', '4')], '3')
    const merger = parquetMerger(there)
    const target = 'estat/parquet/rest.parquet'
    const job = { olds: [{ key: old.key, rows: 2, target }], files: [fresh.key], columns: old.columns }
    expect(await merger.rests(job, calm)).toMatchObject([{ key: target, rows: 1 }])
    expect(await lake.read([target], 'area_code, value')).toEqual([{ area_code: '00000', value: 1 }])
    await expect(merger.assertUniqueKeys([old.key], old.columns, calm)).resolves.toBeUndefined()
    await expect(merger.assertUniqueKeys([twice.key], old.columns, calm)).rejects.toMatchObject({
      code: 'INVALID_PARAMETER',
      message: expect.stringContaining('13000'),
    })
  })

  it('is killed in the middle of a write: a clear fault, nothing left, and the next work has a new process', async () => {
    const work = childOf()
    const there = parquetDuckdb({ store: lake.store, tempDir, work })
    const job = await jobOfRows(20_000)
    await work.select(ONE, calm)
    const first = work.pid() as number
    const writing = settled(there.write(job, calm))
    await until(() => existsSync(tempDir) && readFileSync(`/proc/${first}/stat`, 'utf8') !== '')
    await sleep(150)
    process.kill(first, 'SIGKILL')
    expect(await writing).toMatchObject({
      error: {
        code: 'INTERNAL_ERROR',
        message: expect.stringMatching(/memory/),
        hint: expect.stringMatching(/Nothing was written/),
      },
    })
    expect(await lake.store.head(job.key)).toBeNull()
    await until(() => work.pid() === null)
    expect((await there.write(job, calm)).rows).toBe(120_000)
    expect(work.pid()).not.toBe(first)
    await work.close()
    const others = children.flatMap((child) => (child === work || child.pid() === null ? [] : ['one']))
    expect(await readdir(tempDir)).toHaveLength(others.length)
  })

  it('is killed in the middle of a query, and answers the next', async () => {
    const work = childOf()
    await work.select(ONE, calm)
    const asking = settled(work.select(FOREVER, calm))
    await sleep(100)
    process.kill(work.pid() as number, 'SIGKILL')
    expect(await asking).toMatchObject({ error: { code: 'INTERNAL_ERROR' } })
    expect((await work.select(ONE, calm)).rows).toEqual([[1]])
  })

  it('ends when it has had no work for a while, and starts again', async () => {
    const work = childOf({ idleMs: 100 })
    await work.select(ONE, calm)
    const pid = work.pid() as number
    await until(() => !alive(pid))
    expect(work.pid()).toBeNull()
    expect((await work.select(ONE, calm)).rows).toEqual([[1]])
  })

  it('gives work that comes while it ends a new process', async () => {
    const work = childOf()
    await work.select(ONE, calm)
    const pid = work.pid()
    const ending = work.close()
    expect((await work.select(ONE, calm)).rows).toEqual([[1]])
    await ending
    expect(work.pid()).not.toBe(pid)
    expect(alive(pid as number)).toBe(false)
  })

  it('outlives messages that could not be sent', async () => {
    const work = childOf()
    await work.select(ONE, calm)
    process.kill(work.pid() as number, 'SIGKILL')
    const late = new AbortController()
    const asked = [settled(work.select(ONE, late.signal)), settled(work.select(ONE, calm))]
    late.abort()
    const codes = (await Promise.all(asked)).map((one) =>
      'error' in one ? (one.error as { code: string }).code : 'ran',
    )
    for (const code of codes) expect(['CANCELLED', 'INTERNAL_ERROR', 'ran']).toContain(code)
    await until(() => work.pid() === null)
    expect((await work.select(ONE, calm)).rows).toEqual([[1]])
  })

  it('stops a query when its caller leaves or its time is over, and stays', async () => {
    const work = childOf()
    await work.select(ONE, calm)
    const pid = work.pid()
    const caller = new AbortController()
    const asking = settled(work.select(FOREVER, caller.signal))
    setTimeout(() => caller.abort(), 100)
    const from = performance.now()
    expect(await asking).toMatchObject({ error: { code: 'CANCELLED' } })
    expect(performance.now() - from).toBeLessThan(2500)
    await expect(work.select(FOREVER, AbortSignal.timeout(100))).rejects.toMatchObject({ code: 'TIMEOUT_ERROR' })
    expect(work.pid()).toBe(pid)
    await expect(work.select(ONE, AbortSignal.abort())).rejects.toMatchObject({ code: 'CANCELLED' })
  })

  it('is killed where it does not stop', async () => {
    const work = childOf({ graceMs: 100 })
    await work.select(ONE, calm)
    const pid = work.pid() as number
    process.kill(pid, 'SIGSTOP')
    await expect(work.select(ONE, AbortSignal.timeout(50))).rejects.toMatchObject({ code: 'TIMEOUT_ERROR' })
    await until(() => !alive(pid))
    expect((await work.select(ONE, calm)).rows).toEqual([[1]])
  })

  it('has nothing of the environment, and no path of the lake on its command line', async () => {
    process.env['ESTAT_APP_ID'] = 'secret-of-a-test'
    const work = childOf()
    await work.select(ONE, calm)
    const read = (name: string): string[] =>
      readFileSync(`/proc/${work.pid()}/${name}`, 'utf8').split('\0').filter(Boolean)
    delete process.env['ESTAT_APP_ID']
    const names = read('environ').map((line) => line.slice(0, line.indexOf('=')))
    expect(names.filter((name) => !/^(MALLOC|NODE_CHANNEL)_/.test(name))).toEqual([])
    expect(
      read('cmdline')
        .slice(1)
        .filter((word) => !word.startsWith('--')),
    ).toEqual([fileURLToPath(new URL('duckdb-child.ts', adapters))])
  })

  it('ends with the server that started it, which has not loaded DuckDB itself', async () => {
    const script = join(lake.dataDir, 'server.ts')
    const from = JSON.stringify(new URL('duckdb-in-child.ts', adapters).href)
    await writeFile(
      script,
      `import { duckInChild } from ${from}
      const work = duckInChild(${JSON.stringify({ tempDir, write: WRITE_SIZE, query: QUERY_SIZE })})
      await work.select(${JSON.stringify(ONE)}, new AbortController().signal)
      const loaded = process.report.getReport().sharedObjects.filter((path) => path.includes('duckdb'))
      console.log(JSON.stringify([work.pid(), ...loaded]))
      setInterval(() => {}, 1000)`,
    )
    const server = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] })
    const said = await new Promise<unknown[]>((resolve) =>
      server.stdout.once('data', (text: Buffer) => resolve(JSON.parse(text.toString()) as unknown[])),
    )
    const [pid] = said as [number]
    expect(said).toEqual([expect.any(Number)])
    expect(alive(pid)).toBe(true)
    server.kill('SIGKILL')
    await until(() => !alive(pid))
  })

  it('is found beside the server in a bundle as well', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'bundle-'))
    try {
      await symlink(fileURLToPath(new URL('../../node_modules', adapters)), join(folder, 'node_modules'))
      const main = `import { duckInChild } from ${JSON.stringify(fileURLToPath(new URL('duckdb-in-child.ts', adapters)))}
        const work = duckInChild(${JSON.stringify({ tempDir, write: WRITE_SIZE, query: QUERY_SIZE })})
        console.log(JSON.stringify((await work.select(${JSON.stringify(ONE)}, new AbortController().signal)).rows))
        await work.close()`
      await writeFile(join(folder, 'main.ts'), main)
      await build({
        entryPoints: [join(folder, 'main.ts'), fileURLToPath(new URL('duckdb-child.ts', adapters))],
        entryNames: '[name]',
        outdir: folder,
        outExtension: { '.js': '.mjs' },
        bundle: true,
        platform: 'node',
        format: 'esm',
        packages: 'external',
        logLevel: 'error',
      })
      const { stdout } = await promisify(execFile)(process.execPath, [join(folder, 'main.mjs')])
      expect(stdout.trim()).toBe('[[1]]')
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })
})
