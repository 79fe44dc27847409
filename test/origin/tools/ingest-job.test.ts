/** The job of ingest_dataset, whatever becomes of its process: the table is the old one or the new one, rows never twice. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isOver, type Job } from '../../../origin/jobs/job.ts'
import type { LakePorts } from '../../../origin/jobs/load-rows.ts'
import type { JobKey, JobRunner } from '../../../origin/jobs/ports.ts'
import type { Ports } from '../../../origin/ports.ts'
import { fault } from '../../../shared/fault.ts'
import type { FakeStats } from '../../fakes/stats-source.ts'
import type { TestOrigin } from '../support/origin.ts'
import { ID, type IngestScene, openIngest, ROWS } from './ingest-scene.ts'

let origin: TestOrigin
let stats: FakeStats
let call: IngestScene['call']
let process: IngestScene['process']
let tableOf: IngestScene['tableOf']
let expectWhole: IngestScene['expectWhole']
beforeAll(async () => {
  ;({ origin, stats, call, process, tableOf, expectWhole } = await openIngest())
})
afterAll(() => origin.close())

let names = 0
const newName = (): string => `t_${++names}`

/** Does `then` in the middle of writing Parquet or of a commit. */
function parquetThat(
  then: (write: () => ReturnType<Ports['parquet']['write']>) => ReturnType<Ports['parquet']['write']>,
) {
  const { parquet } = origin.ports
  const made: string[] = []
  const write: Ports['parquet']['write'] = (job, signal) => {
    made.push(job.key)
    return then(() => parquet.write(job, signal))
  }
  return { made, parquet: { ...parquet, write } }
}
const killed = (): Error => new Error('killed')

/** The record as a process leaves it that dies: its lease was not handed back. */
async function leaveDead(key: JobKey): Promise<void> {
  const stored = await origin.ports.jobs.get(key)
  if (stored === null) throw new Error('the job is gone')
  const lease = { holder: 'dead', until: Date.now() - 1 }
  await origin.ports.jobs.replace(stored, { ...stored.job, state: 'running', lease, notBefore: 0 })
}

/** The job is there, and nobody works on it. */
async function submitted(table_name: string, appId?: string): Promise<JobKey> {
  const idle: JobRunner = { wake() {}, leastWait: () => 0, advance: async () => {}, bring() {}, drop() {} }
  const args = { dataset_id: ID, table_name }
  const answer = await call({ ...process('c'), runner: idle }, 'ingest_dataset', args, appId ? { appId } : {})
  expect(answer).toMatchObject({ state: 'queued', rows_after: null, next: expect.stringContaining('get_job') })
  return { tenant: 'estat', id: String(answer['job_id']) }
}

/** A process works on it until it fails, and is gone. @returns The record as it left it, but for the lease. */
async function diesAt(key: JobKey, lake: Partial<LakePorts>, appId?: string): Promise<Job> {
  const { runner } = process('a', lake)
  if (appId) runner.bring(key, appId)
  const { signal, abort } = stoppable()
  const working = runner.advance(key, 10_000, signal)
  let job: Job | undefined
  do {
    await new Promise((resolve) => setTimeout(resolve, 10))
    job = (await origin.ports.jobs.get(key))?.job
  } while (job !== undefined && job.error === null && !isOver(job))
  abort()
  await working
  await leaveDead(key)
  if (job === undefined) throw new Error('the job is gone')
  return job
}
function stoppable() {
  const controller = new AbortController()
  return { signal: controller.signal, abort: () => controller.abort() }
}
const begun = async (lake: Partial<LakePorts>, table_name: string): Promise<JobKey> => {
  const key = await submitted(table_name)
  await diesAt(key, lake)
  return key
}
const takenOver = async ({ id }: JobKey, lake: Partial<LakePorts> = {}, workMs = 10_000): Promise<unknown> =>
  (await call(process('b', lake, workMs), 'get_job', { job_id: id }))['job']

