import { expect, it } from 'vitest'
import { latestBatches, latestWithValue } from '../../../origin/estat/latest.ts'
import { decodeObservation } from '../../../origin/estat/observation.ts'
import { MAX_CODES, rowOrder, splitQueries } from '../../../origin/estat/split-queries.ts'
import { ask, axis, sampleMeta, sampleStats, table } from './tables.ts'

const codes = (count: number, prefix = ''): string[] =>
  Array.from({ length: count }, (_, n) => `${prefix}${String(n).padStart(4, '0')}`)
const axisOf = (id: string, list: readonly string[]) =>
  axis(
    id,
    id,
    list.map((code) => [code, code]),
  )

it('leaves a short list alone', () => {
  const meta = table([axisOf('area', codes(200))])
  const narrow = [{ axis: 'area', codes: codes(100) }]
  expect(splitQueries(meta, narrow)).toEqual({ queries: [narrow], ordered: true })
  expect(splitQueries(meta, [])).toEqual({ queries: [[]], ordered: true })
})

it('cuts 250 codes into three lists whose union is the selection', () => {
  const meta = table([axisOf('area', codes(300))])
  const { queries, ordered } = splitQueries(meta, [{ axis: 'area', codes: codes(250) }])
  expect(queries.map(([part]) => part?.codes?.length)).toEqual([100, 100, 50])
  expect(queries.flatMap(([part]) => part?.codes)).toEqual(codes(250))
  expect(ordered).toBe(true)
})

it('leaves out a long list that is the whole axis', () => {
  expect(splitQueries(table([axisOf('area', codes(300))]), [{ axis: 'area', codes: codes(300) }]).queries).toEqual([[]])
})

it('crosses two long lists, and says that the rows need sorting', () => {
  const meta = table([axisOf('cat01', codes(300)), axisOf('area', codes(300))])
  const { queries, ordered } = splitQueries(meta, [
    { axis: 'cat01', codes: codes(150) },
    { axis: 'area', codes: codes(150) },
  ])
  expect(queries).toHaveLength(4)
  expect(queries.flat().every(({ codes: list }) => (list?.length ?? 0) <= MAX_CODES)).toBe(true)
  expect(ordered).toBe(false)
})

it('is in row order only where no axis before the long one varies', () => {
  const meta = table([axisOf('cat01', codes(3)), axisOf('area', codes(300))])
  const area = { axis: 'area', codes: codes(150) }
  expect(splitQueries(meta, [area]).ordered).toBe(false)
  expect(splitQueries(meta, [{ axis: 'cat01', codes: ['0001'] }, area]).ordered).toBe(true)
})

it('the pieces of 250 real areas hold the rows of the whole, in order', async () => {
  const id = '0000020201'
  const meta = await sampleMeta(id)
  const wanted =
    meta.axes
      .find((one) => one.id === 'area')
      ?.items.slice(100, 350)
      .map(({ code }) => code) ?? []
  const { queries, ordered } = splitQueries(meta, [{ axis: 'area', codes: wanted }])
  const pieces = await Promise.all(
    queries.map(async (narrow) => await sampleStats.page({ id, narrow }, { start: 1, limit: 100_000 }, ask)),
  )
  const all = await sampleStats.page({ id, narrow: [] }, { start: 1, limit: 100_000 }, ask)
  const chosen = new Set(wanted)
  expect([queries.length, ordered]).toEqual([3, true])
  expect(pieces.flatMap(({ values }) => values)).toEqual(all.values.filter((value) => chosen.has(value['@area'] ?? '')))
})

it('rowOrder restores the order of e-Stat', async () => {
  const meta = await sampleMeta('0003109741')
  const { values } = await sampleStats.page({ id: '0003109741', narrow: [] }, { start: 1, limit: 100_000 }, ask)
  const rows = values.map(decodeObservation)
  const shuffled = rows.toSorted((a, b) => (a.text < b.text ? -1 : 1))
  expect(shuffled).not.toEqual(rows)
  expect(shuffled.toSorted(rowOrder(meta))).toEqual(rows)
})

it('latest asks for few at first, then for as many as one request takes', () => {
  const candidates = codes(150)
  const batches = latestBatches(candidates)
  expect(batches.map(({ length }) => length)).toEqual([3, 12, 100, 35])
  expect(batches.flat()).toEqual(candidates)
  expect(latestBatches([])).toEqual([])
})

it('latest is the newest period with a number, past symbols and gaps', () => {
  const rows = [
    { '@time': '2023', $: '5' },
    { '@time': '2024', $: '0' },
    { '@time': '2025', $: '***' },
  ].map(decodeObservation)
  expect(latestWithValue(rows, ['2026', '2025', '2024', '2023'])).toBe('2024')
  expect(latestWithValue(rows, ['2026', '2025'])).toBeNull()
})

it('latest of the municipalities is 2015, not the last period of the metadata', async () => {
  const { values } = await sampleStats.page(
    { id: '0000020201', narrow: [{ axis: 'area', codes: ['13101'] }] },
    { start: 1, limit: 100 },
    ask,
  )
  const candidates = ['2017100000', '2016100000', '2015100000', '2014100000']
  expect(latestWithValue(values.map(decodeObservation), candidates)).toBe('2015100000')
})
