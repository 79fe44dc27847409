/** Figures of our own: right to the digit on made-up rows and on the recorded ones, refused where they would mix. */
import { describe, expect, it } from 'vitest'
import { derive } from '../../../origin/estat/derive.ts'
import type { DeriveKind } from '../../../origin/estat/derive-measure.ts'
import {
  periodPairs,
  previousPeriods,
  selectedPeriods,
  withBases,
  yearBefore,
} from '../../../origin/estat/derive-periods.ts'
import type { Observation, TableMeta } from '../../../origin/estat/model.ts'
import { decodeObservation } from '../../../origin/estat/observation.ts'
import { rolesOf } from '../../../origin/estat/roles.ts'
import { Fault } from '../../../shared/fault.ts'
import { axis, type ShortItem, table } from './tables.ts'

const years = (...of: number[]): readonly ShortItem[] => of.map((year) => [`${year}000000`, `${year}年`])
const sexes: readonly ShortItem[] = [
  ['0', '総数'],
  ['1', '男'],
  ['2', '女'],
]
const tableOf = (unit: string | null, name = '人口', time = years(2018, 2019, 2020, 2021)): TableMeta =>
  table([axis('tab', '表章項目', [['1', name, { unit }]]), axis('cat01', '性別', sexes), axis('time', '時間軸', time)])
const people = tableOf('人')

const row = (sex: string, year: number, text: string, unit: string | null = '人'): Observation =>
  decodeObservation({
    '@tab': '1',
    '@cat01': sex,
    '@time': `${year}000000`,
    ...(unit === null ? {} : { '@unit': unit }),
    $: text,
  })

function derived(meta: TableMeta, rows: readonly Observation[], kind: DeriveKind, chosen = rows) {
  const selected = new Set(chosen.map(({ codes }) => codes['time'] ?? ''))
  const pairs = periodPairs(meta, selected, [kind])
  const { columns, derived: said } = derive(meta, rows, chosen, {
    kinds: [kind],
    pairs,
    roles: rolesOf(meta),
    lang: 'J',
  })
  return { cells: columns[0]?.cells, unit: said[0]?.unit, names: columns.map(({ name }) => name), columns }
}
function refusal(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    if (error instanceof Fault) return `${error.code} ${error.message} ${error.hint}`
    throw error
  }
  return 'not refused'
}

describe('change', () => {
  it('goes by dates, whatever the order of rows, and carries no dust of binary fractions', () => {
    const rows = [row('0', 2020, '101.5'), row('0', 2018, '100'), row('0', 2019, '101.2')]
    const { cells, names, columns } = derived(people, rows, 'change')
    expect([cells, names, columns[1]?.cells]).toEqual([
      [0.3, null, 1.2],
      ['change', 'compared_with'],
      ['2019年', null, '2018年'],
    ])
  })

  it('of a missing value, or against one, is missing', () => {
    const rows = [row('0', 2018, '1'), row('0', 2019, '***'), row('0', 2020, '3')]
    expect(derived(people, rows, 'change').cells).toEqual([null, null, null])
  })

  it('takes a missing cell that comes without its unit for no other measure', () => {
    const rows = [row('0', 2018, '1'), row('0', 2019, '-', null), row('0', 2020, '3')]
    expect(derived(people, rows, 'change').cells).toEqual([null, null, null])
  })

  it('never crosses series', () => {
    const rows = [row('1', 2019, '10'), row('2', 2020, '99'), row('1', 2020, '12')]
    expect(derived(people, rows, 'change').cells).toEqual([null, null, 2])
  })

  it('of one period alone is held against the one before it in the table', () => {
    const time = people.axes[2]
    if (time === undefined) throw new Error('no time')
    expect([...previousPeriods(time, new Set(['2020000000']))]).toEqual([['2020000000', '2019000000']])
    const narrow = [{ axis: 'time', codes: ['2020000000'] }]
    expect(withBases(narrow, ['2019000000'])).toEqual([{ axis: 'time', codes: ['2020000000', '2019000000'] }])
    expect([...selectedPeriods(people, narrow)]).toEqual(['2020000000'])
    expect(derived(people, [row('0', 2019, '4'), row('0', 2020, '6')], 'change', [row('0', 2020, '6')]).cells).toEqual([
      2,
    ])
  })

  it('of a rate is in points', () => {
    const rate = tableOf('％', '失業率')
    expect(derived(rate, [row('0', 2019, '2.4', '％'), row('0', 2020, '2.8', '％')], 'change')).toMatchObject({
      cells: [null, 0.4],
      unit: 'ポイント',
    })
  })
})

