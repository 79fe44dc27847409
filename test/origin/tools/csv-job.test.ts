/** save_dataset_as_csv beyond a call: a job writes the very file that a call writes. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { jobStore } from '../../../origin/adapters/jobs-store.ts'
import { callTool } from '../../../origin/call-tool.ts'
import { jobRunner, type RunnerLoop } from '../../../origin/jobs/runner.ts'
import type { Ports } from '../../../origin/ports.ts'
import { TOOLS } from '../../../origin/tools/registry.ts'
import { type FakeObjectStore, fakeObjectStore } from '../../fakes/object-store.ts'
import { fakeStats, fakeTable, type FakeStats } from '../../fakes/stats-source.ts'

const ID = '0001234567'
const ROWS = 2_500
const table = fakeTable(ID, ROWS)
const id = { dataset_id: ID }

let stats: FakeStats
let store: FakeObjectStore
let slowed: FakeObjectStore
let hold: ((key: string) => Promise<void>) | null
let runners: RunnerLoop[]
beforeEach(() => {
  stats = fakeStats(table)
  store = fakeObjectStore()
  hold = null
  runners = []
  // A CSV file is held up at its first bytes, so that the middle of writing can be met.
  slowed = {
    ...store,
    put: (key, body, options) => store.put(key, body instanceof Uint8Array ? body : held(key, body), options),
  }
})
afterEach(async () => void (await Promise.all(runners.map((runner) => runner.stop()))))

async function* held(key: string, body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (key.endsWith('.csv')) await hold?.(key)
  yield* body
}

function process(holder: string, leaseMs = 5_000): Ports {
  const jobs = jobStore(slowed)
  // What fails shows in the job.
  const report = (): void => {}
  const runner = jobRunner({
    jobs,
    stats,
    store: slowed,
    holder,
    leaseMs,
    pollMs: 20,
    workMs: 2_000,
    now: Date.now,
    report,
  })
  runners.push(runner)
  return { stats, store: slowed, disk: { shared: false }, links: { sign: null }, jobs, runner } as unknown as Ports
}

let ids = 0
interface Limits {
  readonly fetchRows?: number
  readonly writeRows?: number
}
async function call(ports: Ports, name: string, args: object, limits: Limits = {}, tenant = 'estat') {
  const deps = {
    tools: TOOLS,
    ports,
    limits: { fetchRows: 1000, millis: 20_000, ...limits },
    now: Date.now,
    newId: () => `job-${++ids}`,
  }
  const caller = { id: 'someone', tenant, scopes: ['read', 'lake'] as const }
  const { signal } = new AbortController()
  const { result, text } = await callTool(deps, { name, args, caller, signal, progress: () => {} })
  return { ...result, text } as Record<string, unknown> & { text: string }
}

interface JobShown {
  readonly job_id: string
  readonly state: string
  readonly s3_json_path: string
  readonly csv: { readonly s3_path: string; readonly rows: number; readonly bytes: number }
}
const jobOf = async (ports: Ports, job_id: unknown, wait_seconds = 15): Promise<JobShown> =>
  (await call(ports, 'get_job', { job_id, wait_seconds }))['job'] as JobShown
const bytesOf = async (path: unknown): Promise<string> => {
  const bytes = await store.get(String(path).replace('s3://estat-lake/', ''))
  if (bytes === null) throw new Error('no such file')
  return Buffer.from(bytes).toString('base64')
}
const csvFiles = async (): Promise<readonly string[]> =>
  (await store.list('estat/csv/')).map(({ key }) => key.slice('estat/csv/'.length))

const LAYOUTS = [
  ['long', {}],
  ['wide', { layout: 'wide', spread: 'area' }],
  ['raw under a name of the caller’s', { raw: true, output_filename: 'a.csv' }],
] as const

describe('more rows than a call may fetch', () => {
  it.each(LAYOUTS)('become a job whose file equals the one of a call: %s', async (_, more) => {
    const ports = process('a')
    const begun = await call(ports, 'save_dataset_as_csv', { ...id, ...more })
    expect(begun).toMatchObject({ s3_path: null, rows: null, cells: null, bytes: null, columns: null, matched: ROWS })
    expect(begun.text).toMatch(/2,500セル.*get_job/)
    expect((await call(ports, 'save_dataset_as_csv', { ...id, ...more }))['job_id']).toBe(begun['job_id'])
    const job = await jobOf(ports, begun['job_id'])
    expect(job).toMatchObject({
      state: 'done',
      rows_done: ROWS,
      complete: true,
      next: expect.stringMatching(/download_csv_from_s3/),
    })
    const inCall = await call(
      ports,
      'save_dataset_as_csv',
      { ...id, ...more, ...('output_filename' in more && { output_filename: 'b.csv' }) },
      { fetchRows: ROWS },
    )
    const { rows, cells, bytes, columns, column_count, spread, layout } = inCall
    expect(job.csv).toMatchObject({ rows, cells, bytes, columns, column_count, spread, layout, rows_written: ROWS })
    expect(inCall['job_id']).toBeNull()
    expect(await bytesOf(job.csv.s3_path)).toBe(await bytesOf(inCall['s3_path']))
    const read = await call(ports, 'download_csv_from_s3', { s3_path: job.csv.s3_path })
    expect(read['source']).toMatchObject({ citation: expect.any(String) })
  })
})

describe('a kept fetch that is too large to write in a call', () => {
  it('is written by a job that asks e-Stat nothing', async () => {
    const ports = process('a')
    const inCall = await call(ports, 'save_dataset_as_csv', id, { fetchRows: ROWS })
    const whole = await bytesOf(inCall['s3_path'])
    const [manifest] = (await store.list('raw/')).filter(({ key }) => key.endsWith('manifest.json'))
    const asked = stats.asked.length
    const args = { ...id, s3_json_path: manifest?.key, output_filename: 'kept.csv' }
    const begun = await call(ports, 'save_dataset_as_csv', args, { writeRows: 100 })
    const job = await jobOf(ports, begun['job_id'])
    expect(job).toMatchObject({ state: 'done', rows_total: ROWS, matched: ROWS, csv: { filename: 'kept.csv' } })
    expect(await bytesOf(job.csv.s3_path)).toBe(whole)
    expect(stats.asked).toHaveLength(asked)
  })
})

describe('a writer killed in the middle', () => {
  it('leaves no file, and another process writes it once', async () => {
    const first = process('a', 300)
    let reached = (): void => {}
    const middle = new Promise<void>((resolve) => (reached = resolve))
    hold = async () => {
      reached()
      throw new Error('killed')
    }
    const begun = await call(first, 'save_dataset_as_csv', { ...id, output_filename: 'a.csv' })
    const key = { tenant: 'estat', id: String(begun['job_id']) }
    // The record of a process that died while it wrote: its lease was never handed back.
    const waiting = first.runner.advance(key, 200, new AbortController().signal).catch(() => {})
    await middle
    const stored = await first.jobs.get(key)
    if (stored === null) throw new Error('no job')
    hold = null
    await waiting
    await (first.runner as RunnerLoop).stop().catch(() => {})
    expect(await csvFiles()).toEqual([])
    const now = await first.jobs.get(key)
    if (now === null) throw new Error('no job')
    const lease = { holder: 'dead', until: Date.now() - 1 }
    await first.jobs.replace(now, { ...now.job, state: 'running', lease, notBefore: 0 })
    const pages = stats.asked.length
    const job = await jobOf(process('b'), begun['job_id'])
    expect(job).toMatchObject({ state: 'done', csv: { rows: ROWS } })
    expect(await csvFiles()).toEqual(['a.csv'])
    expect(stats.asked).toHaveLength(pages)
  })

  it('after the file was whole is no name taken: the same bytes are the file', async () => {
    const ports = process('a')
    const begun = await call(ports, 'save_dataset_as_csv', { ...id, output_filename: 'a.csv' })
    const same = await call(ports, 'save_dataset_as_csv', { ...id, output_filename: 'b.csv' }, { fetchRows: ROWS })
    await store.put('estat/csv/a.csv', Buffer.from(await bytesOf(same['s3_path']), 'base64'))
    expect(await jobOf(ports, begun['job_id'])).toMatchObject({ state: 'done', csv: { bytes: same['bytes'] } })
  })

  it('never takes the place of another file of that name', async () => {
    const ports = process('a')
    const begun = await call(ports, 'save_dataset_as_csv', { ...id, output_filename: 'a.csv' })
    await store.put('estat/csv/a.csv', new TextEncoder().encode('theirs'))
    const job = await jobOf(ports, begun['job_id'])
    expect(job).toMatchObject({ state: 'failed', error: { code: 'INVALID_PARAMETER' } })
    expect(await bytesOf('estat/csv/a.csv')).toBe(Buffer.from('theirs').toString('base64'))
  })
})

describe('a job that writes a file', () => {
  it('cancelled in the middle leaves the rows and no file', async () => {
    const ports = process('a')
    const begun = await call(ports, 'save_dataset_as_csv', id)
    let release = (): void => {}
    const gate = new Promise<void>((resolve) => (release = resolve))
    const middle = new Promise<void>((resolve) => {
      hold = () => {
        resolve()
        return gate
      }
    })
    const waiting = jobOf(ports, begun['job_id'])
    await middle
    const { job } = await call(process('b'), 'cancel_job', { job_id: begun['job_id'] })
    release()
    expect(job).toMatchObject({ state: 'cancelled', rows_done: ROWS, csv: { s3_path: null, rows: null } })
    expect(await waiting).toMatchObject({ state: 'cancelled', s3_json_path: expect.stringContaining('manifest.json') })
    await (ports.runner as RunnerLoop).stop()
    expect(await csvFiles()).toEqual([])
  })

  it('is nobody else’s', async () => {
    const ports = process('a')
    const { job_id } = await call(ports, 'save_dataset_as_csv', id)
    for (const tool of ['get_job', 'cancel_job'])
      await expect(call(ports, tool, { job_id }, {}, 'theirs')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect((await jobOf(ports, job_id)).csv.s3_path).toMatch(/^s3:\/\/estat-lake\/estat\/csv\//)
  })
})

describe('a name that a job has for its file', () => {
  const named = { ...id, output_filename: 'a.csv' }
  const taken = (what: RegExp) => ({ code: 'INVALID_PARAMETER', message: expect.stringMatching(what) })

  it('is refused to others at the start, whatever they would write, and told who has it', async () => {
    const ports = process('a')
    const { job_id } = await call(ports, 'save_dataset_as_csv', named)
    const asked = stats.asked.length
    const writing = taken(new RegExp(`Job ${String(job_id)} is writing`))
    await expect(call(ports, 'save_dataset_as_csv', { ...named, raw: true })).rejects.toMatchObject(writing)
    const inCall = { fetchRows: ROWS }
    await expect(call(ports, 'save_dataset_as_csv', { ...named, raw: true }, inCall)).rejects.toMatchObject(writing)
    await expect(call(ports, 'save_metadata_as_csv', named)).rejects.toMatchObject(writing)
    expect(stats.asked.slice(asked).filter((what) => what.startsWith('page'))).toEqual([])
    // Another tenant's names are its own.
    expect((await call(ports, 'save_dataset_as_csv', named, inCall, 'theirs'))['s3_path']).toContain('theirs/csv/a.csv')
    const job = await jobOf(ports, job_id)
    expect(job).toMatchObject({ state: 'done', csv: { filename: 'a.csv' } })
    await expect(call(ports, 'save_metadata_as_csv', named)).rejects.toMatchObject(taken(/there already/))
  })

  it('is had by one of many that ask at once, and the same call twice is one job', async () => {
    const instances = [process('a'), process('b'), process('c')]
    const layouts = [{}, { raw: true }, { layout: 'wide', spread: 'area' }]
    const asking = layouts.flatMap((more) =>
      instances.map((ports) => call(ports, 'save_dataset_as_csv', { ...named, ...more })),
    )
    const ends = await Promise.allSettled(asking)
    const ids = ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value['job_id']] : []))
    expect(new Set(ids).size).toBe(1)
    const refusals = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : []))
    expect(refusals).toEqual(refusals.map(() => expect.objectContaining(taken(/^(?:Job .* is|A call is) writing/))))
    expect(ids.length + refusals.length).toBe(asking.length)
    expect(await jobOf(process('d'), ids[0])).toMatchObject({ state: 'done' })
  })

  it('is free again once the job failed or was cancelled', async () => {
    const ports = process('a')
    const { job_id } = await call(ports, 'save_dataset_as_csv', named)
    await call(ports, 'cancel_job', { job_id })
    const other = await call(ports, 'save_dataset_as_csv', { ...named, raw: true })
    expect(await jobOf(ports, other['job_id'])).toMatchObject({ state: 'done', csv: { filename: 'a.csv' } })
  })

  it('is held by a call that writes it, too', async () => {
    const ports = process('a')
    let release = (): void => {}
    const gate = new Promise<void>((resolve) => (release = resolve))
    const middle = new Promise<void>((resolve) => {
      hold = () => {
        resolve()
        return gate
      }
    })
    const writing = call(ports, 'save_dataset_as_csv', named, { fetchRows: ROWS })
    await middle
    await expect(call(ports, 'save_dataset_as_csv', named)).rejects.toMatchObject(taken(/call is writing/))
    release()
    expect((await writing)['filename']).toBe('a.csv')
    expect(await store.list('jobs/names/')).toEqual([])
  })

  it.each(['0001234567_20261120T103000Z-1b9d6bcd.csv', '0001234567_metadata_2026-01-01'])(
    'is none of the form that ours have: %s',
    async (output_filename) => {
      const calling = call(process('a'), 'save_dataset_as_csv', { ...id, output_filename })
      await expect(calling).rejects.toMatchObject(taken(/given by the server/))
    },
  )
})
