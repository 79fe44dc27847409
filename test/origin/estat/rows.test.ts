import { describe, expect, it } from 'vitest'
import type { WireValue } from '../../../origin/estat/model.ts'
import { decodeObservation } from '../../../origin/estat/observation.ts'
import { renderRows } from '../../../origin/estat/render-rows.ts'
import { packRows, periodOfRows } from '../../../origin/estat/rows.ts'
import { sourceOf } from '../../../origin/estat/source.ts'
import { ask, axis, info, sampleIds, sampleMeta, sampleStats, table } from './tables.ts'

const meta = table([
  axis('tab', '表章項目', [['1', '人口']]),
  axis('area', '地域', [
    ['13000', '東京都'],
    ['27000', '大阪府'],
  ]),
  axis('time', '時間軸', [
    ['2015000000', '2015年'],
    ['2020000000', '2020年'],
  ]),
])
const notes = [
  { symbol: '***', meaning: '調査していない' },
  { symbol: '0', meaning: '単位未満' },
]
const row = (area: string, time: string, text: string, more: object = {}): WireValue => ({
  '@tab': '1',
  '@area': area,
  '@time': time,
  '@unit': '人',
  $: text,
  ...more,
})
const observed = (...values: WireValue[]) => values.map(decodeObservation)

describe('packed rows', () => {
  it('lift what is constant, keep label, unit and value together', () => {
    const rows = observed(row('13000', '2020000000', '14047594'), row('27000', '2020000000', '8837685'))
    expect(packRows(meta, rows, notes, { names: true })).toEqual({
      columns: ['area_code', 'area_name', 'value'],
      fixed: { tab_code: '1', tab_name: '人口', time_code: '2020000000', time_name: '2020年', unit: '人' },
      rows: [
        ['13000', '東京都', 14047594],
        ['27000', '大阪府', 8837685],
      ],
      legend: {},
      symbols: {},
    })
  })

  it('keep a symbol beside a null, with the meaning the table gives it', () => {
    const rows = observed(
      row('13000', '2015000000', '0'),
      row('13000', '2020000000', '***'),
      row('27000', '2020000000', 'X'),
      row('27000', '2015000000', ''),
    )
    const packed = packRows(meta, rows, notes, { names: false })
    expect(packed.columns).toEqual(['area_code', 'time_code', 'value', 'symbol'])
    expect(packed.rows.map(([, , value, symbol]) => [value, symbol])).toEqual([
      [0, null],
      [null, '***'],
      [null, 'X'],
      [null, ''],
    ])
    expect(packed.symbols).toEqual({
      '***': '調査していない',
      0: '単位未満',
      X: '統計表に説明がない',
      '': '値も記号もない',
    })
  })

  it('keep units apart that differ row by row', () => {
    const packed = packRows(
      meta,
      observed(row('13000', '2020000000', '1'), row('27000', '2020000000', '1', { '@unit': '世帯' })),
      [],
      { names: false },
    )
    expect(packed.columns).toEqual(['area_code', 'value', 'unit'])
  })

  it('one row has its value as the one column', () => {
    const packed = packRows(meta, observed(row('13000', '2020000000', '1')), [], { names: true })
    expect([packed.columns, packed.rows]).toEqual([['value'], [[1]]])
  })

  it('no rows have columns all the same', () => {
    const packed = packRows(meta, [], [], { names: true })
    expect(packed.columns).toEqual([
      'tab_code',
      'tab_name',
      'area_code',
      'area_name',
      'time_code',
      'time_name',
      'value',
      'unit',
    ])
    expect([packed.rows, packed.fixed]).toEqual([[], {}])
  })

  it('long names that repeat move to the legend', () => {
    const name = (n: number) => `${n} とても長い名前のとても長い分類のとても長い項目`
    const long = table([
      axis('cat01', '分類', [
        ['a', name(1)],
        ['b', name(2)],
      ]),
      ...meta.axes.slice(2),
    ])
    const rows = ['a', 'b'].flatMap((cat) =>
      ['2015000000', '2020000000'].map((time) => decodeObservation({ '@cat01': cat, '@time': time, $: '1' })),
    )
    const packed = packRows(long, rows, [], { names: true })
    expect(packed.columns).toEqual(['cat01_code', 'time_code', 'time_name', 'value'])
    expect(packed.legend).toEqual({ cat01_code: { a: name(1), b: name(2) } })
    expect(packRows(long, rows.slice(0, 3), [], { names: true }).columns).toContain('cat01_name')
  })

  it('annotations come with their text', () => {
    const packed = packRows(
      meta,
      observed(row('13000', '2020000000', '1', { '@annotation': 'a1' }), row('27000', '2020000000', '2')),
      [],
      { names: true, annotations: { a1: '暫定値' } },
    )
    expect(packed.columns.at(-1)).toBe('annotation')
    expect(packed.legend).toEqual({ annotation: { a1: '暫定値' } })
  })

  it.each(sampleIds)('of bundled table %s hold every cell again', async (id) => {
    const whole = await sampleMeta(id)
    const page = await sampleStats.page({ id, narrow: [] }, { start: 1, limit: 100_000 }, ask)
    const rows = page.values.map(decodeObservation)
    const { columns, fixed, rows: packed, legend } = packRows(whole, rows, page.notes, { names: true })
    const cellOf = (name: string, index: number) => {
      const column = columns.indexOf(name)
      return column < 0 ? (fixed[name] ?? null) : packed[index]?.[column]
    }
    const wrong = rows.filter((observation, index) => {
      const labels = whole.axes.every(({ id: axisId, items }) => {
        const code = observation.codes[axisId] ?? ''
        const name = items.find((item) => item.code === code)?.name
        const label = cellOf(`${axisId}_name`, index) ?? legend[`${axisId}_code`]?.[code]
        return cellOf(`${axisId}_code`, index) === code && label === name
      })
      return (
        !labels ||
        cellOf('value', index) !== observation.value ||
        cellOf('unit', index) !== observation.unit ||
        cellOf('symbol', index) !== observation.symbol
      )
    })
    expect([rows.length, wrong]).toEqual([page.total, []])
  })
})

