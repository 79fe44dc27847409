/** Prefectures, cities, wards, towns and villages by standard area code (標準地域コード, JIS X 0402 with the prefecture). */
import { NATION_CODE } from '../area.ts'
import { PREFECTURES } from '../prefectures.ts'
import file from './data/areas.json' with { type: 'json' }

export interface Place {
  /** Five digits. */
  readonly code: string
  /** As e-Stat writes it, the prefecture first: 東京都 府中市, 北海道 札幌市 中央区. */
  readonly name: string
  /** 1 nation and prefectures, 2 cities, special wards, towns and villages, 3 wards of designated cities. */
  readonly level: 1 | 2 | 3
  readonly parentCode: string | null
}

/** In order of code. The list is of 2025-07 (`data/areas.json` says which); what is younger is not in it. */
export const PLACES: readonly Place[] = [
  { code: NATION_CODE, name: '全国', level: 1, parentCode: null },
  ...PREFECTURES.flatMap(({ code, name }) => [
    { code, name, level: 1 as const, parentCode: NATION_CODE },
    ...municipalitiesOf(code, name),
  ]),
]

function municipalitiesOf(prefecture: string, name: string): Place[] {
  const packed = (file.prefectures as Readonly<Record<string, string>>)[`${prefecture.slice(0, 2)} ${name}`] ?? ''
  const list = packed
    .split('|')
    .map((one) => ({ code: `${prefecture.slice(0, 2)}${one.slice(0, 3)}`, own: one.slice(4) }))
  const cities = new Map(list.map(({ code, own }) => [own, code]))
  return list.map(({ code, own }) => {
    const [city = '', ward] = own.split(' ')
    return ward === undefined
      ? { code, name: `${name} ${own}`, level: 2, parentCode: prefecture }
      : { code, name: `${name} ${own}`, level: 3, parentCode: cities.get(city) ?? prefecture }
  })
}
