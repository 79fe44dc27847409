/** Axes that are not JIS areas are never taken for prefectures: all bundled tables, and codes made to look alike. */
import { describe, expect, it } from 'vitest'
import { isJisAreaAxis, prefectureItems } from '../../../origin/estat/area.ts'
import { matchItems } from '../../../origin/estat/match-name.ts'
import { PREFECTURES } from '../../../origin/estat/prefectures.ts'
import { rolesOf } from '../../../origin/estat/roles.ts'
import { axis, sampleIds, sampleMeta, type ShortItem, table } from './tables.ts'

/** Axes that hold JIS areas, read off the recordings by hand. */
const JIS: Readonly<Record<string, readonly string[]>> = {
  '0000020201': ['area'],
  '0003005798': ['area'],
  '0003109741': [],
  '0003280145': [],
  '0003410379': ['area'],
  '0003410380': [],
  '0004052037': ['area'],
}

it('every bundled table is judged', () => {
  expect(Object.keys(JIS).toSorted()).toEqual([...sampleIds].toSorted())
})

describe.each(sampleIds)('%s', (id) => {
  it('has these axes of JIS areas, and prefectures on no other', async () => {
    const { axes } = await sampleMeta(id)
    expect(axes.filter(isJisAreaAxis).map((one) => one.id)).toEqual(JIS[id])
    for (const one of axes.filter((other) => !JIS[id]?.includes(other.id))) expect(prefectureItems(one)).toEqual([])
  })
})

const mesh = (digits: number): readonly ShortItem[] =>
  Array.from({ length: 60 }, (_, n) => {
    const code = String(53_390_000_00 + n * 137).slice(0, digits).padEnd(digits, '0') // biome-ignore format: one line
    return [`${code.slice(0, digits - 2)}${String(n).padStart(2, '0')}`, code] as const
  })
const countries: readonly ShortItem[] = [['01000', 'アジア'], ['13000', 'タイ'], ['27000', 'ギリシャ'], ['41000', 'ブラジル'], ['47000', 'チリ']] // biome-ignore format: one row

const ODD: readonly (readonly [what: string, items: readonly ShortItem[]])[] = [
  ['meshes of 8 digits', mesh(8)],
  ['meshes of 9 digits', mesh(9)],
  ['meshes of 10 digits', mesh(10)],
  ['meshes that begin like prefectures', [['13000000', '13000000'], ['27000000', '27000000'], ['4700000000', '4700000000']]],
  ['small areas', [['131010010', '千代田区 丸の内'], ['131010020', '千代田区 大手町'], ['13101001001', '丸の内一丁目']]],
  ['countries', countries],
  ['countries, one of which has a code that fits nothing', [...countries, ['99000', 'その他']]],
  ['countries beside 全国', [['00000', '全国'], ...countries]],
  ['industries', [['01000', '農業'], ['13000', '化学工業']]],
  ['two digits', [['01', '北海道'], ['13', '東京都']]],
  ['regions', [['00010', '北海道・東北'], ['00020', '関東'], ['00030', '中部']]],
] // biome-ignore format: one axis a row

describe.each(ODD)('%s', (_what, items) => {
  const one = axis('area', '地域', items)
  it('are no JIS areas, hold no prefecture, and no role comes of their codes', () => {
    expect([isJisAreaAxis(one), prefectureItems(one)]).toEqual([false, []])
    const because = Object.values(rolesOf(table([one]))['area'] ?? {}).map((role) => role.because.E)
    expect(because.filter((reason) => reason.includes('JIS'))).toEqual([])
  })

  it('are not found by the name of a prefecture that they do not bear', () => {
    const borne = new Set(items.map(([, name]) => name))
    const taken = PREFECTURES.filter(({ name, english }) =>
      [name, english].some((word) => !borne.has(name) && matchItems(one, word).length > 0),
    )
    expect(taken).toEqual([])
  })
})

describe('what was merged away', () => {
  const items: readonly ShortItem[] = [
    ['11000', '埼玉県'], ['11100', '埼玉県 さいたま市'], ['11101', '埼玉県 さいたま市 西区'], ['11102', '埼玉県 さいたま市 北区'],
    ['11204', '埼玉県 (旧 浦和市)'], ['11205', '埼玉県 旧大宮市'], ['28221', '兵庫県 篠山市'],
  ] // biome-ignore format: one city a row
  const one = axis('area', '地域', items)

  it('is an area like others, no prefecture, and no part of one', () => {
    expect(isJisAreaAxis(one)).toBe(true)
    expect(prefectureItems(one).map(({ code }) => code)).toEqual(['11000'])
    const roles = rolesOf(table([one]))['area'] ?? {}
    expect(['11204', '11205', '28221'].map((code) => roles[code]?.role)).toEqual(['unknown', 'unknown', 'unknown'])
    expect(['11000', '11100', '11101'].map((code) => roles[code]?.role)).toEqual(['total', 'total', 'part'])
  })

  it('is found by the name it bears', () => {
    expect(matchItems(one, '埼玉県').map(({ code }) => code)).toEqual(['11000'])
    expect(matchItems(one, '篠山市').map(({ code }) => code)).toEqual(['28221'])
  })
})
