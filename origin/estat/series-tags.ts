/** Seasonal adjustment and prices, as titles and names state them. */
import { fold } from './text.ts'

export type SeriesTag = 'seasonally_adjusted' | 'not_seasonally_adjusted' | 'real' | 'nominal'

const TAGS: readonly (readonly [RegExp, SeriesTag])[] = [
  [/季節調整済|季節調整値|季節調整系列|季調|(?<!non-)(?<!not)seasonallyadjusted/, 'seasonally_adjusted'],
  [/原系列|原数値|原指数|季節調整前|originalseries|notseasonallyadjusted/, 'not_seasonally_adjusted'],
  [/実質|\breal/, 'real'],
  [/名目|nominal/, 'nominal'],
]

/** What a title or name says of its series; nothing where it says nothing. */
export const seriesTags = (text: string): readonly SeriesTag[] => {
  const folded = fold(text)
  return TAGS.filter(([pattern]) => pattern.test(folded)).map(([, tag]) => tag)
}
