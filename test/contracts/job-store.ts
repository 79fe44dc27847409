/** What every JobStore promises, over whatever ObjectStore it stands on. */
import { expect, it } from 'vitest'
import { cancelled, claimed, type Job, newJob, released } from '../../origin/jobs/job.ts'
import type { JobStore } from '../../origin/jobs/ports.ts'

export const someJob = (id: string, tenant = 'estat'): Job =>
  newJob({
    id,
    tenant,
    tool: 'fetch_dataset_auto',
    work: { datasetId: '0001234567', lang: 'J', queries: [[]], filters: {}, maxRecords: 1_000_000, pageRows: 100_000 },
    callersId: false,
    now: 0,
  })

export function jobStoreContract(
  make: () => Promise<{ store: JobStore; keys: () => Promise<readonly string[]> }>,
): void {
  it('reads back what it wrote, and nothing of another tenant', async () => {
    const { store } = await make()
    await store.create(someJob('job-1', 'ours'))
    expect(await store.get({ tenant: 'ours', id: 'job-1' })).toEqual({ job: someJob('job-1', 'ours'), revision: 1 })
    expect(await store.get({ tenant: 'theirs', id: 'job-1' })).toBeNull()
    expect(await store.get({ tenant: 'ours', id: 'job-2' })).toBeNull()
    expect([await store.list('theirs'), await store.open('theirs')]).toEqual([[], []])
  })

  it.each(['', '.', '../ours/job-1', 'a/b', 'job 1', 'ジョブ', `a${'b'.repeat(200)}`])(
    'there is no job "%s"',
    async (id) => {
      const { store } = await make()
      expect(await store.get({ tenant: 'estat', id })).toBeNull()
    },
  )

  it('refuses an id that is taken', async () => {
    const { store } = await make()
    await store.create(someJob('job-1'))
    await expect(store.create(someJob('job-1'))).rejects.toMatchObject({ code: 'INTERNAL_ERROR' })
  })

  it('lets exactly one of many racing writers take the job', async () => {
    const { store } = await make()
    const first = await store.create(someJob('job-1'))
    const claims = Array.from({ length: 10 }, (_, at) =>
      claimed(first.job, { holder: `h${at}`, until: 10, now: 0, done: 0, hasId: true }),
    )
    const taken = await Promise.all(claims.map((job) => store.replace(first, job as Job)))
    expect(taken.filter((won) => won !== null)).toHaveLength(1)
    const winner = taken.find((won) => won !== null)
    expect(await store.get(first.job)).toEqual(winner)
  })

  it('refuses a writer that slept while the records it knew were swept away', async () => {
    const { store, keys } = await make()
    const first = await store.create(someJob('job-1'))
    let newest = first
    for (let at = 1; at <= 4; at++) newest = (await store.replace(newest, released(newest.job, at, at))) ?? first
    expect(newest.revision).toBe(5)
    expect((await keys()).filter((key) => key.includes('records'))).toHaveLength(1)
    expect(await store.replace(first, released(first.job, 99, 99))).toBeNull()
    expect((await store.get(first.job))?.job.done).toBe(4)
  })

  it('lists jobs last first, and as open those that are not over', async () => {
    const { store } = await make()
    for (const id of ['job-1', 'job-2', 'job-3']) await store.create(someJob(id))
    await store.create(someJob('job-9', 'theirs'))
    const second = await store.get({ tenant: 'estat', id: 'job-2' })
    if (second === null) throw new Error('gone')
    await store.replace(second, cancelled(second.job, null, 1))
    expect(await store.list('estat')).toEqual(['job-3', 'job-2', 'job-1'])
    expect((await store.open('estat')).map(({ id }) => id)).toEqual(['job-1', 'job-3'])
    expect((await store.open()).map(({ tenant, id }) => `${tenant}/${id}`)).toEqual([
      'estat/job-1',
      'estat/job-3',
      'theirs/job-9',
    ])
  })

  it('takes a mark away that a lost process left', async () => {
    const { store } = await make()
    await store.create(someJob('job-1'))
    await store.close({ tenant: 'estat', id: 'job-1' })
    expect(await store.open()).toEqual([])
    expect(await store.list('estat')).toEqual(['job-1'])
  })

  it('finds what nobody wrote to since, and forgets it wholly', async () => {
    const { store, keys } = await make()
    await store.create(someJob('job-1'))
    await store.create(someJob('job-1', 'theirs'))
    await store.create(someJob('job-2'))
    await store.close({ tenant: 'estat', id: 'job-2' })
    expect(await store.idle(Date.now() - 60_000)).toEqual([])
    const all = [
      { tenant: 'estat', id: 'job-1' },
      { tenant: 'estat', id: 'job-2' },
      { tenant: 'theirs', id: 'job-1' },
    ]
    expect(
      (await store.idle(Date.now() + 60_000)).toSorted((a, b) => (a.tenant + a.id < b.tenant + b.id ? -1 : 1)),
    ).toEqual(all)
    for (const key of [...all.slice(0, 2), { tenant: 'estat', id: 'never' }]) await store.forget(key)
    expect([await store.list('estat'), await store.list('theirs')]).toEqual([[], ['job-1']])
    expect((await keys()).every((key) => key.includes('/theirs/'))).toBe(true)
  })
}
