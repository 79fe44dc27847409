/** Codes behind names: surveys, areas, fields. Pure look-ups in lists that the server carries; every answer is a list. */
import { fold } from '../../../shared/cacheable/fold.ts'
import { prefectureOf, withoutAreaSuffix } from '../area.ts'
import { AREA_CHANGES } from './area-changes.ts'
import { type Field, MAJOR_FIELDS, MINOR_FIELDS } from './fields.ts'
import { PLACES, type Place } from './municipalities.ts'
import { both, type Lang } from '../words.ts'

export interface Match {
  readonly code: string
  readonly name: string
  /** Areas: 1 nation and prefectures, 2 municipalities, 3 wards of designated cities. Fields: 1 major, 2 minor. */
  readonly level: number | null
  readonly parentCode: string | null
  /** True where the words name this and nothing less. */
  readonly exact: boolean
  /** What must be known of it, e.g. that it took the place of a code that is gone. */
  readonly note: string | null
}

/** Areas by code, by name with or without its suffix and prefecture, or by a part of a name; the nearest first. */
export function lookUpAreas(find: string, level: number | null, lang: Lang = 'J'): readonly Match[] {
  const wanted = withoutBlanks(find)
  const fits = (place: Place): boolean => level === null || place.level === level
  const graded = PLACES.filter(fits)
    .map((place) => ({ place, grade: gradeOf(place, wanted) }))
    .filter(({ grade }) => grade > 0)
    .toSorted((a, b) => b.grade - a.grade)
  const best = graded[0]?.grade ?? 0
  // A name that fits as a whole leaves no room for others that merely hold it: 京都 is not 東京都.
  const kept = best >= WHOLE ? graded.filter(({ grade }) => grade >= WHOLE) : graded
  const gone = successors(wanted, lang).filter(({ level: own }) => (level ?? own) === own)
  if (gone.length > 0 && best < WHOLE) return gone
  const current = kept.map(({ place, grade }) => areaMatch(place, grade >= WHOLE, null))
  const known = new Set(current.map(({ code }) => code))
  return [...current, ...gone.filter(({ code }) => !known.has(code))]
}

/** Folded, and without the blanks between prefecture, city and ward. */
const withoutBlanks = (text: string): string => fold(text).replaceAll(' ', '')

const WHOLE = 3

/** 5 the code, 4 the full name, 3 its last word with or without suffix or a prefecture's English name, 2 begins so, 1 holds it. */
function gradeOf({ code, name, level }: Place, wanted: string): number {
  if (wanted === code) return 5
  const full = withoutBlanks(name)
  if (wanted === full) return 4
  const last = withoutBlanks(name.split(' ').at(-1) ?? '')
  if (wanted === last || wanted === withoutAreaSuffix(last)) return WHOLE
  if (level > 1 && full.endsWith(wanted) && wanted.length > last.length) return WHOLE
  if (code.endsWith('000') && prefectureOf(wanted)?.code === code) return WHOLE
  if (/^\d+$/.test(wanted)) return code.startsWith(wanted) ? 2 : 0
  if (wanted.length < 2) return 0
  if (last.startsWith(wanted) || full.startsWith(wanted)) return 2
  return last.includes(wanted) ? 1 : 0
}

const areaMatch = ({ code, name, level, parentCode }: Place, exact: boolean, note: string | null): Match => ({
  code,
  name,
  level,
  parentCode,
  exact,
  note,
})

const RENAMED = (name: string, since: string) =>
  both(`${since}に${name}から改称しました（コードは同じです）。`, `${name} was renamed on ${since}; the code stayed.`)
const GONE = (name: string, code: string, since: string) =>
  both(
    `${name}（${code}）は${since}に廃止され、その区域は現在ここに含まれます。それより前の統計表では ${code} のままです。`,
    `${name} (${code}) is gone since ${since}; its area is counted here now. Tables of earlier dates keep ${code}.`,
  )

/** Today's codes for one that is gone. */
function successors(wanted: string, lang: Lang): Match[] {
  return AREA_CHANGES.filter(({ code, name }) => {
    const words = name.split(' ').map(withoutBlanks)
    // 静岡県浜松市中区, 浜松市中区, 中区.
    return code === wanted || words.some((_, from) => words.slice(from).join('') === wanted)
  }).flatMap(({ code, name, now, since }) =>
    now.flatMap((successor) => {
      const place = PLACES.find((one) => one.code === successor)
      const renamed = code === successor
      const note = renamed ? RENAMED(name, since) : GONE(name, code, since)
      return place ? [areaMatch(place, true, note[lang])] : []
    }),
  )
}

/** Fields by code or by a part of the name, major ones first. */
export function lookUpFields(find: string, level: number | null): readonly Match[] {
  const wanted = withoutBlanks(find)
  const fits = ({ code, name }: Field): boolean =>
    /^\d+$/.test(wanted) ? code.startsWith(wanted) : withoutBlanks(name).includes(wanted)
  return [...MAJOR_FIELDS, ...MINOR_FIELDS]
    .filter((field) => fits(field) && (level === null || field.code.length === 2 * level))
    .map(({ code, name }) => ({
      code,
      name,
      level: code.length / 2,
      parentCode: code.length === 4 ? code.slice(0, 2) : null,
      exact: wanted === code || wanted === fold(name),
      note: null,
    }))
}