describe('a table that lists years of which it has no rows', () => {
  const rows = [row('0', 2018, '100'), row('0', 2021, '150'), row('1', 2018, '***'), row('1', 2021, '60')]
  const derivedOver = (kind: DeriveKind) => {
    const pairs = periodPairs(people, selectedPeriods(people, []), [kind])
    return derive(people, rows, rows, { kinds: [kind], pairs, roles: rolesOf(people), lang: 'J' }).columns
  }
  it('holds a figure against the one before that is there, and says which', () => {
    expect(derivedOver('change_pct').map(({ name, cells }) => [name, cells])).toEqual([
      ['change_pct', [null, 50, null, null]],
      ['compared_with', [null, '2018年', null, '2018年']],
    ])
  })
  it('but a year earlier is a year earlier', () => {
    expect(derivedOver('yoy')[0]?.cells).toEqual([null, null, null, null])
  })
})

describe('change_pct and yoy', () => {
  it('are per cent of the base, and nothing where the base is nothing', () => {
    const rows = [row('0', 2018, '0'), row('0', 2019, '80'), row('0', 2020, '100'), row('0', 2021, '-5')]
    expect(derived(people, rows, 'change_pct').cells).toEqual([null, null, 25, -105])
  })

  it('yoy pairs periods one year apart, never the row before', () => {
    const sparse = tableOf('人', '人口', years(2015, 2019, 2020))
    expect(derived(sparse, [row('0', 2015, '1'), row('0', 2019, '50'), row('0', 2020, '60')], 'yoy').cells).toEqual([
      null,
      null,
      20,
    ])
  })

  it('yoy of months finds the same month, not a quarter or a year of that code', () => {
    const time = axis('time', '時間軸', [
      ['2024000000', '2024年'], ['2024000202', '2024年2月'], ['2024000101', '2024年1月'], ['2024000103', '2024年1～3月期'],
      ['2025000000', '2025年'], ['2025000101', '2025年1月'], ['2025000103', '2025年1～3月期'], ['2025000202', '2025年2月'], ['2025100000', '2025年度'],
    ]) // biome-ignore format: one year a row
    const all = new Set(time.items.map(({ code }) => code))
    expect(Object.fromEntries(yearBefore(time, all))).toEqual({
      2025000000: '2024000000',
      2025000101: '2024000101',
      2025000103: '2024000103',
      2025000202: '2024000202',
    })
  })

  it('yoy is refused where no period lies one year before', () => {
    const census = tableOf('人', '人口', years(2010, 2015, 2020))
    expect(refusal(() => derived(census, [row('0', 2015, '1'), row('0', 2020, '2')], 'yoy'))).toMatch(
      /INVALID_PARAMETER.*one year before.*change/,
    )
  })
})

