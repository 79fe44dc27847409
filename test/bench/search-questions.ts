/** The questions that search is judged by (`search-questions/README.md`), and the catalogue they are asked of. */
import { existsSync, readFileSync } from 'node:fs'
import { SURVEYS } from '../../origin/estat/search/surveys.ts'
import type { CatalogueEntry } from '../../origin/ports.ts'
import { loadSample } from '../../origin/sample/load-sample.ts'
import { NOTHING_KNOWN } from '../../origin/estat/nothing-known.ts'

export interface Question {
  readonly id: string
  readonly kind: string
  readonly question: string
  /** Any of these is right: statistics codes, or statsDataIds. */
  readonly answers: ReadonlySet<string>
}

/** `hidden`: the third that no ranking was tuned on; `fresh`: others, written later by somebody who had seen nothing. */
export type QuestionSet = 'visible' | 'hidden' | 'fresh'

const FILE: Readonly<Record<QuestionSet, (name: string) => string>> = {
  visible: (name) => `${name}.tsv`,
  hidden: (name) => `${name}.hidden.tsv`,
  fresh: (name) => `fresh-${name}.tsv`,
}

/** @param name `to-survey` or `to-series`. */
export function questionsOf(name: 'to-survey' | 'to-series', set: QuestionSet): readonly Question[] {
  const file = new URL(`search-questions/${FILE[set](name)}`, import.meta.url)
  if (!existsSync(file)) throw new Error(`The questions ${name} are not at hand.`)
  const [, ...lines] = readFileSync(file, 'utf8').trimEnd().split('\n')
  return lines.map((line) => {
    const [id = '', kind = '', , question = '', answers = ''] = line.split('\t')
    return { id, kind, question, answers: new Set(answers.split('|')) }
  })
}

/**
 * Every recorded or known table, and one listing for each survey of the official list that none of them belongs to: its
 * own name as title, nothing else. So each of the 886 surveys can be found, by the same words in each kind of search.
 */
export function judgedCatalogue(): readonly CatalogueEntry[] {
  const recorded = loadSample().catalogue.entries()
  const codes = new Set(recorded.map(({ statName }) => statName.code))
  const missing = SURVEYS.filter(({ code }) => !codes.has(code))
  return [...recorded, ...missing.map(({ code, name, organisation }) => listingOf(code, name, organisation))]
}

const listingOf = (code: string, name: string, organisation: string): CatalogueEntry => ({
  id: `99${code}`,
  statName: { code, name },
  govOrg: { code: code.slice(0, 5), name: organisation },
  statisticsName: name,
  title: name,
  ...NOTHING_KNOWN,
  bundled: false,
})
