/** Large fetches through the front door: a job's whole life as a client sees it. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { jobStore } from '../../../origin/adapters/jobs-store.ts'
import { jobRunner, type RunnerLoop } from '../../../origin/jobs/runner.ts'
import { callTool } from '../../../origin/call-tool.ts'
import type { Ports } from '../../../origin/ports.ts'
import { TOOLS } from '../../../origin/tools/registry.ts'
import type { Scope } from '../../../shared/server-info.ts'
import { fakeObjectStore } from '../../fakes/object-store.ts'
import { type FakeStats, fakeStats, fakeTable } from '../../fakes/stats-source.ts'

const ID = '0001234567'
const ROWS = 4_500
const table = fakeTable(ID, ROWS)
const id = { dataset_id: ID }

let stats: FakeStats
let ports: Ports
let runner: RunnerLoop
beforeEach(() => {
  stats = fakeStats(table)
  const store = fakeObjectStore()
  const jobs = jobStore(store)
  const report = (error: unknown): void => {
    throw error
  }
  const settings = { holder: 'a', leaseMs: 1000, pollMs: 50, workMs: 2_000, now: Date.now, report }
  runner = jobRunner({ jobs, stats, store, ...settings })
  ports = { stats, store, jobs, runner } as unknown as Ports
})
afterEach(() => runner.stop())

interface Who {
  readonly tenant?: string
  readonly scopes?: readonly Scope[]
  readonly fetchRows?: number
  readonly progress?: (done: number, total: number | null) => void
}
let ids = 0
async function call(name: string, args: object, who: Who = {}) {
  const { tenant = 'estat', scopes = ['read', 'lake'], fetchRows = 1000, progress = () => {} } = who
  const deps = {
    tools: TOOLS,
    ports,
    limits: { fetchRows, millis: 20_000 },
    now: Date.now,
    newId: () => `job-${++ids}`,
  }
  const caller = { id: 'someone', tenant, scopes }
  const { result, text } = await callTool(deps, { name, args, caller, signal: new AbortController().signal, progress })
  return { ...result, text } as Record<string, unknown> & { text: string }
}
const code = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'no error',
    (error: { code: string }) => error.code,
  )

describe('fetch_dataset_auto over the budget of a call', () => {
  it('answers at once with the first rows and a job, which get_job brings to its end', async () => {
    const begun = await call('fetch_dataset_auto', id)
    expect(begun).toMatchObject({
      total_records: ROWS,
      counts: { matched: ROWS, returned: 100 },
      kept: false,
      s3_json_path: null,
    })
    expect(begun['job_id']).toMatch(/^job-\d+$/)
    expect(begun.text).toMatch(/4,500行.*get_job/)
    const heard: (readonly [number, number | null])[] = []
    const progress = (done: number, total: number | null): void => void heard.push([done, total])
    stats.beforePage = () => new Promise((resolve) => setTimeout(resolve, 400))
    const done = await call('get_job', { job_id: begun['job_id'], wait_seconds: 20 }, { progress })
    expect(done['job']).toMatchObject({ state: 'done', rows_done: ROWS, matched: ROWS, complete: true, error: null })
    expect(done.text).toContain('s3_json_path: s3://estat-lake/raw/')
    expect(heard.length).toBeGreaterThan(0)
    const { s3_json_path } = done['job'] as { s3_json_path: string }
    const csv = await call('save_dataset_as_csv', { ...id, s3_json_path })
    expect(csv).toMatchObject({ rows: ROWS, matched: ROWS })
  })

  it('is the same job when it is called again', async () => {
    const [one, two] = [await call('fetch_dataset_auto', id), await call('fetch_dataset_auto', id)]
    expect(two['job_id']).toBe(one['job_id'])
  })

  it('needs no job for a caller who reads alone: rows and next_cursor', async () => {
    const read = await call('fetch_dataset_auto', id, { scopes: ['read'] })
    expect(read).toMatchObject({ kept: false, job_id: null, next_cursor: expect.any(String) })
  })
})

interface Packed {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly unknown[])[]
}

describe('fetch_large_dataset_complete', () => {
  it.each(['J', 'E'])('names the tool that takes its cursor, and that tool takes it (%s)', async (lang) => {
    const { text, next_cursor: cursor } = await call('fetch_large_dataset_complete', { ...id, lang })
    expect(text).toMatch(new RegExp(`fetch_dataset_auto.*dataset_id.*"${String(cursor)}"`))
    const figuresOf = async (more: object): Promise<readonly unknown[]> => {
      const { columns, rows } = (await call('fetch_dataset_auto', { ...id, lang, ...more })) as unknown as Packed
      return rows.map((row) => row[columns.indexOf('value')])
    }
    const first = await figuresOf({ max_rows: 101 })
    expect(first).toHaveLength(101)
    expect(await figuresOf({ cursor, max_rows: 1 })).toEqual(first.slice(100))
  })

  it('is done within the call where that suffices, and says that it is complete', async () => {
    const whole = await call('fetch_large_dataset_complete', { ...id, chunk_size: 1000 }, { fetchRows: 5_000 })
    expect(whole).toMatchObject({ complete: true, complete_note: null, kept: true, job_id: expect.any(String) })
    expect(stats.asked.filter((what) => what.endsWith('+1000') || what.endsWith('+500'))).toHaveLength(5)
  })

  it('fetches max_records rows and says that there are more', async () => {
    const cut = await call(
      'fetch_large_dataset_complete',
      { ...id, chunk_size: 1000, max_records: 2_500 },
      { fetchRows: 5_000 },
    )
    expect(cut).toMatchObject({
      complete: false,
      kept: true,
      complete_note: '全4,500行のうち、max_recordsで指定された先頭2,500行だけを保存しました。',
    })
    const { job } = await call('get_job', { job_id: cut['job_id'] })
    expect(job).toMatchObject({
      rows_done: 2_500,
      matched: ROWS,
      complete: false,
      note: expect.stringContaining('max_records'),
    })
    const csv = await call('save_dataset_as_csv', { ...id, s3_json_path: cut['s3_json_path'] })
    expect(csv['source']).toMatchObject({ note: expect.stringContaining('全4,500行のうち2,500行') })
  })

  it('of one page keeps it at once, without a job', async () => {
    expect(await call('fetch_large_dataset_complete', id, { fetchRows: 5_000 })).toMatchObject({
      complete: true,
      kept: true,
      job_id: null,
    })
  })

  it('refuses a caller who reads alone what he could not be given, and says what to do', async () => {
    const refused = call('fetch_large_dataset_complete', id, { scopes: ['read'] })
    await expect(refused).rejects.toMatchObject({
      code: 'TOO_LARGE',
      message: expect.stringContaining('4,500'),
      hint: expect.stringContaining('next_cursor'),
    })
    const shown = await call('fetch_large_dataset_complete', id, { scopes: ['read'], fetchRows: 5_000 })
    expect(shown).toMatchObject({ complete: false, kept: false, complete_note: expect.stringContaining('lake') })
  })
})

describe('jobs of a tenant', () => {
  it('are nobody else’s', async () => {
    const { job_id } = await call('fetch_dataset_auto', id)
    const theirs = { tenant: 'theirs' }
    expect(await code(call('get_job', { job_id }, theirs))).toBe('NOT_FOUND')
    expect(await code(call('cancel_job', { job_id }, theirs))).toBe('NOT_FOUND')
    expect((await call('get_job', {}, theirs))['jobs']).toEqual([])
    expect((await call('get_job', { job_id }))['job']).toMatchObject({ state: 'done' })
    expect(await code(call('get_job', { job_id }, { scopes: ['read'] }))).toBe('FORBIDDEN')
  })

  it('are listed the last first, in pages', async () => {
    for (let at = 0; at < 12; at++) await call('fetch_large_dataset_complete', { ...id, max_records: 2_000 + at })
    const first = await call('get_job', {})
    expect(first).toMatchObject({ job: null, counts: { matched: 12, returned: 10, truncated: true } })
    const second = await call('get_job', { cursor: first['next_cursor'] })
    const seen = [...(first['jobs'] as { job_id: string }[]), ...(second['jobs'] as { job_id: string }[])]
    expect([new Set(seen.map(({ job_id }) => job_id)).size, second['next_cursor']]).toEqual([12, null])
  })

  it('can be cancelled, keep what they fetched, and say so', async () => {
    runner.start()
    stats.beforePage = (start) => (start > 2_000 ? new Promise((resolve) => setTimeout(resolve, 300)) : undefined)
    const { job_id } = await call('fetch_large_dataset_complete', { ...id, chunk_size: 1000 })
    for (;;) {
      const { job } = (await call('get_job', { job_id })) as unknown as { job: { rows_done: number } }
      if (job.rows_done >= 2_000) break
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    const { job, text } = await call('cancel_job', { job_id })
    expect(job).toMatchObject({
      state: 'cancelled',
      rows_done: 2_000,
      matched: ROWS,
      complete: false,
      s3_json_path: expect.any(String),
    })
    expect(text).toContain('取得が中止されたため4,500行のうち2,000行')
    expect((await call('cancel_job', { job_id }))['job']).toEqual(job)
  })
})
