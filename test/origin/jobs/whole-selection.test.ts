/** All rows of a selection at once: in e-Stat's order, at a known number of requests, and not beyond its bound. */
import { describe, expect, it } from 'vitest'
import type { Narrowing } from '../../../origin/estat/model.ts'
import { needWhole, readWhole, WHOLE_ROWS } from '../../../origin/jobs/whole-selection.ts'
import type { StatsSource } from '../../../origin/ports.ts'
import { ask, sampleMeta, sampleStats } from '../estat/tables.ts'

const AREAS = '0000020201'

/** The sample, counting what it is asked; `total` is then what every query is said to hold. */
function counting(total?: number) {
  const asked: string[] = []
  const stats: StatsSource = {
    ...sampleStats,
    count(query, how) {
      asked.push('count')
      return total === undefined ? sampleStats.count(query, how) : Promise.resolve(total)
    },
    page(query, range, how) {
      asked.push('page')
      return sampleStats.page(query, range, how)
    },
  }
  return { stats, asked }
}
const area = (...codes: string[]): readonly Narrowing[] => [{ axis: 'area', codes }]

describe('a selection', () => {
  it('of one query costs one request', async () => {
    const { stats, asked } = counting()
    const whole = await readWhole(stats, await sampleMeta(AREAS), [[]], ask)
    expect([whole?.rows.length, asked]).toEqual([15_313, ['page']])
  })

  it('of several comes in e-Stat’s order, whatever theirs; one without rows is not read', async () => {
    const { stats, asked } = counting()
    const queries = [area('13101'), area('01100'), [...area('13101'), { axis: 'time', codes: ['2017100000'] }]]
    const whole = await readWhole(stats, await sampleMeta(AREAS), queries, ask)
    expect([...new Set(whole?.rows.map(({ codes }) => codes['area']))]).toEqual(['01100', '13101'])
    expect(asked).toEqual(['count', 'count', 'count', 'page', 'page'])
    expect(whole?.notes.length).toBe(new Set(whole?.notes.map(({ symbol }) => symbol)).size)
  })

  it('larger than the bound is null, found out without reading a row, and in words where all of it is needed', async () => {
    const { stats, asked } = counting(WHOLE_ROWS / 2 + 1)
    const meta = await sampleMeta(AREAS)
    expect(await readWhole(stats, meta, [area('01100'), area('13101')], ask)).toBeNull()
    expect(asked).toEqual(['count', 'count'])
    await expect(needWhole(stats, meta, [area('01100'), area('13101')], ask, 'derive')).rejects.toMatchObject({
      code: 'TOO_LARGE',
      message: expect.stringMatching(/^derive takes all rows.*20,000/),
      hint: expect.stringContaining('save_dataset_as_csv'),
    })
    expect(
      await readWhole(
        stats,
        meta,
        Array.from({ length: 21 }, () => area('01100')),
        ask,
      ),
    ).toBeNull()
  })

  it('without a row is NO_DATA', async () => {
    const nothing = [...area('13101'), { axis: 'time', codes: ['2017100000'] }]
    await expect(readWhole(sampleStats, await sampleMeta(AREAS), [nothing, nothing], ask)).rejects.toMatchObject({
      code: 'NO_DATA',
    })
  })
})
