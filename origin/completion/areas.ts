/** Areas by what a person types: Japanese, kana or English; the answers to completion, and the area that a word means. */
import { type Candidate, fault } from '../../shared/fault.ts'
import { isNation, NATION_CODE, prefectureOf, withoutAreaSuffix } from '../estat/area.ts'
import { CITY_NAMES } from '../estat/city-names.ts'
import { PREFECTURE_READINGS, readPrefecture, toHiragana } from '../estat/prefecture-readings.ts'
import { PREFECTURES } from '../estat/prefectures.ts'
import { lookUpAreas } from '../estat/search/look-up.ts'
import { PLACES, type Place } from '../estat/search/municipalities.ts'
import { fold } from '../estat/text.ts'
import type { Lang } from '../estat/words.ts'
import { afterComma } from './after-comma.ts'

export interface Area {
  /** Five digits. */
  readonly code: string
  /** As e-Stat writes it: 東京都 府中市. */
  readonly name: string
  /** 1 nation and prefectures, 2 municipalities, 3 wards of designated cities. */
  readonly level: number
}

interface NamedArea extends Place {
  readonly english: string | null
  /** Folded, in hiragana for katakana, as typed text is compared: full name, own name, reading. Latin forms apart. */
  readonly japanese: readonly string[]
  readonly latin: readonly string[]
}

/** Made at the first question and kept: a pure function of lists that never change. */
let made: readonly NamedArea[] | null = null
const areas = (): readonly NamedArea[] => (made ??= [...PLACES].toSorted((a, b) => a.level - b.level).map(named))

const READINGS = new Map<string, { reading: string; english: string }>([
  [NATION_CODE, { reading: 'ぜんこく', english: 'Japan' }],
  ...PREFECTURES.map(({ code, english }, at) => [code, { reading: PREFECTURE_READINGS[at] ?? '', english }] as const),
  ...CITY_NAMES.map(({ code, reading, english }) => [code, { reading, english }] as const),
])

function named(place: Place): NamedArea {
  const known = READINGS.get(place.code)
  const own = place.name.split(' ').at(-1) ?? ''
  return {
    ...place,
    english: known?.english ?? null,
    japanese: [place.name, own, ...(known ? [known.reading] : [])].map((name) => toHiragana(fold(name))),
    latin: known ? [fold(known.english)] : [],
  }
}

const isLatin = (folded: string): boolean => /^[a-z]/.test(folded)

/**
 * Names that begin with what was typed, then those that hold it: the nation and prefectures first, then in order of
 * code. In English for what was typed in Latin letters or where English is asked for, as far as an area has it.
 */
export function completeAreas(typed: string, lang: Lang, level: 1 | 3 = 3): readonly string[] {
  const wanted = isLatin(fold(typed)) ? fold(typed) : toHiragana(fold(typed))
  const all = areas().filter((area) => area.level <= (wanted === '' ? 1 : level))
  const shown = ({ name, english }: NamedArea): string =>
    english !== null && (lang === 'E' || isLatin(wanted)) ? english : name
  const forms = ({ japanese, latin, code }: NamedArea): readonly string[] => {
    if (isLatin(wanted)) return latin
    return /^\d/.test(wanted) ? [code] : japanese
  }
  const first = all.filter((area) => forms(area).some((form) => form.startsWith(wanted)))
  const among = new Set(first)
  const rest = all.filter((area) => !among.has(area) && forms(area).some((form) => form.includes(wanted)))
  const holds = wanted.length > 1 && !/^\d/.test(wanted)
  return [...new Set([...first, ...(holds ? rest : [])].map(shown))]
}

/** The same for the last of several names with commas between them; the names before stay as they are. */
export function completePrefectures(typed: string, lang: Lang): readonly string[] {
  return afterComma(typed, (last) => completeAreas(last, lang, 1).filter((name) => !isNation(name)))
}

/**
 * The one area that a name, a reading or a code means; null for what the lists do not have, such as the English name of
 * a small town. A prefecture goes before the city of the same name (福島, Fukuoka).
 *
 * @throws Fault AMBIGUOUS_NAME with the areas of that name.
 */
export function areaOf(text: string): Area | null {
  const folded = fold(text)
    .replace(/-?city$/, '-shi')
    .replace(/-?ward$/, '-ku')
  const kana = toHiragana(folded)
  const prefecture = prefectureOf(text) ?? readPrefecture(text)
  const known =
    areas().find(({ japanese, latin }) => japanese[0] === kana || latin.includes(folded)) ??
    areas().find(({ code }) => code === prefecture?.code) ??
    areas().find(({ japanese, latin }) => japanese[2] === kana || latin.some((form) => bare(form) === bare(folded)))
  if (known) return plain(known)
  // Looking through today's list is quick; the other one knows names that are gone, and grades what is near.
  const own = areas().filter(({ japanese }) => japanese[1] === kana)
  if (own.length === 1 && own[0]) return plain(own[0])
  const found = lookUpAreas(text, null).filter(({ exact }) => exact)
  if (found.length > 1)
    throw fault('AMBIGUOUS_NAME', `More than one area is called "${text.slice(0, 60)}".`, {
      hint: 'Ask again with one of the codes in candidates, or with the prefecture before the name.',
      candidates: found.slice(0, 20).map(({ code, name }): Candidate => ({ code, name })),
    })
  const [only] = found
  return only ? plain({ code: only.code, name: only.name, level: only.level ?? 2 }) : null
}

/** Without -shi or -ku. */
const bare = (form: string): string => (isLatin(form) ? withoutAreaSuffix(form) : form)

const plain = ({ code, name, level }: Area): Area => ({ code, name, level })