describe('a job whose process dies', () => {
  it('between Parquet and commit goes on with that file elsewhere, and asks e-Stat nothing', async () => {
    const name = newName()
    const { tables } = origin.ports
    const first = parquetThat((write) => write())
    const commit = (): Promise<never> => Promise.reject(killed())
    const job = await begun({ parquet: first.parquet, tables: { ...tables, commit } }, name)
    expect(await tableOf(name)).toBeNull()
    const asked = stats.asked.length
    const second = parquetThat((write) => write())
    const lake = { step: 'committed', rows_before: 0, rows_loaded: ROWS, rows_after: ROWS, created: true }
    expect(await takenOver(job, { parquet: second.parquet })).toMatchObject({ state: 'done', lake })
    expect([first.made.length, second.made.length, stats.asked.length]).toEqual([1, 0, asked])
    const table = await tableOf(name)
    expect(table?.files.map(({ key }) => key)).toEqual(first.made)
    await expectWhole(name)
  })

  it('for days, so that its file was tidied up, is told to begin anew', async () => {
    const { tables, store } = origin.ports
    const commit = (): Promise<never> => Promise.reject(killed())
    const job = await submitted(newName())
    const { staged } = await diesAt(job, { tables: { ...tables, commit } })
    await store.delete(String(staged))
    const error = { code: 'DATA_TRANSFORM_ERROR', hint: expect.stringContaining('ingest_dataset') }
    expect(await takenOver(job)).toMatchObject({ state: 'failed', error, lake: { step: 'not_loaded' } })
  })

  const landsThenDies = (): Partial<LakePorts> => {
    const { tables } = origin.ports
    const commit: Ports['tables']['commit'] = async (...args) => {
      await tables.commit(...args)
      throw killed()
    }
    return { tables: { ...tables, commit } }
  }

  it('after the commit is known by its file: no second snapshot, the same answer', async () => {
    const name = newName()
    const job = await begun(landsThenDies(), name)
    const [snapshot] = (await tableOf(name))?.snapshots ?? []
    const lake = { rows_before: 0, rows_loaded: ROWS, rows_after: ROWS, created: true, snapshot_id: snapshot?.id }
    expect(await takenOver(job)).toMatchObject({ state: 'done', lake })
    expect((await tableOf(name))?.snapshots).toHaveLength(1)
    await expectWhole(name)
  })

  it('after the commit does not bring its rows back over a newer load', async () => {
    const name = newName()
    const job = await begun(landsThenDies(), name)
    const newer = { dataset_id: ID, table_name: name, filters: { area: ['000001', '000002'] } }
    expect(await call(process('c'), 'ingest_dataset', newer)).toMatchObject({ state: 'done', rows_after: 2 })
    expect(await takenOver(job)).toMatchObject({ state: 'done', lake: { rows_loaded: ROWS, rows_after: ROWS } })
    expect(await tableOf(name)).toMatchObject({ rows: 2, snapshots: { length: 2 } })
  })

  it('and wakes after another took over leaves nothing of its own', async () => {
    const name = newName()
    const key = await submitted(name)
    const frozen = parquetThat(async (write) => {
      const file = await write()
      await leaveDead(key)
      return file
    })
    const { runner } = process('a', { parquet: frozen.parquet })
    const { signal, abort } = stoppable()
    const working = runner.advance(key, 10_000, signal)
    while (frozen.made.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    abort()
    await working
    await runner.stop()
    const done = await takenOver(key)
    expect(done).toMatchObject({ state: 'done', lake: { rows_after: ROWS } })
    const files = await origin.ports.store.list(`estat/iceberg/${name}/data/`)
    expect(files.map(({ key }) => key)).toEqual((await tableOf(name))?.files.map(({ key }) => key))
    expect(files.map(({ key }) => key)).not.toContain(frozen.made[0])
    await expectWhole(name)
  })
})

it('keeps its file out of the table’s folder where another engine writes the rows', async () => {
  const name = newName()
  const made = parquetThat((write) => write())
  const lake = { parquet: made.parquet, tables: { ...origin.ports.tables, copiesStaged: true as const } }
  await call(process('a', lake), 'ingest_dataset', { dataset_id: ID, table_name: name })
  expect(made.made).toEqual([expect.stringMatching(/^estat\/parquet\/0001234567\//)])
  await expectWhole(name)
})

it('lets other jobs have their turns while DuckDB writes for it', async () => {
  const { promise: held, resolve: goOn } = Promise.withResolvers<void>()
  const slow = parquetThat(async (write) => {
    await held
    return write()
  })
  const key = await submitted(newName())
  const ports = process('a', { parquet: slow.parquet })
  ports.runner.start()
  while (slow.made.length === 0) await new Promise((resolve) => setTimeout(resolve, 10))
  const fetched = await call(ports, 'fetch_large_dataset_complete', { dataset_id: ID })
  const other = await call(ports, 'get_job', { job_id: fetched['job_id'], wait_seconds: 10 })
  expect(other['job']).toMatchObject({ state: 'done', rows_done: ROWS, lake: null })
  const writing = await call(ports, 'get_job', { job_id: key.id, lang: 'E' })
  expect(writing['job']).toMatchObject({ state: 'running', rows_done: ROWS, lake: { step: 'writing_parquet' } })
  expect(writing.text).toContain('writing Parquet')
  goOn()
  const done = await call(ports, 'get_job', { job_id: key.id, wait_seconds: 10 })
  expect(done['job']).toMatchObject({ state: 'done', lake: { rows_after: ROWS } })
  await ports.runner.stop()
})

describe('a job that does not come to its end', () => {
  it('cancelled before the commit leaves the old table', async () => {
    const name = newName()
    await call(process('c'), 'ingest_dataset', { dataset_id: ID, table_name: name, filters: { area: '000001' } })
    const ports = process('a', {
      parquet: parquetThat(async (write) => {
        const file = await write()
        const [key] = await origin.ports.jobs.open('estat')
        const cancelled = await call(process('b'), 'cancel_job', { job_id: key?.id })
        expect(cancelled['job']).toMatchObject({
          state: 'cancelled',
          rows_done: ROWS,
          lake: { step: 'not_loaded', rows_after: null },
        })
        return file
      }).parquet,
    })
    const calling = call(ports, 'ingest_dataset', { dataset_id: ID, table_name: name })
    await expect(calling).rejects.toMatchObject({ code: 'CANCELLED', hint: expect.stringContaining('ingest_dataset') })
    expect(await tableOf(name)).toMatchObject({ rows: 1, snapshots: { length: 1 } })
  })

  it('fails in plain words where its rows cannot be written', async () => {
    const words = 'The data does not fit the memory that the server may use.'
    const { parquet } = parquetThat(() => Promise.reject(fault('TOO_LARGE', words)))
    const calling = call(process('a', { parquet }), 'ingest_dataset', { dataset_id: ID, table_name: newName() })
    await expect(calling).rejects.toMatchObject({ code: 'TOO_LARGE', message: words })
  })

  it('is tried again where the failure may pass', async () => {
    const name = newName()
    let tries = 0
    const full = parquetThat((write) =>
      ++tries === 1 ? Promise.reject(fault('INTERNAL_ERROR', 'The disk of the server is full.')) : write(),
    )
    const job = await submitted(name)
    const { error } = await diesAt(job, { parquet: full.parquet })
    expect(error).toMatchObject({ message: 'The disk of the server is full.' })
    expect(await takenOver(job, { parquet: full.parquet })).toMatchObject({ state: 'done', error: null })
    await expectWhole(name)
  })

  it('needs its caller’s application ID for rows alone: once they are kept, anybody loads them', async () => {
    const appId = 'a'.repeat(40)
    const commit = (): Promise<never> => Promise.reject(killed())
    const late = await submitted(newName(), appId)
    await diesAt(late, { tables: { ...origin.ports.tables, commit } }, appId)
    expect(await takenOver(late)).toMatchObject({ state: 'done', lake: { rows_after: ROWS } })

    const early = await submitted(newName(), appId)
    stats.beforePage = () => Promise.reject(fault('ESTAT_UNAVAILABLE', 'e-Stat did not answer.'))
    await diesAt(early, {}, appId)
    stats.beforePage = () => {}
    expect(await takenOver(early, {}, 200)).toMatchObject({ state: 'needs_application_id', lake: { step: 'fetching' } })
    const brought = await call(process('b'), 'get_job', { job_id: early.id, wait_seconds: 10 }, { appId })
    expect(brought['job']).toMatchObject({ state: 'done', lake: { rows_after: ROWS } })
  })
})
