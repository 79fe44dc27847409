import { describe, expect, it } from 'vitest'
import type { Axis, Extent, Role } from '../../../origin/estat/model.ts'
import { plainRoles, rolesOf } from '../../../origin/estat/roles.ts'
import { axis, sampleMeta, type ShortItem, table } from './tables.ts'

const rolesIn = (one: Axis, extent: Extent | null = null): Record<string, Role> =>
  Object.fromEntries(
    Object.entries(rolesOf(table([one], {}, extent))[one.id] ?? {}).map(([code, { role }]) => [code, role]),
  )

const roleOfName = (name: string): Role | undefined => rolesIn(axis('cat01', '区分', [['1', name]]))['1']
const under = (parentCode: string) => ({ parentCode })

describe('a name', () => {
  it.each([
    '総数',
    '計',
    '合計',
    '総数（男女計）',
    '男女計',
    '産業計',
    '全国',
    '全産業',
    '000_総数',
    '年齢_総数',
    'Total',
    '1 合計',
    '1 合計',
    '総　数',
  ])('%s is a total', (name) => {
    expect(roleOfName(name)).toBe('total')
  })

  it.each([
    '（再掲）65歳以上',
    '65歳以上（再掲）',
    'うち農家',
    '雇用者_うち役員',
    '（うち）学生',
    '<参考>国民総所得',
    '＜参考＞国内需要',
    '農家（うち専業）',
  ])('%s is of which', (name) => {
    expect(roleOfName(name)).toBe('of_which')
  })

  it.each([
    '上位５カ国以外計',
    '生鮮食品を除く総合',
    '家計',
    '統計',
    '設計',
    '男',
    'うちわ',
    'その他',
    '推計',
    '内訳',
    '全国市部',
  ])('%s says nothing', (name) => {
    expect(roleOfName(name)).toBe('unknown')
  })
})

describe('parent codes', () => {
  it('a parent of several is a total, its codes are parts', () => {
    expect(rolesIn(axis('cat01', '産業', [['A', '第一次'], ['A1', '農業', under('A')], ['A2', '漁業', under('A')], ['B', '製造']]))).toEqual({
      A: 'total', A1: 'part', A2: 'part', B: 'unknown',
    }) // biome-ignore format: one row
  })

  it('only leaves are parts, over several levels', () => {
    const items: ShortItem[] = [
      ['0', 'x'],
      ['1', 'a', under('0')],
      ['2', 'b', under('0')],
      ['11', 'c', under('1')],
      ['12', 'd', under('1')],
    ]
    expect(rolesIn(axis('cat01', '区分', items))).toEqual({ 0: 'total', 1: 'total', 2: 'part', 11: 'part', 12: 'part' })
  })

  it('a code alone under its parent is of which, and so is all below it', () => {
    expect(rolesIn(axis('cat01', '支出', [['12', '消費'], ['13', '家計', under('12')], ['14', '除く家賃', under('13')]]))).toEqual({
      12: 'unknown', 13: 'of_which', 14: 'of_which',
    }) // biome-ignore format: one row
  })

  it('but not in an excerpt, where its siblings may be missing', () => {
    const extent: Extent = { note: '', noteJa: '', rows: 1, totalRows: 2, partialAxes: ['cat01'], assignedAxes: [] }
    expect(
      rolesIn(
        axis('cat01', '支出', [
          ['12', '消費'],
          ['13', '食料', under('12')],
        ]),
        extent,
      ),
    ).toEqual({ 12: 'unknown', 13: 'unknown' })
  })

  it('codes under one marked 再掲 are of which, and it does not make its parent a total', () => {
    const items: ShortItem[] = [
      ['0', 'x'],
      ['9', '（再掲）外国人', under('0')],
      ['91', 'a', under('9')],
      ['92', 'b', under('9')],
    ]
    expect(rolesIn(axis('cat01', '区分', items))).toEqual({
      0: 'unknown',
      9: 'of_which',
      91: 'of_which',
      92: 'of_which',
    })
  })

  it('a parent outside the list, one that is itself, and a circle', () => {
    expect(
      rolesIn(
        axis('area', '地域', [
          ['a', 'あ', under('z')],
          ['b', 'い', under('z')],
        ]),
      ),
    ).toEqual({ a: 'part', b: 'part' })
    expect(rolesIn(axis('cat01', '区分', [['a', 'あ', under('a')]]))).toEqual({ a: 'unknown' })
    expect(
      Object.keys(
        rolesIn(
          axis('cat01', '区分', [
            ['a', 'あ', under('b')],
            ['b', 'い', under('a')],
          ]),
        ),
      ),
    ).toEqual(['a', 'b'])
  })
})

