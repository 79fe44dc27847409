import { expect, it } from 'vitest'
import {
  isJisAreaAxis,
  isNation,
  prefectureItems,
  prefectureOf,
  withoutAreaSuffix,
} from '../../../origin/estat/area.ts'
import { PREFECTURES } from '../../../origin/estat/prefectures.ts'
import { axis, sampleMeta } from './tables.ts'

it('lists the 47 prefectures by JIS code', () => {
  expect(PREFECTURES).toHaveLength(47)
  expect(new Set(PREFECTURES.flatMap(({ code, name, english }) => [code, name, english])).size).toBe(141)
  const byCode = (code: string) => PREFECTURES.find((prefecture) => prefecture.code === code)
  expect(byCode('01000')).toEqual({ code: '01000', name: '北海道', english: 'Hokkaido' })
  expect(byCode('13000')?.name).toBe('東京都')
  expect(byCode('26000')?.english).toBe('Kyoto')
  expect(byCode('34000')?.name).toBe('広島県')
  expect(byCode('47000')).toEqual({ code: '47000', name: '沖縄県', english: 'Okinawa' })
})

it.each([
  ['東京都', '13000'],
  ['東京', '13000'],
  ['Tokyo', '13000'],
  ['TOKYO-TO', '13000'],
  ['Osaka Prefecture', '27000'],
  ['京都', '26000'],
  ['北海道', '01000'],
  ['Hokkaido', '01000'],
  ['Kyoto-fu', '26000'],
])('%s is %s', (name, code) => {
  expect(prefectureOf(name)?.code).toBe(code)
})

it.each(['北海', '東京市', '府中市', 'ブラジル', '全国', ''])('%j is no prefecture', (name) => {
  expect(prefectureOf(name)).toBeNull()
})

it.each([
  ['0000020201', 'area', true],
  ['0003410379', 'area', true],
  ['0004052037', 'area', true],
  ['0003005798', 'area', true],
  // Countries, though 41000 and 11000 are prefectures' codes.
  ['0003280145', 'area', false],
  ['0003109741', 'cat01', false],
])('table %s, axis %s: areas %s', async (id, axisId, areas) => {
  const found = (await sampleMeta(id)).axes.find((axis) => axis.id === axisId)
  expect(found && isJisAreaAxis(found)).toBe(areas)
})

it('needs codes and names to agree', () => {
  expect(
    isJisAreaAxis(
      axis('cat03', '地域', [
        ['01000', '北海道'],
        ['13000', '東京都'],
      ]),
    ),
  ).toBe(true)
  expect(
    isJisAreaAxis(
      axis('cat03', '地域', [
        ['01', '北海道'],
        ['02', '東北'],
      ]),
    ),
  ).toBe(false)
  expect(
    isJisAreaAxis(
      axis('area', '地域', [
        ['00000', '全国'],
        ['13000', '佐賀県'],
      ]),
    ),
  ).toBe(false)
  expect(
    isJisAreaAxis(
      axis('area', '地域', [
        ['00000', '全国'],
        ['13101', '広島県 府中市'],
      ]),
    ),
  ).toBe(false)
  expect(isJisAreaAxis(axis('area', '町丁', [['131010010', '丸の内一丁目']]))).toBe(false)
})

it.each<[what: string, items: readonly (readonly [string, string])[]]>([
  [
    '日本 among countries',
    [
      ['00000', '日本'],
      ['00101', '中国'],
      ['00102', '韓国'],
    ],
  ],
  [
    'Japan among countries',
    [
      ['00000', 'Japan'],
      ['00304', 'U.S.A.'],
    ],
  ],
  [
    'metropolitan areas',
    [
      ['13000', '関東大都市圏'],
      ['27000', '京阪神大都市圏'],
    ],
  ],
  [
    'seats of prefectures under their codes',
    [
      ['00000', '全国'],
      ['01000', '札幌市'],
      ['13000', '東京都区部'],
    ],
  ],
  [
    'regions',
    [
      ['01000', '北海道地方'],
      ['02000', '東北地方'],
    ],
  ],
  [
    'meshes',
    [
      ['53394525', '53394525'],
      ['53394526', '53394526'],
    ],
  ],
])('%s are no axis of prefectures', (_what, items) => {
  expect(isJisAreaAxis(axis('area', '地域', items))).toBe(false)
  expect(prefectureItems(axis('area', '地域', items))).toEqual([])
})

it.each<[what: string, items: readonly (readonly [string, string])[], prefectures: number]>([
  [
    'English names',
    [
      ['00000', 'Japan'],
      ['01000', 'Hokkaido'],
      ['13000', 'Tokyo-to'],
    ],
    2,
  ],
  [
    'former municipalities',
    [
      ['00000', '全国'],
      ['01202', '函館市'],
      ['01339', '（旧）戸井町'],
    ],
    0,
  ],
  [
    'parts of the nation by another rule',
    [
      ['00000', '全国'],
      ['00001', '全国（市部）'],
      ['13000', '東京都'],
    ],
    1,
  ],
])('%s are areas', (_what, items, prefectures) => {
  expect(isJisAreaAxis(axis('area', '地域', items))).toBe(true)
  expect(prefectureItems(axis('area', '地域', items))).toHaveLength(prefectures)
})

it('finds the prefectures of an axis, and none among countries', async () => {
  const areaOf = async (id: string) => (await sampleMeta(id)).axes.filter((axis) => axis.id === 'area')
  expect((await areaOf('0003410379')).flatMap(prefectureItems)).toHaveLength(47)
  expect((await areaOf('0003280145')).flatMap(prefectureItems)).toEqual([])
})

it('takes one suffix off, never the whole name', () => {
  expect(['府中市', '四日市市', '市', 'tokyo-to', '北海道'].map(withoutAreaSuffix)).toEqual([
    '府中',
    '四日市',
    '市',
    'tokyo',
    '北海',
  ])
})

it('knows the nation', () => {
  expect(['全国', '日本', 'Japan', '全国市部'].map(isNation)).toEqual([true, true, true, false])
})
