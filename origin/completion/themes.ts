/** What statistics are about, as a person types it: terms of the dictionary in Japanese or English, then surveys. */
import { dictionaryEntries } from '../estat/search/dictionary/index.ts'
import { SURVEYS } from '../estat/search/surveys.ts'
import { fold } from '../estat/text.ts'
import type { Lang } from '../estat/words.ts'

/** Shown before anything is typed. */
const FIRST: Readonly<Record<Lang, readonly string[]>> = {
  J: [
    '人口',
    '世帯',
    '出生',
    '高齢化',
    '就業',
    '失業率',
    '賃金',
    '消費',
    '物価',
    '住宅',
    '医療',
    '教育',
    '農業',
    '工業',
  ],
  E: ['population', 'household', 'birth', 'aging', 'employment', 'unemployment rate', 'wage', 'consumption', 'housing'],
}

interface Theme {
  /** Without blanks, folded. */
  readonly form: string
  readonly shown: string
}

/** Made at the first question and kept: a pure function of lists that never change. */
let made: readonly Theme[] | null = null
const themes = (): readonly Theme[] => (made ??= allThemes())

function allThemes(): readonly Theme[] {
  const entries = [...dictionaryEntries()]
  // Terms of several words are patterns of titles, not what a person would type.
  const terms = entries.flatMap(([, also]) => also.filter((term) => !term.includes(' ')))
  const surveys = SURVEYS.toSorted((a, b) => Number(b.hasTables) - Number(a.hasTables)).map(({ name }) => name)
  const words = new Set([...entries.map(([word]) => word), ...terms, ...surveys])
  return [...words].map((shown) => ({ form: fold(shown), shown }))
}

/** What begins with the typed text, then what holds it; one kana alone is in too many. */
export function completeThemes(typed: string, lang: Lang): readonly string[] {
  const wanted = fold(typed)
  if (wanted === '') return FIRST[lang]
  const first = themes().filter(({ form }) => form.startsWith(wanted))
  if (/^\p{Script=Hiragana}$/u.test(wanted)) return first.map(({ shown }) => shown)
  const rest = themes().filter(({ form }) => !form.startsWith(wanted) && form.includes(wanted))
  return [...first, ...rest].map(({ shown }) => shown)
}