describe('names that divide a whole', () => {
  it('the two sexes, all at level 1 without a parent', () => {
    expect(rolesIn(axis('cat03', '性別', [['0', '総数', { level: 1 }], ['1', '男', { level: 1 }], ['2', '女', { level: 1 }]]))).toEqual({
      0: 'total', 1: 'part', 2: 'part',
    }) // biome-ignore format: one row
    expect(
      rolesIn(
        axis('cat03', '性別', [
          ['1', '男'],
          ['2', '男性'],
        ]),
      ),
    ).toEqual({ 1: 'unknown', 2: 'unknown' })
  })

  it('bands of age from birth to an open end', () => {
    expect(rolesIn(axis('cat01', '年齢', [['0', '総数'], ['1', '0～4歳'], ['2', '５～９歳'], ['3', '10歳以上']]))).toEqual({
      0: 'total', 1: 'part', 2: 'part', 3: 'part',
    }) // biome-ignore format: one row
    expect(
      rolesIn(
        axis('cat01', '年齢', [
          ['1', '15歳未満'],
          ['2', '15～64歳'],
          ['3', '65歳以上'],
        ]),
      ),
    ).toEqual({ 1: 'part', 2: 'part', 3: 'part' })
  })

  it.each([
    [
      'overlap',
      [
        ['1', '0～4歳'],
        ['2', '5歳以上'],
        ['3', '65歳以上'],
      ],
    ],
    [
      'a gap',
      [
        ['1', '0～4歳'],
        ['2', '10歳以上'],
      ],
    ],
    [
      'no beginning',
      [
        ['1', '15～64歳'],
        ['2', '65歳以上'],
      ],
    ],
    [
      'no end',
      [
        ['1', '0～4歳'],
        ['2', '5～9歳'],
      ],
    ],
  ] as const)('bands with %s are unknown', (_, items) => {
    expect(new Set(Object.values(rolesIn(axis('cat01', '年齢', items))))).toEqual(new Set(['unknown']))
  })
})

describe('areas by JIS code', () => {
  it('prefectures are parts of the nation', async () => {
    const roles = rolesOf(await sampleMeta('0003410379'))['area'] ?? {}
    expect(roles['00000']?.role).toBe('total')
    expect(Object.values(roles).filter(({ role }) => role === 'part')).toHaveLength(47)
  })

  it('a prefecture with its municipalities is a total, and they are unknown without parents', () => {
    expect(rolesIn(axis('area', '地域', [['00000', '全国'], ['13000', '東京都'], ['13101', '東京都 千代田区'], ['14000', '神奈川県']]))).toEqual({
      '00000': 'total', 13000: 'total', 13101: 'unknown', 14000: 'part',
    }) // biome-ignore format: one row
  })

  // 19 designated cities and the special wards; 相模原市 is listed without its wards.
  it('designated cities are totals beside their wards: 1,917 areas, none counted twice', async () => {
    const roles = Object.values(rolesOf(await sampleMeta('0000020201'))['area'] ?? {})
    const counted = (role: Role) => roles.filter((one) => one.role === role).length
    expect([counted('total'), counted('part'), counted('of_which'), counted('unknown')]).toEqual([20, 1897, 0, 0])
  })
})

describe('the bundled tables', () => {
  it('labour force: 就業状態 overlap and stay unknown', async () => {
    const roles = plainRoles(rolesOf(await sampleMeta('0003005798')))
    expect(roles).toEqual({
      cat01: { '000': 'total' },
      cat02: {},
      cat03: { 0: 'total', 1: 'part', 2: 'part' },
      area: { '00000': 'total' },
    })
  })

  it('GDP: nothing is a part, so nothing is added', async () => {
    const roles = Object.values(rolesOf(await sampleMeta('0003109741'))['cat01'] ?? {})
    expect(roles.filter(({ role }) => role === 'part' || role === 'total')).toEqual([])
  })

  it('coffee: five countries under their sum, the remainder unknown', async () => {
    const roles = rolesOf(await sampleMeta('0003280145'))
    expect(Object.keys(roles)).toEqual(['area'])
    expect(plainRoles(roles)['area']).toEqual({
      '09100': 'total',
      41000: 'part',
      40100: 'part',
      11000: 'part',
      30600: 'part',
      11800: 'part',
    })
  })

  it('each role tells its evidence', async () => {
    const roles = rolesOf(await sampleMeta('0000020201'))['area'] ?? {}
    expect(roles['01100']?.because.E).toBe('parent of 10 codes')
    expect(roles['01101']?.because.E).toBe('one of 10 codes under 01100')
  })
})
