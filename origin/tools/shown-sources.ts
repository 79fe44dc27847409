/** Sources beside an answer: a table may hold hundreds of datasets, and an answer stays small (promise 7). */
import type { SourceInfo } from '../estat/source.ts'
import { both, figure, type Lang, plural } from '../estat/words.ts'
import { fitting } from './budget.ts'

/** Tokens of all of them: some ten. They are shown beside as many tokens of rows, and their citations once more as text. */
const SOURCE_TOKENS = 5_000

const MORE = (count: number) =>
  both(
    `この回答は他に${figure(count)}件の統計表からのものです。全件の出典は SELECT table_name, citation FROM catalog で得られます。`,
    `${plural(count, 'more dataset')} went into this answer: SELECT table_name, citation FROM catalog cites them all.`,
  )

/** As many as fit, at least one; where some are left out, the last one says how many, and how to cite them. */
export function shownSources(sources: readonly SourceInfo[], lang: Lang): readonly SourceInfo[] {
  const shown = sources.slice(0, fitting(sources, SOURCE_TOKENS))
  const last = shown.at(-1)
  if (last === undefined || shown.length === sources.length) return sources
  const words = MORE(sources.length - shown.length)[lang]
  const note = last.note === null ? words : `${last.note}${lang === 'J' ? '' : ' '}${words}`
  return [...shown.slice(0, -1), { ...last, note }]
}
