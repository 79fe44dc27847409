/** Work that grows past DuckDB's own limit, which counts no text or list that an expression makes. */
import { mkdtemp, rm } from 'node:fs/promises'
import { existsSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DuckChild, duckInChild } from '../../../origin/adapters/duckdb-in-child.ts'
import { QUERY_SIZE, WRITE_SIZE } from '../../../origin/adapters/duckdb-work.ts'
import type { SelectWork } from '../../../origin/adapters/query-duckdb-run.ts'
import { calm } from '../lake/support/lake.ts'

let tempDir = ''
let child: DuckChild
beforeAll(async () => {
  tempDir = await mkdtemp(join(tmpdir(), 'memory-'))
  child = duckInChild({ tempDir, write: WRITE_SIZE, query: QUERY_SIZE })
})
afterAll(async () => {
  await child.close()
  await rm(tempDir, { recursive: true, force: true })
})

const work = (sql: string): SelectWork => ({ sql, tables: [], database: 'estat', maxRows: 1 })
const ONE = work('SELECT 1 AS one')
/** A hundred gigabytes, were it let. */
const LISTS = work(
  "SELECT len(list_transform(range(10000), x -> list_transform(range(10000), y -> lpad('a', 1000, 'b'))))",
)

describe('a query that takes gigabytes', () => {
  it('ends with its process, long before the machine is full, and the next has another', async () => {
    await child.select(ONE, calm)
    const first = child.pid()
    let most = 0
    const watching = setInterval(() => {
      const status = `/proc/${first}/status`
      const text = existsSync(status) ? readFileSync(status, 'utf8') : ''
      most = Math.max(most, Number(/VmRSS:\s+(\d+)/.exec(text)?.[1] ?? 0) / 1024)
    }, 20)
    const failed = child.select(LISTS, calm).finally(() => clearInterval(watching))
    await expect(failed).rejects.toMatchObject({ code: 'INTERNAL_ERROR', message: expect.stringContaining('memory') })
    expect(most).toBeGreaterThan(500)
    expect(most).toBeLessThan(QUERY_SIZE.memoryMb + 2048)
    expect(await child.select(ONE, calm)).toMatchObject({ rows: [[1]] })
    expect(child.pid()).not.toBe(first)
  })
})
