/** From the words of a question to what it asks for: ideas, years, places, surveys. */
import { fold } from '../../../shared/cacheable/fold.ts'
import { type AreaHint, latinArea, takeAreas } from './areas.ts'
import { LONGEST_PHRASE, otherNumber, termsFor } from './dictionary/index.ts'
import type { Group, Lexicon, Suggestion, SurveyHint, Understanding } from './model.ts'
import { sexGroup, takeAges } from './persons.ts'
import { contentWords, isGeneric, isStop, segment } from './segment.ts'
import { isLatin, searchForm, wordsOf } from './text.ts'
import { eraSpan, findYears, OPEN_END, spanOf, type YearSpan, yearNames } from './years.ts'

/** A wish for a long run of years; such words are met by what tables of that kind call themselves. */
const TREND = new Set('推移,変化,動向,経年,経年変化,時系列,長期,trend,trends,history,historical,series'.split(','))
const TREND_TERMS = ['時系列', '年次推移', '長期系列', '長期時系列']
const LATEST = /最新|直近|今年|latest|newest|most recent/gu
/** Ideas of one question. Each costs a pass over the catalogue; more would not find better. */
const MOST = 16
const SMALL_AREA = /小地域|メッシュ|町丁|字等|small area|mesh/u

/** @param query Folded (`normalise` of the tool's arguments). Deterministic; never throws. */
export function analyse(query: string, lexicon: Lexicon): Understanding {
  const folded = fold(query)
  const ids = [...new Set(folded.match(/(?<!\d)\d{10}(?!\d)/g) ?? [])].filter((id) => lexicon.hasId(id))
  const eightDigits = new Set(folded.match(/(?<!\d)\d{8}(?!\d)/g) ?? [])
  const codes = lexicon.surveys.filter(({ code }) => eightDigits.has(code))
  const coded = [...ids, ...codes.map(({ code }) => code)].reduce((text, code) => text.replaceAll(code, ' '), folded)
  const plain = coded.replace(LATEST, ' ')
  const { text, years } = takeYears(plain)
  const ages = takeAges(text, (part) => lexicon.occurs(part))
  const areas: AreaHint[] = []
  const words = joinPhrases(contentWords(searchForm(ages.rest)))
    .flatMap((word) => withoutAreas(word, areas, lexicon))
    .flatMap((word) => segment(word, (part) => lexicon.occurs(part) || TREND.has(part)))
    .filter((word) => !isStop(word))
  const era = words.map(eraSpan).find((span) => span !== null) ?? null
  const asked = unique(words.filter((word) => eraSpan(word) === null))
  const groups = [...asked.map(toGroup), ...ages.groups].slice(0, MOST)
  const meant = groups.some(({ soft }) => !soft)
    ? groups
    : [...groups, ...lastResort(plain, areas, years ?? era, codes.length + ids.length > 0)].slice(0, MOST)
  return {
    groups: meant,
    ignored: asked.slice(MOST),
    phrases: pairsOf(groups.filter(({ soft }) => !soft).map(({ word }) => word)),
    years: years ?? era,
    areas,
    surveys: surveysIn(meant, codes, lexicon),
    ids,
    latest: coded !== plain,
    smallArea: SMALL_AREA.test(folded),
    suggestions: meant.filter(({ soft, word }) => !soft && termsFor(word).length > 0).map(suggest),
  }
}

/** The years of a question, and the question without them. */
function takeYears(text: string): { text: string; years: YearSpan | null } {
  const rest = findYears(text).reduceRight(
    (left, { start, end }) =>
      `${left.slice(0, start)} ${left.slice(end).replace(/^(?:時点|現在|頃|版|以降|以後)/u, ' ')}`,
    text,
  )
  const since = /\d\s?年?度?(?:以降|以後)|since \d{4}/u.test(text)
  const years = spanOf(text)
  return { text: rest, years: years && since ? { from: years.from, to: OPEN_END } : years }
}

/** Joins English words that the dictionary knows together: "consumer price index" is one idea. */
function joinPhrases(words: readonly string[]): string[] {
  const joined: string[] = []
  for (let at = 0; at < words.length; ) {
    let length = Math.min(LONGEST_PHRASE, words.length - at)
    while (length > 1 && !isPhrase(words.slice(at, at + length))) length -= 1
    joined.push(words.slice(at, at + length).join(' '))
    at += length
  }
  return joined
}

const isPhrase = (words: readonly string[]): boolean => words.every(isLatin) && termsFor(words.join(' ')).length > 0

/** Takes the places out of a word, unless the whole word is one that titles or the dictionary hold and no place. */
function withoutAreas(word: string, areas: AreaHint[], lexicon: Lexicon): string[] {
  const latin = latinArea(word)
  if (latin) areas.push(latin)
  if (latin) return []
  const taken = takeAreas(word)
  if (taken.areas.length === 0) return [word]
  if (taken.rest !== '' && lexicon.occurs(word)) return [word]
  areas.push(...taken.areas)
  return contentWords(taken.rest)
}

const toGroup = (word: string): Group =>
  TREND.has(word)
    ? { word, also: TREND_TERMS.filter((term) => term !== word), soft: true, generic: false }
    : (sexGroup(word) ?? {
        word,
        also: [...termsFor(word), ...otherNumber(word)],
        soft: false,
        generic: isGeneric(word),
      })

/** Nothing but places and years was asked: then these are the words. */
function lastResort(plain: string, areas: readonly AreaHint[], years: YearSpan | null, coded: boolean): Group[] {
  if (coded) return []
  const places = areas.map(({ name, level }) => ({
    word: searchForm(name),
    also: [level === 'prefecture' ? '都道府県' : '市区町村'],
    soft: false,
    generic: false,
  }))
  const [first = '', ...others] = years && years.to !== OPEN_END ? yearNames(years.to).map(searchForm) : []
  const dated = first === '' ? [] : [{ word: first, also: others, soft: false, generic: false }]
  if (places.length + dated.length > 0) return [...places, ...dated]
  return unique(wordsOf(searchForm(plain))).map((word) => ({ word, also: termsFor(word), soft: false, generic: false }))
}

/** Two Japanese words asked side by side, as a title would join them: 男女 and 人口 are 男女別人口 there. */
function pairsOf(words: readonly string[]): string[] {
  return words.flatMap((word, at) => {
    const next = words[at + 1]
    return next === undefined || isLatin(word) || isLatin(next) ? [] : [`${word}${next}`, `${word}別${next}`]
  })
}

function surveysIn(groups: readonly Group[], codes: Lexicon['surveys'], lexicon: Lexicon): SurveyHint[] {
  const asked = groups.map(({ word }) => word)
  const widened = new Set(groups.flatMap(({ also }) => also))
  const squeezed = asked.join('')
  return lexicon.surveys.flatMap((survey) => {
    const name = survey.form.replaceAll(' ', '')
    const named = (name.length > 2 && squeezed.includes(name)) || asked.includes(shortOf(name))
    const by = codes.includes(survey) ? 'code' : named ? 'name' : widened.has(survey.form) ? 'dictionary' : null
    return by === null ? [] : [{ code: survey.code, name: survey.name, by }]
  })
}

/** 労働力 for 労働力調査, 家計 for 家計調査: the subject that a survey is named after. */
const shortOf = (name: string): string => name.replace(/(?:構造基本)?(?:統計調査|調査|統計|指数)$/u, '')

function suggest({ word }: Group): Suggestion {
  const [to = word, ...alternatives] = termsFor(word)
  return { from: word, to, alternatives }
}

const unique = (words: readonly string[]): string[] => [...new Set(words)]
