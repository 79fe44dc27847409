/** `layout: "wide"` on the bundled tables: every cell at its place, units apart, symbols kept. */
import { describe, expect, it } from 'vitest'
import type { Observation, TableMeta } from '../../../origin/estat/model.ts'
import { decodeObservation } from '../../../origin/estat/observation.ts'
import { spreadAxis, wideRows } from '../../../origin/estat/wide-rows.ts'
import { Fault } from '../../../shared/fault.ts'
import { ask, axis, sampleIds, sampleMeta, sampleStats, table } from './tables.ts'

const rowsOf = async (id: string): Promise<readonly Observation[]> => {
  const page = await sampleStats.page({ id, narrow: [] }, { start: 1, limit: 100_000 }, ask)
  return page.values.map(decodeObservation)
}

/** Cells of a wide table by all their codes and unit. */
function cellsOf(meta: TableMeta, rows: readonly Observation[]): ReadonlyMap<string, unknown> {
  const wide = wideRows(meta, rows, [], { names: false })
  const cells = new Map<string, unknown>()
  for (const row of wide.rows) {
    const at = (name: string): unknown =>
      wide.columns.includes(name) ? row[wide.columns.indexOf(name)] : wide.fixed[name]
    for (const [index, code] of wide.spread.codes.entries()) {
      const cell = row[wide.columns.indexOf(wide.spread.columns[index] ?? '')]
      const codes = meta.axes.map(({ id }) => (id === wide.spread.axis ? code : at(`${id}_code`)))
      if (cell !== null) cells.set(JSON.stringify([...codes, at('unit')]), cell)
    }
  }
  return cells
}

describe('every cell of the bundled tables', () => {
  it.each(sampleIds)('%s', async (id) => {
    const [meta, rows] = [await sampleMeta(id), await rowsOf(id)]
    const expected = rows.map((row) => [
      JSON.stringify([...meta.axes.map((one) => row.codes[one.id]), row.unit]),
      row.value ?? row.symbol,
    ])
    expect(rows.length).toBeGreaterThan(10)
    expect(new Map(cellsOf(meta, rows))).toEqual(new Map(expected as [string, unknown][]))
  })
})

const meta = table([
  axis('tab', '表章項目', [['1', '人口', { unit: '人' }], ['2', '面積', { unit: 'km2' }]]),
  axis('area', '地域', [['13000', '東京都'], ['27000', '大阪府']]),
  axis('time', '時間軸', [['2015000000', '2015年'], ['2020000000', '2020年']]),
]) // biome-ignore format: one axis a row

const row = (tab: string, area: string, time: string, text: string, more: Record<string, string> = {}): Observation =>
  decodeObservation({
    '@tab': tab,
    '@area': area,
    '@time': time,
    '@unit': tab === '1' ? '人' : 'km2',
    $: text,
    ...more,
  })

describe('a wide table', () => {
  const rows = [
    row('1', '13000', '2015000000', '100'),
    row('1', '13000', '2020000000', '***'),
    row('1', '27000', '2020000000', '50', { '@annotation': '7' }),
    row('2', '13000', '2015000000', '2.5'),
  ]
  it('spreads time, has one row for each measure and unit, shows symbols as text and absent cells as null', () => {
    const wide = wideRows(meta, rows, [{ symbol: '***', meaning: '調査なし' }], {
      names: true,
      annotations: { 7: '推計' },
    })
    expect(wide.columns).toEqual([
      'tab_code',
      'tab_name',
      'area_code',
      'area_name',
      'unit',
      '2015年',
      '2020年',
      'annotation',
    ])
    expect(wide.rows).toEqual([
      ['1', '人口', '13000', '東京都', '人', 100, '***', null],
      ['1', '人口', '27000', '大阪府', '人', null, 50, '2020000000: 7'],
      ['2', '面積', '13000', '東京都', 'km2', 2.5, null, null],
    ])
    expect(wide.symbols).toEqual({ '***': '調査なし' })
    expect(wide.legend).toEqual({ annotation: { 7: '推計' } })
    expect(wide.spread).toEqual({
      axis: 'time',
      name: '時間軸',
      codes: ['2015000000', '2020000000'],
      columns: ['2015年', '2020年'],
    })
  })

  it('keeps its columns from window to window', () => {
    const second = wideRows(meta, rows, [], { names: true }, { start: 1, end: 2 })
    expect([second.matched, second.rows.length, second.spread.columns]).toEqual([3, 1, ['2015年', '2020年']])
  })

  it('never lifts a figure, and adds codes where names repeat', () => {
    const twins = table([axis('area', '地域', [['a', '北区'], ['b', '北区']]), axis('cat01', '区分', [['1', 'x']])]) // biome-ignore format: one row
    const same = ['a', 'b'].map((area) => decodeObservation({ '@area': area, '@cat01': '1', $: '5' }))
    const wide = wideRows(twins, same, [], { names: true })
    expect([wide.columns, wide.rows]).toEqual([['北区 (a)', '北区 (b)'], [[5, 5]]])
    expect(wideRows(twins, same, [], { names: false }).columns).toEqual(['a', 'b'])
  })

  it('never spreads what is measured', () => {
    const measures = [row('1', '13000', '2015000000', '1'), row('2', '13000', '2015000000', '2')]
    expect(() => spreadAxis(meta, measures)).toThrow(/only in what is measured/)
    expect(() => spreadAxis(meta, measures.slice(0, 1))).toThrow(/single figure/)
    expect(spreadAxis(meta, [...measures, row('1', '27000', '2015000000', '1')]).id).toBe('area')
  })

  it('refuses more columns than anybody reads', () => {
    const many = Array.from({ length: 401 }, (_, n) => [`c${n}`, `項目${n}`] as const)
    const broad = table([axis('cat01', '区分', many)])
    const cells = many.map(([code]) => decodeObservation({ '@cat01': code, $: '1' }))
    expect(() => spreadAxis(broad, cells)).toThrow(Fault)
  })
})
