/**
 * Area codes (reference/estat-api.md, 3.7). `area` holds JIS areas in most tables and countries in others
 * (41000 is 佐賀県 here and ブラジル there), and regions may sit in a category: codes and names must agree.
 */
import type { Axis, ClassItem } from './model.ts'
import { oncePerAxis } from './once-per-axis.ts'
import { PREFECTURES, type Prefecture } from './prefectures.ts'
import { fold } from './text.ts'

export const NATION_CODE = '00000'
const NATION = new Set(['全国', '日本', '日本全国', 'japan', 'alljapan', 'wholejapan'])

const byCode = new Map(PREFECTURES.map((prefecture) => [prefecture.code, prefecture]))

/** `東京都` to `東京`, `Osaka-fu` and `Osaka Prefecture` to `osaka`; only the last suffix goes, and never all of the name. */
export const withoutAreaSuffix = (folded: string): string =>
  folded.replace(/(.)(?:[都道府県市区町村]|-(?:to|do|fu|ken|shi|ku|cho|machi|son|mura)|prefecture|city|ward)$/u, '$1')

/** Folded forms a prefecture goes by: 東京都, 東京, tokyo. 北海道 is never 北海. */
const formsOf = ({ name, english }: Prefecture): readonly string[] =>
  [fold(name), name === '北海道' ? fold(name) : withoutAreaSuffix(fold(name)), fold(english)] // biome-ignore format: one line

const forms = PREFECTURES.map((prefecture) => ({ prefecture, forms: formsOf(prefecture) }))
const byForm = new Map(forms.flatMap((one) => one.forms.map((form) => [form, one.prefecture])))

/** The prefecture of a name in Japanese or English, with or without its suffix; null for anything else. */
export function prefectureOf(name: string): Prefecture | null {
  const folded = fold(name)
  return byForm.get(folded) ?? (/^[a-z]/.test(folded) ? byForm.get(withoutAreaSuffix(folded)) : undefined) ?? null
}

export const isNation = (name: string): boolean => NATION.has(fold(name))

/** 1: code and name say the same area. -1: they contradict each other. 0: they say nothing of each other. */
function agreement({ code, name }: ClassItem): -1 | 0 | 1 {
  if (!/^\d{5}$/.test(code)) return 0
  const bare = fold(name).replace(code, '')
  // 日本 under 00000 is the nation among prefectures and a country among countries: only 全国 tells by itself.
  if (code === NATION_CODE) return bare === '全国' ? 1 : 0
  const prefecture = byCode.get(`${code.slice(0, 2)}000`)
  if (prefecture === undefined) return 0
  if (code.endsWith('000')) return prefectureOf(bare) === prefecture ? 1 : -1
  // Their full names have three or four characters: 東京都, 神奈川県.
  const named = byForm.get(bare.slice(0, 3)) ?? byForm.get(bare.slice(0, 4))
  if (named === undefined || !bare.startsWith(named.name)) return 0
  return named === prefecture ? 1 : -1
}

/**
 * Whether an axis holds JIS areas: at least one code agrees with its name, and none contradicts.
 * A table of countries contradicts at the first code that happens to be a prefecture's.
 */
export const isJisAreaAxis: (axis: Axis) => boolean = oncePerAxis(({ items }) => {
  const votes = items.map(agreement)
  return votes.includes(1) && !votes.includes(-1)
})

/** Codes of an axis that are the 47 prefectures, in e-Stat's order; none where it is not an axis of JIS areas. */
export const prefectureItems = (axis: Axis): readonly ClassItem[] =>
  isJisAreaAxis(axis) ? axis.items.filter(({ code }) => byCode.has(code)) : []
