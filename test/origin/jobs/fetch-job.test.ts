/** What a job fetches: all of one version of the table, or what it was bound to, and it says which. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { infoOf } from '../../fakes/stats-source.ts'
import { ID, type JobScene, jobScene, ROWS, table } from './job-scene.ts'

let scene: JobScene
beforeEach(() => {
  scene = jobScene()
})
afterEach(() => scene.close())

describe('a fetch job', () => {
  it('fails at once where asking again would not help', async () => {
    const runner = scene.process()
    const job = await scene.submit(runner, { queries: [[{ axis: 'area', codes: ['none'] }]] })
    expect(await scene.over(runner, job)).toMatchObject({ state: 'failed', error: { code: 'NO_DATA' }, result: null })
  })

  it('begins anew when the table changed under way, and mixes nothing', async () => {
    scene.stats.beforePage = (start) => {
      if (start < 51 || scene.stats.table !== table) return
      scene.stats.table = { meta: { ...table.meta, info: infoOf(ID, '2026-02-02') }, values: table.values.slice(0, 40) }
    }
    const runner = scene.process()
    const job = await scene.submit(runner)
    const done = await scene.over(runner, job)
    expect(done).toMatchObject({ state: 'done', restarts: 1, result: { fetchId: `${job.id}-2`, rows: 40 } })
    expect(await scene.sumOf(done)).toBe((40 * 39) / 2)
    const keys = (await scene.store.list(`raw/${ID}/`)).map(({ key }) => key.split('/')[2])
    expect(new Set(keys)).toEqual(new Set([`${job.id}-2`]))
  })

  it('takes class lists of the version that its rows are of, where a cache gave older ones', async () => {
    const older = { ...table.meta, info: infoOf(ID, '2020-01-01') }
    let described = 0
    const cached = { ...scene.stats, describe: async () => (described++ === 0 ? older : table.meta) }
    const runner = scene.process({ stats: cached })
    const done = await scene.over(runner, await scene.submit(runner))
    const manifest = await scene.manifestOf(done)
    expect([done.restarts, described, manifest.meta.info.updatedDate]).toEqual([0, 2, table.meta.info.updatedDate])
  })

  it('counts again what changed between its count and its first page', async () => {
    scene.stats.beforePage = () => {
      if (scene.stats.table === table) scene.stats.table = { ...table, values: table.values.slice(0, 12) }
    }
    const runner = scene.process()
    expect(await scene.over(runner, await scene.submit(runner))).toMatchObject({
      state: 'done',
      result: { rows: 12, matched: 12 },
    })
  })

  it('holds max_records rows, and says that they are not all', async () => {
    const runner = scene.process()
    const done = await scene.over(runner, await scene.submit(runner, { maxRecords: 33 }))
    expect(done.result).toMatchObject({
      rows: 33,
      matched: ROWS,
      complete: false,
      note: expect.stringContaining('95行のうち先頭33行'), // in the job's own language
    })
    expect(await scene.sumOf(done)).toBe((33 * 32) / 2)
    const manifest = await scene.manifestOf(done)
    expect(manifest).toMatchObject({ rows: 33, matched: ROWS, meta: { extent: { rows: 33, totalRows: ROWS } } })
  })

  it('joins the rows of several queries, each of them whole', async () => {
    const codes = (from: number, to: number) => table.values.slice(from, to).map((row) => row['@area'] ?? '')
    const queries = [
      [0, 25],
      [25, 25],
      [25, 40],
    ].map(([from = 0, to = 0]) => [{ axis: 'area', codes: codes(from, to) }])
    const runner = scene.process()
    const done = await scene.over(runner, await scene.submit(runner, { queries }))
    expect(done).toMatchObject({ outline: { totals: [25, 0, 15] }, result: { rows: 40, matched: 40, complete: true } })
    expect(scene.pagesAsked()).toEqual(['page 1+10', 'page 1+10', 'page 11+10', 'page 11+5', 'page 21+5'])
    expect(await scene.sumOf(done)).toBe((40 * 39) / 2)
  })
})