describe('the text twin', () => {
  const rows = observed(row('13000', '2015000000', '13515271'), row('13000', '2020000000', '***'))
  const packed = packRows(meta, rows, notes, { names: true })

  it('holds the same rows as TSV, a heading and the citation', () => {
    const source = sourceOf(info, {
      retrievedAt: '2026-11-20T00:00:00Z',
      origin: 'live',
      extent: null,
      period: periodOfRows(meta, rows),
    })
    const heading = {
      title: '男女別人口',
      counts: { matched: 9, returned: 2, truncated: true },
      source,
      nextCursor: 'abc',
    }
    const text = renderRows(packed, heading)
    expect(text.split('\n')).toEqual([
      '# 男女別人口',
      '全9行のうち2行（続きがあります）',
      '全行共通：tab=1 人口; area=13000 東京都; unit=人',
      'time_code\ttime_name\tvalue\tsymbol',
      '2015000000\t2015年\t13515271\t',
      '2020000000\t2020年\t\t***',
      '記号: *** = 調査していない',
      '',
      '続きを取得するには、同じ引数に cursor "abc" を加えてください。',
      '出典：国勢調査「男女別人口」2015年～2020年, e-Stat, https://www.e-stat.go.jp/dbview?sid=0000000001, 2026-11-20取得',
      expect.stringContaining('国によって保証されたものではありません'),
    ])
    const english = renderRows(packed, heading, 'E').split('\n')
    expect([english[1], english[6], english[8], english.at(-1)]).toEqual([
      '2 of 9 rows (more follow)',
      'Symbols: *** = 調査していない',
      'For the rows that follow, call again with the same arguments and cursor "abc".',
      expect.stringContaining('not guaranteed by government'),
    ])
    expect(
      renderRows(packed, { ...heading, whole: 'All of it so.' })
        .split('\n')
        .at(-3),
    ).toBe('All of it so.')
  })

  it('alone has neither', () => {
    expect(renderRows(packed).split('\n')).toHaveLength(5)
  })

  it('a tab or line end in a name makes no new cell or row', () => {
    const odd = { columns: ['a', 'value'], fixed: {}, rows: [['x\ty\nz', 1]], legend: {}, symbols: {} }
    expect(renderRows(odd)).toBe('a\tvalue\nx y z\t1')
  })
})

it.each([
  [['2020000000'], '2020年'],
  [['2020000000', '2015000000'], '2015年～2020年'],
  [[], null],
])('the period of %j is %s', (times, period) => {
  expect(periodOfRows(meta, observed(...times.map((time) => row('13000', time, '1'))))).toBe(period)
})

it('a table without time has no period of rows', async () => {
  expect(periodOfRows(await sampleMeta('0003280145'), observed({ $: '1' }))).toBeNull()
})
