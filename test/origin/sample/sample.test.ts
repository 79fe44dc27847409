/** What must hold of the bundled figures in every clone, without the recordings. */
import { createHash } from 'node:crypto'
import { readdirSync, statSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { BUNDLED_TABLES, loadSample } from '../../../origin/sample/load-sample.ts'
import { asking, at, valuesIn } from '../standin/ask.ts'

const { tables, extents, retrieved } = loadSample()
const ask = asking(tables)
const DATA = new URL('../../../origin/sample/data/', import.meta.url)

const digest = (text: string): string =>
  createHash('sha256')
    .update(text.replace(/"DATE":"[^"]*"/, '"DATE":""'))
    .digest('hex')

describe('Bytes that e-Stat sent, by SHA-256 with DATE emptied', () => {
  it('of statsdata_0003280145_raw.json', async () => {
    const { text } = await ask('getStatsData', {
      statsDataId: '0003280145',
      metaGetFlg: 'Y',
      cntGetFlg: 'N',
      explanationGetFlg: 'Y',
      annotationGetFlg: 'Y',
      sectionHeaderFlg: '1',
    })
    expect(text).toHaveLength(5461)
    expect(digest(text)).toBe('d7a49a784cacb667e05289265ab9e4700190456b2e97dbbeec7da560250c8fde')
  })

  it('of statsdata_0000020201_A1101_v2.1.json', async () => {
    const { text } = await ask('getStatsData', {
      statsDataId: '0000020201',
      cdCat01: 'A1101',
      cntGetFlg: 'N',
      sectionHeaderFlg: '1',
    })
    expect(text).toHaveLength(1_734_452)
    expect(digest(text)).toBe('a101c6ea5ed94ed8e703f4d34fce888130da97caf8220926969e61dcc7082e8e')
  })

  it('of error100_v2.1.json', async () => {
    const { text } = await ask('getStatsData', {
      appId: 'unknown',
      statsDataId: '0000020203',
      cdCat01: 'C120110,C120120',
      cntGetFlg: 'N',
      sectionHeaderFlg: '1',
    })
    expect(digest(text)).toBe('8ad5998572ee9856d4a96fc9b699a39905244e1ebc31cc41f01ae14387908579')
  })
})

describe('The bundled tables', () => {
  it.each([
    ['0000020201', 15_313],
    ['0003005798', 15],
    ['0003109741', 2508],
    ['0003280145', 27],
    ['0003410379', 1008],
    ['0003410380', 780],
    ['0004052037', 81],
  ])('%s holds %i values', async (id, count) => {
    const heard = await ask('getStatsData', { statsDataId: id })
    expect(at(heard.body, 'STATISTICAL_DATA', 'RESULT_INF', 'TOTAL_NUMBER')).toBe(count)
    expect(valuesIn(heard)).toHaveLength(count)
    expect(tables.find((table) => table.id === id)?.rows.total).toBe(count)
  })

  it('are all the files there are, and small', () => {
    const names = readdirSync(DATA)
    expect(names.toSorted()).toEqual([...BUNDLED_TABLES.map((id) => `${id}.json`), 'catalogue.json'])
    expect(names.reduce((sum, name) => sum + statSync(new URL(name, DATA)).size, 0)).toBeLessThan(600_000)
  })

  it('hold what is asked first: 東京都 at every census', async () => {
    const values = valuesIn(await ask('getStatsData', { statsDataId: '0003410379', cdArea: '13000' }))
    expect(values).toHaveLength(21)
    expect(values[0]).toEqual({
      '@tab': 's01',
      '@cat01': 's01',
      '@area': '13000',
      '@time': '1920000000',
      '@unit': '人',
      $: '3699428',
    })
    expect(values.at(-1)?.['$']).toBe('14047594')
  })

  it('hold the one value that was not recorded as an empty cell', async () => {
    const values = valuesIn(await ask('getStatsData', { statsDataId: '0003410379', cdArea: '47000' }))
    expect(values.filter(({ $ }) => $ === '').map((value) => value['@time'])).toEqual(['1945000000'])
  })

  it('tell 85歳以上 of old from 85～89歳', async () => {
    const ages = tables.find(({ id }) => id === '0003410380')?.axes.find(({ id }) => id === 'cat02')?.items ?? []
    const code = (name: string): string => ages.find((item) => item.name === name)?.code ?? ''
    const years = async (name: string): Promise<unknown[]> =>
      valuesIn(await ask('getStatsData', { statsDataId: '0003410380', cdCat02: code(name), cdCat01: 's01' })).map(
        (value) => value['@time'],
      )
    expect(await years('85～89歳')).toEqual(['2005000000', '2010000000', '2015000000', '2020000000'])
    const before = await years('85歳以上')
    expect(before).toHaveLength(17)
    expect(before.at(-1)).toBe('2000000000')
  })
})

describe('What an excerpt says of itself', () => {
  it('is said of every table but the two complete ones', () => {
    const complete = BUNDLED_TABLES.filter((id) => !extents.has(id))
    expect(complete).toEqual(['0003109741', '0003280145'])
  })

  it.each(tables.filter(({ id }) => extents.has(id)).map((table) => [table.id, table] as const))(
    '%s: its rows, its whole, its axes',
    (id, table) => {
      const extent = extents.get(id)
      const axes = table.axes.map((axis) => axis.id)
      expect(extent?.rows).toBe(table.rows.total)
      expect(extent?.totalRows).toBeGreaterThan(table.rows.total)
      expect(axes).toEqual(
        expect.arrayContaining([...(extent?.partialAxes ?? ['none']), ...(extent?.assignedAxes ?? [])]),
      )
      expect(extent?.partialAxes).not.toHaveLength(0)
      expect(extent?.note).toMatch(/^[A-Za-z].+[^.]$/)
      expect(extent?.noteJa).toMatch(/[ぁ-ん]/)
    },
  )

  it('assigned codes look like none of e-Stat’s, and are only where it says so', () => {
    const assigned = tables.flatMap(({ id, axes }) =>
      axes
        .filter(({ items }) => items.some(({ code }) => /^s\d\d$/.test(code)))
        .map((axis) => `${id} ${axis.id} ${axis.items.every(({ code }) => /^s\d\d$/.test(code))}`),
    )
    const told = [...extents].flatMap(([id, { assignedAxes }]) => assignedAxes.map((axis) => `${id} ${axis} true`))
    expect(assigned).toEqual(told)
    expect(told).toHaveLength(5)
  })

  it('says when each was retrieved, where that is known', () => {
    expect(BUNDLED_TABLES.filter((id) => !retrieved.has(id))).toEqual(['0003410380'])
    for (const moment of retrieved.values()) expect(Date.parse(moment)).toBeGreaterThan(Date.UTC(2020, 0))
  })
})
