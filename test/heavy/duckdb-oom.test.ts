/** The kernel ends the process of DuckDB for lack of memory, in a cgroup too small for its work: a fault, and a new process. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { duckInChild } from '../../origin/adapters/duckdb-in-child.ts'
import type { SelectWork } from '../../origin/adapters/query-duckdb-run.ts'
import { memoryLimit } from '../bench/memory-limit.ts'

const LIMIT = 200 * 1024 * 1024
const ONE: SelectWork = { sql: 'SELECT 1 AS one', tables: [], database: 'estat', maxRows: 1 }
/** Some 600 MB of distinct texts. */
const LARGE: SelectWork = { ...ONE, sql: 'SELECT count(DISTINCT md5(range::VARCHAR)) AS n FROM range(8000000)' }
const calm = new AbortController().signal

it('is killed for memory, says so, leaves nothing, and works again', async () => {
  const limit = memoryLimit(`estat-oom-${process.pid}`, LIMIT)
  if (limit === null) {
    process.stderr.write('duckdb-oom: no cgroup may be made here; it is not tried\n')
    return
  }
  const tempDir = await mkdtemp(join(tmpdir(), 'oom-'))
  const size = { memoryMb: 2000, threads: 1 }
  const work = duckInChild({ tempDir, write: size, query: size })
  try {
    await limit.start(() => work.select(ONE, calm))
    expect((await readFile(`/proc/${work.pid()}/oom_score_adj`, 'utf8')).trim()).toBe('500')
    await expect(work.select(LARGE, calm)).rejects.toMatchObject({
      code: 'INTERNAL_ERROR',
      message: expect.stringContaining('memory'),
      hint: expect.stringContaining('Nothing was written'),
    })
    expect(limit.killed()).toBe(1)
    expect((await work.select(ONE, calm)).rows).toEqual([[1]])
    await work.close()
    expect(await readdir(tempDir)).toEqual([])
  } finally {
    await work.close()
    limit.release()
    await rm(tempDir, { recursive: true, force: true })
  }
})
