import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DuckGate, duckGate } from '../../../origin/adapters/duckdb-gate.ts'
import { parquetDuckdb } from '../../../origin/adapters/parquet-duckdb.ts'
import { queryDuckdb } from '../../../origin/adapters/query-duckdb.ts'
import type { QueryAnswer, QueryEngine } from '../../../origin/lake/ports.ts'
import { fault } from '../../../shared/fault.ts'
import { HEAVY } from '../../contracts/query-engine.ts'

const calm = new AbortController().signal
let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gate-'))
  await writeFile(join(folder, 'small.txt'), 'here')
  await ask(engineWith(duckGate()), 'SELECT 1 AS one', calm)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const engineWith = (gate: DuckGate): QueryEngine =>
  queryDuckdb({ store: { localPath: async (key) => key }, tempDir: join(folder, 'tmp'), gate })
const ask = (engine: QueryEngine, sql: string, signal: AbortSignal): Promise<QueryAnswer> =>
  engine.query({ sql, tables: {}, database: 'estat', maxRows: 1, offset: 0 }, signal)

/** A place that stays taken until it is told to leave. */
async function occupy(gate: DuckGate): Promise<() => void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  void gate(calm, () => promise)
  await sleep(0)
  return resolve
}

describe('the gate before DuckDB', () => {
  it('leaves the server its files while six heavy queries run, and after they are cancelled', async () => {
    const engine = engineWith(duckGate())
    const caller = new AbortController()
    const running = Promise.allSettled(Array.from({ length: 6 }, () => ask(engine, HEAVY, caller.signal)))
    await sleep(300)
    let slowest = 0
    for (let at = 0; at < 10; at++) {
      const started = performance.now()
      expect(await readFile(join(folder, 'small.txt'), 'utf8')).toBe('here')
      slowest = Math.max(slowest, performance.now() - started)
      await sleep(20)
    }
    expect(slowest).toBeLessThan(500)
    caller.abort()
    const reasons = (await running).map((one) => (one.status === 'rejected' ? one.reason.code : 'ran'))
    expect(reasons).toEqual(Array.from({ length: 6 }, () => 'CANCELLED'))
    expect((await ask(engine, 'SELECT 1 AS one', calm)).rows).toEqual([[1]])
  })

  it('lets in one at a time, in the order of arrival, also after a failure', async () => {
    const gate = duckGate()
    const seen: string[] = []
    const work = (name: string) => async (): Promise<void> => {
      seen.push(`${name} in`)
      await sleep(5)
      seen.push(`${name} out`)
      if (name === 'a') throw fault('NO_DATA', 'nothing')
    }
    await Promise.allSettled(['a', 'b', 'c'].map((name) => gate(calm, work(name))))
    expect(seen).toEqual(['a in', 'a out', 'b in', 'b out', 'c in', 'c out'])
  })

  it('lets in as many as it has places', async () => {
    const gate = duckGate(2)
    const leave = await occupy(gate)
    expect(await gate(calm, async () => 'second')).toBe('second')
    leave()
  })

  it('says that the engine is busy where waiting took the whole time of a call', async () => {
    const gate = duckGate()
    const leave = await occupy(gate)
    const engine = queryDuckdb({ store: { localPath: async (key) => key }, tempDir: folder, gate, millis: 50 })
    await expect(ask(engine, 'SELECT 1 AS one', calm)).rejects.toMatchObject({
      code: 'TIMEOUT_ERROR',
      message: expect.stringContaining('busy'),
    })
    leave()
    expect((await ask(engineWith(gate), 'SELECT 1 AS one', calm)).rows).toEqual([[1]])
  })

  it('lets a caller leave the line, and keeps the place of the next', async () => {
    const gate = duckGate()
    const leave = await occupy(gate)
    const caller = new AbortController()
    const gone = gate(caller.signal, async () => 'never')
    const next = gate(calm, async () => 'next')
    caller.abort()
    await expect(gone).rejects.toMatchObject({ code: 'CANCELLED' })
    leave()
    expect(await next).toBe('next')
    await expect(gate(caller.signal, async () => 'late')).rejects.toMatchObject({ code: 'CANCELLED' })
  })

  it('holds Parquet files back while a query runs', async () => {
    const gate = duckGate()
    const leave = await occupy(gate)
    const store = { localPath: async (key: string) => key } as Parameters<typeof parquetDuckdb>[0]['store']
    const parquet = parquetDuckdb({ store, tempDir: folder, gate })
    await expect(parquet.inspect(join(folder, 'small.txt'), AbortSignal.timeout(50))).rejects.toMatchObject({
      code: 'TIMEOUT_ERROR',
    })
    leave()
    await expect(parquet.inspect(join(folder, 'small.txt'), calm)).rejects.toMatchObject({
      code: 'DATA_TRANSFORM_ERROR',
    })
  })
})