describe('share', () => {
  it('is of the one total, which is never among its parts', () => {
    const rows = [
      row('0', 2020, '200'),
      row('1', 2020, '50'),
      row('2', 2020, '150'),
      row('0', 2021, '-'),
      row('1', 2021, '7'),
    ]
    expect(derived(people, rows, 'share').cells).toEqual([100, 25, 75, null, null])
  })

  it('without the total is refused, and of what is not known to be within it as well', () => {
    expect(refusal(() => derived(people, [row('1', 2020, '1'), row('2', 2020, '1')], 'share'))).toMatch(
      /no total is selected/,
    )
    const odd = table([axis('tab', 't', [['1', 'x', { unit: '人' }]]), axis('cat01', '区分', [['0', '総数'], ['1', 'あ'], ['2', 'い']]), axis('time', 't', years(2020))]) // biome-ignore format: one table
    expect(refusal(() => derived(odd, [row('0', 2020, '3'), row('1', 2020, '1')], 'share'))).toMatch(
      /Not known to be within 0 総数: 1 あ/,
    )
  })

  it('of two totals at once is refused', () => {
    const both = table([axis('cat01', '性別', sexes), axis('cat02', '年齢', [['0', '総数'], ['1', '0～14歳'], ['2', '15歳以上']]), axis('time', 't', years(2020))]) // biome-ignore format: one table
    const cell = (sex: string, age: string) =>
      decodeObservation({ '@cat01': sex, '@cat02': age, '@time': '2020000000', '@unit': '人', $: '5' })
    const rows = ['0', '1', '2'].flatMap((sex) => ['0', '1', '2'].map((age) => cell(sex, age)))
    expect(refusal(() => derived(both, rows, 'share'))).toMatch(/Several totals/)
  })

  it.each([['％', '失業率'], ['2020年=100', '指数'], ['円', '消費者物価'], [null, '何か']])('of unit %s, %s is refused with the reason', (unit, name) => {
    const rows = [row('0', 2020, '100', unit), row('1', 2020, '99', unit)]
    expect(refusal(() => derived(tableOf(unit, name), rows, 'share'))).toMatch(/never summed, so it has no share/)
  }) // biome-ignore format: cases in a row
})

describe('rank', () => {
  it('leaves totals out, gives equals one place, and missing none', () => {
    const items: readonly ShortItem[] = [['00000', '全国'], ['01000', '北海道'], ['02000', '青森県'], ['13000', '東京都'], ['27000', '大阪府']] // biome-ignore format: one row
    const meta = table([axis('area', '地域', items), axis('time', '時間軸', years(2020))])
    const cell = (area: string, text: string) =>
      decodeObservation({ '@area': area, '@time': '2020000000', '@unit': '人', $: text })
    const rows = [cell('00000', '99'), cell('01000', '5'), cell('02000', 'X'), cell('13000', '9'), cell('27000', '5')]
    expect(derived(meta, rows, 'rank').cells).toEqual([null, 2, null, 1, 2])
    expect(derived(meta, [...rows, cell('02000', '1')].slice(1), 'rank').cells).toEqual([2, null, 1, 2, 4])
  })

  it('of an index is refused: each series has its own base', () => {
    const rows = [row('1', 2020, '100', '2020年=100'), row('2', 2020, '99', '2020年=100')]
    expect(refusal(() => derived(tableOf('2020年=100', '指数'), rows, 'rank'))).toMatch(/own base/)
  })
})

describe('what would mix', () => {
  it('is refused: two measures, two units', () => {
    const mixed = [row('0', 2019, '1'), row('0', 2020, '2', '千人')]
    expect(refusal(() => derived(people, mixed, 'change'))).toMatch(/2 measures or units: 人口 \(人\), 人口 \(千人\)/)
  })

  it.each([['change_pct', /in points/], ['yoy', /in points/]] as const)('%s of a rate', (kind, says) => {
    const rows = [row('0', 2019, '2.4', '％'), row('0', 2020, '2.8', '％')]
    expect(refusal(() => derived(tableOf('％', '失業率'), rows, kind))).toMatch(says)
  }) // biome-ignore format: cases in a row

  it.each(['change', 'rank'] as const)('%s of a rank', (kind) => {
    const rows = [row('1', 2019, '1', null), row('2', 2020, '2', null)]
    expect(refusal(() => derived(tableOf(null, '順位'), rows, kind))).toMatch(/is a rank/)
  })
})
