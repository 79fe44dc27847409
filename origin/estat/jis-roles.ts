/** What JIS area codes tell of roles: the nation, prefectures, designated cities beside their wards, municipalities. */
import { ROLE_EVIDENCE as BY } from './evidence.ts'
import { isJisAreaAxis, NATION_CODE, prefectureItems } from './area.ts'
import type { Axis, ClassItem } from './model.ts'
import type { JudgedRole } from './roles.ts'

const WARD = /区$/
/** 札幌市 and 特別区部 hold the wards whose codes follow theirs (JIS X 0402: third digit 1). */
const CITY_OF_WARDS = /(?:市|特別区部|区部|特別区)$/
const MUNICIPALITY = /[市区町村]$/
/** Parts of a prefecture by another rule, and what was merged away: they lie across the municipalities. */
const ACROSS = /市部|郡部|集中地区|旧|\(/

const lastWord = (item: ClassItem): string => item.name.normalize('NFKC').trim().split(/\s+/).at(-1) ?? ''

/**
 * Prefectures are the parts of the nation; one with municipalities in the same list is their total, as a designated
 * city is of its wards. Municipalities stay unknown: many tables list the larger ones alone, and those make no
 * prefecture. Empty for an axis of anything but JIS areas.
 */
export function jisRoles(axis: Axis): ReadonlyMap<string, JudgedRole> {
  if (!isJisAreaAxis(axis)) return new Map()
  const local = axis.items.filter(({ code }) => /^\d{5}$/.test(code) && !code.endsWith('000'))
  const prefixes = new Set(local.map(({ code }) => code.slice(0, 2)))
  const roles = prefectureItems(axis).map(({ code }): readonly [string, JudgedRole] => [
    code,
    prefixes.has(code.slice(0, 2))
      ? { role: 'total', because: BY.prefectureOfTowns }
      : { role: 'part', because: BY.prefecture },
  ])
  return new Map([...localRoles(local), ...roles, [NATION_CODE, { role: 'total', because: BY.nation }]])
}

function localRoles(items: readonly ClassItem[]): readonly (readonly [string, JudgedRole])[] {
  const wards = wardsByCity(items)
  const cityOf = new Map([...wards].flatMap(([city, own]) => own.map((ward) => [ward, city] as const)))
  return items.flatMap((item): readonly (readonly [string, JudgedRole])[] => {
    const { code } = item
    const own = wards.get(code)
    if (own !== undefined) return [[code, { role: 'total', because: BY.cityOfWards(own.length) }]]
    const city = cityOf.get(code)
    if (city !== undefined) return [[code, { role: 'part', because: BY.wardOf(city), of: city }]]
    if (ACROSS.test(item.name) || !MUNICIPALITY.test(lastWord(item))) return []
    return [[code, { role: 'unknown', because: BY.town }]] // biome-ignore format: one line
  })
}

/** City to its wards: those between its code and that of the next city, in one prefecture. */
function wardsByCity(items: readonly ClassItem[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>()
  let city: string | null = null
  for (const item of items.toSorted((a, b) => (a.code < b.code ? -1 : 1))) {
    const { code } = item
    if (code[2] !== '1' || ACROSS.test(item.name)) continue
    if (code.endsWith('0') && CITY_OF_WARDS.test(lastWord(item))) city = code
    else if (city !== null && city.slice(0, 2) === code.slice(0, 2) && WARD.test(lastWord(item)))
      found.set(city, [...(found.get(city) ?? []), code])
  }
  return new Map([...found].filter(([, own]) => own.length > 1))
}
