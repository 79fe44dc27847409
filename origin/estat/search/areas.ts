/** Place names in questions: the 47 prefectures (JIS X 0401 codes), and what looks like a city, ward, town or village. */
import { prefectureOf } from '../area.ts'
import { PREFECTURES, type Prefecture } from '../prefectures.ts'
import { AREA_CHANGES } from './area-changes.ts'
import { PLACES } from './municipalities.ts'

export interface AreaHint {
  readonly name: string
  /** Two-digit prefecture code; null for a city named without one. */
  readonly prefecture: string | null
  readonly level: 'prefecture' | 'municipality'
}

const hintOf = ({ code, name }: Prefecture): AreaHint => ({ name, prefecture: code.slice(0, 2), level: 'prefecture' })

/** 北海道 has no shorter name; the others drop 都, 府 or 県. */
const shortName = (name: string): string => (name === '北海道' ? name : name.slice(0, -1))

/** Cities, wards, towns and villages by their own names, today's and some that are gone. */
const MUNICIPALITIES = new Set(
  [...PLACES.filter(({ level }) => level > 1), ...AREA_CHANGES].map(({ name }) => name.split(' ').at(-1) ?? ''),
)

/** A prefecture by its Latin name: "tokyo", "osaka". */
export function latinArea(word: string): AreaHint | null {
  const found = /^[a-z]+$/.test(word) ? prefectureOf(word) : null
  return found && hintOf(found)
}

/**
 * Places at the start of a word, and what is left of the word: 東京都府中市 gives two places, 大阪人口 one and 人口.
 * A short name counts only at the start (福島, 大阪), a full one too; 東京都 is never read as 京都.
 */
export function takeAreas(word: string): { areas: AreaHint[]; rest: string } {
  const full = PREFECTURES.find(({ name }) => word.startsWith(name))
  const found = full ?? PREFECTURES.find(({ name }) => word.startsWith(shortName(name)))
  if (!found) return takeMunicipality(word, null)
  const rest = word.slice((full ? found.name : shortName(found.name)).length)
  // 広島市, 山口町: the name belongs to the municipality.
  if (!full && /^[市区町村](?!町村|区町村|部)/u.test(rest)) return takeMunicipality(word, null)
  const inside = takeMunicipality(rest, found.code.slice(0, 2))
  return { areas: [hintOf(found), ...inside.areas], rest: inside.rest }
}

function takeMunicipality(word: string, prefecture: string | null): { areas: AreaHint[]; rest: string } {
  const found = longestMunicipality(word)
  if (found === null) return { areas: [], rest: word }
  return { areas: [{ name: found, prefecture, level: 'municipality' }], rest: word.slice(found.length) }
}

/** The longest municipality that a word begins with: 横浜市人口 begins with 横浜市. */
function longestMunicipality(word: string): string | null {
  for (let end = Math.min(word.length, 10); end > 1; end -= 1)
    if (MUNICIPALITIES.has(word.slice(0, end))) return word.slice(0, end)
  return null
}

/** The one prefecture that a title names in full (野菜（根菜類） 青森県): 1 to 47; 0 where it names none or several. */
export function prefectureIn(title: string): number {
  if (!/[都道府県]/.test(title)) return 0
  const named = PREFECTURES.filter(({ name }) => title.includes(name))
  return named.length === 1 ? Number(named[0]?.code.slice(0, 2)) : 0
}
