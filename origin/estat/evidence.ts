/** Why a code has its role and a measure its kind, in words. */
import { both, plural, type Words } from './words.ts'

export const ROLE_EVIDENCE = {
  untold: both('名称からも親コードからも判断できません', 'neither its name nor a parent code tells'),
  name: (name: string) => both(`名称が「${name}」`, `name: ${name}`),
  sexes: both('名称から、男女の別', 'names: the two sexes'),
  ages: both('名称から、隙間も重なりもない年齢階級', 'names: bands of age without gap or overlap'),
  under: (code: string, name: string) => both(`${code}「${name}」の下にある`, `under ${code} ${name}`),
  onlyChild: (code: string, parent: string) =>
    both(`${parent} の下にあるコードは ${code} だけ`, `${code} is the only code under ${parent}`),
  parentOf: (children: number) => both(`${children}個のコードの親`, `parent of ${plural(children, 'code')}`),
  oneOf: (siblings: number, parent: string) =>
    both(`${parent} の下にある${siblings}個のコードの一つ`, `one of ${siblings} codes under ${parent}`),

  nation: both('JISコード：全国', 'JIS code: the nation'),
  prefecture: both('JISコード：都道府県', 'JIS code: a prefecture'),
  prefectureOfTowns: both('JISコード：市区町村も並ぶ都道府県', 'JIS code: a prefecture with its municipalities'),
  cityOfWards: (wards: number) =>
    both(`JISコード：${wards}の区も並ぶ市`, `JIS code: a city with ${wards} wards in this list`),
  wardOf: (city: string) => both(`JISコード：${city} の区`, `JIS code: a ward of ${city}`),
  town: both(
    'JISコード：市区町村（都道府県内のすべてが並んでいるかは不明）',
    'JIS code: a municipality; whether all of its prefecture are listed is not known',
  ),

  moreThan: (total: string, over: number, groups: number) =>
    both(
      `${groups}組のうち${over}組で、下のコードの合計が ${total} を超える`,
      `its codes add up to more than ${total} in ${over} of ${groups} groups`,
    ),
  bandsFollow: (groups: number) =>
    both(
      `${groups}組のどれでも、値のある年齢階級に隙間も重なりもない`,
      `bands of age: in each of ${groups} groups those with a value follow each other without gap or overlap`,
    ),
  bandAcross: both('ほかの年齢階級と重なる', 'a band of age that lies across others'),
  addUpTo: (parts: number, total: string, groups: number) =>
    both(
      `値のそろった${groups}組すべてで、${parts}個のコードの合計が ${total} に等しい`,
      `sum: ${parts} codes add up to ${total} in all ${groups} complete groups`,
    ),
  sumOf: (parts: readonly string[], groups: number) => {
    const sum = parts.join(' + ').slice(0, 80)
    return both(`値のそろった${groups}組すべてで ${sum} に等しい`, `sum: ${sum} in all ${groups} complete groups`)
  },
  withOthers: (total: string, others: number, groups: number) =>
    both(
      `値のそろった${groups}組すべてで、ほかの${others}個との合計が ${total} に等しい`,
      `sum: adds up to ${total} with ${others} more in all ${groups} complete groups`,
    ),
  outside: ({ J, E }: Words) =>
    both(`${J}。ただし、その合計に入らないコードもある`, `${E}, but other codes of the axis stand outside that sum`),
  difference: (code: string, more: string, less: string, groups: number) =>
    both(
      `値のそろった${groups}組すべてで、${code} は ${more} から ${less} を引いた差`,
      `difference: ${code} is ${more} less ${less} in all ${groups} complete groups`,
    ),
} as const

export const KIND_EVIDENCE = {
  unit: (unit: string | null) =>
    unit === null ? both('単位がない', 'no unit') : both(`単位が「${unit}」`, `unit ${unit}`),
  rank: (name: string) => both(`名称「${name}」は順位`, `named "${name}", a rank`),
  per: (name: string) => both(`名称「${name}」は何かを単位とした量`, `named "${name}", one thing for another`),
  ratio: (name: string) => both(`名称「${name}」は比率`, `named "${name}", a ratio`),
  index: (name: string) => both(`名称「${name}」は指数`, `named "${name}", an index`),
  mean: (name: string) => both(`名称「${name}」は平均または価格`, `named "${name}", a mean or price`),
  survey: (survey: string) => both(`${survey}の公表値は平均`, `${survey} publishes means`),
  title: both('表題が、何かを単位とした量を示す', 'the title speaks of one thing for another'),
} as const
