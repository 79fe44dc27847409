/** How often the right table or survey is among the first, by kind of question, for each kind of search side by side. */
import { fold } from '../../shared/cacheable/fold.ts'
import { searchEstatData } from '../../shared/cacheable/search-estat-data.ts'
import { analyse } from '../../origin/estat/search/analyse.ts'
import { lexiconOf } from '../../origin/estat/search/build-index.ts'
import { buildIndex, search, type SearchIndex } from '../../origin/estat/search/index.ts'
import type { CatalogueEntry } from '../../origin/ports.ts'
import { judgedCatalogue, type Question, type QuestionSet, questionsOf } from './search-questions.ts'

type Ranked = readonly { readonly ids: readonly string[]; readonly survey: string }[]
type Search = (question: string) => Ranked

/** Results looked at; for surveys, as many as it takes to see five of them. */
const DEEP = 400

function ours(index: SearchIndex, scoring: 'basic' | 'enhanced'): Search {
  return (question) => {
    const ranked: { ids: string[]; survey: string }[] = []
    let cursor: string | undefined
    do {
      const found = search(
        index,
        searchEstatData.normalise(
          searchEstatData.input.parse({ query: question, scoring_method: scoring, max_results: 20, cursor }),
        ),
      )
      for (const { entry, editions } of found.hits)
        ranked.push({ ids: [entry, ...editions].map(({ id }) => id), survey: entry.statName.code })
      cursor = found.nextCursor ?? undefined
    } while (cursor !== undefined && ranked.length < DEEP)
    return ranked
  }
}

/** What e-Stat's own search is: every word, parted by blanks, somewhere in names and title; in order of id. */
function plainAnd(entries: readonly CatalogueEntry[]): Search {
  const texts = entries
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .map((entry) => ({
      entry,
      text: fold([entry.title, entry.statisticsName, entry.statName.name, entry.govOrg.name].join('\n')),
    }))
  return (question) => {
    const words = fold(question).split(' ')
    return texts
      .filter(({ text }) => words.every((word) => text.includes(word)))
      .slice(0, DEEP)
      .map(({ entry }) => ({ ids: [entry.id], survey: entry.statName.code }))
  }
}

/** The same AND for a caller who cuts the question into words first, as our own analysis does; a fairer rival. */
function andOfWords(index: SearchIndex, entries: readonly CatalogueEntry[]): Search {
  const plain = plainAnd(entries)
  return (question) =>
    plain(
      analyse(fold(question), lexiconOf(index))
        .groups.filter(({ soft }) => !soft)
        .map(({ word }) => word)
        .join(' '),
    )
}

/** 1 and up; 0 where none of the first is right. Surveys are ranked by their first table. */
function rankOf(ranked: Ranked, { answers }: Question, by: 'survey' | 'series'): number {
  if (by === 'series') return ranked.findIndex(({ ids }) => ids.some((id) => answers.has(id))) + 1
  const surveys = [...new Set(ranked.map(({ survey }) => survey))]
  return surveys.findIndex((survey) => answers.has(survey)) + 1
}

export interface Recall {
  readonly questions: number
  readonly at1: number
  readonly at5: number
  readonly mrr: number
}

const recallOf = (ranks: readonly number[]): Recall => ({
  questions: ranks.length,
  at1: ranks.filter((rank) => rank === 1).length / ranks.length,
  at5: ranks.filter((rank) => rank > 0 && rank <= 5).length / ranks.length,
  mrr: ranks.reduce((sum, rank) => sum + (rank > 0 ? 1 / rank : 0), 0) / ranks.length,
})

/** Prints a table for each set of questions. @returns Recall of all questions together, by kind of search. */
export function judge(set: QuestionSet, misses: boolean): Readonly<Record<string, Recall>> {
  const entries = judgedCatalogue()
  const index = buildIndex(entries)
  const searches: Readonly<Record<string, Search>> = {
    enhanced: ours(index, 'enhanced'),
    basic: ours(index, 'basic'),
    'plain AND': plainAnd(entries),
    'AND of words': andOfWords(index, entries),
  }
  console.log(`${entries.length} tables and surveys; the ${set} questions`)
  const all = Object.fromEntries(Object.keys(searches).map((name): [string, number[]] => [name, []]))
  for (const by of ['survey', 'series'] as const) {
    const questions = questionsOf(`to-${by}`, set)
    const ranks = Object.entries(searches).map(
      ([name, find]) => [name, questions.map((one) => rankOf(find(one.question), one, by))] as const,
    )
    for (const [name, list] of ranks) all[name]?.push(...list)
    printTable(by, questions, ranks)
    if (misses) printMisses(questions, ranks[0]?.[1] ?? [])
  }
  const together = Object.fromEntries(Object.entries(all).map(([name, list]) => [name, recallOf(list)]))
  console.log('\nall questions')
  for (const [name, recall] of Object.entries(together)) console.log(`  ${name.padEnd(12)} ${say(recall)}`)
  return together
}

const say = ({ at1, at5, mrr }: Recall): string =>
  `recall@1 ${at1.toFixed(3)}  recall@5 ${at5.toFixed(3)}  MRR ${mrr.toFixed(3)}`

function printTable(
  by: string,
  questions: readonly Question[],
  ranks: readonly (readonly [string, readonly number[]])[],
): void {
  console.log(`\nto ${by}: ${questions.length} questions; recall@1 / recall@5 / MRR`)
  console.log(`  ${'kind'.padEnd(16)} ${'n'.padStart(3)}  ${ranks.map(([name]) => name.padEnd(21)).join('')}`)
  for (const kind of [...new Set(questions.map((one) => one.kind))].toSorted().concat('all')) {
    const of = (list: readonly number[]): Recall =>
      recallOf(list.filter((_, at) => kind === 'all' || questions[at]?.kind === kind))
    const cells = ranks.map(([, list]) => {
      const { at1, at5, mrr } = of(list)
      return [at1, at5, mrr]
        .map((share) => share.toFixed(2))
        .join(' / ')
        .padEnd(21)
    })
    console.log(`  ${kind.padEnd(16)} ${String(of(ranks[0]?.[1] ?? []).questions).padStart(3)}  ${cells.join('')}`)
  }
}

function printMisses(questions: readonly Question[], ranks: readonly number[]): void {
  questions.forEach(({ id, kind, question, answers }, at) => {
    const rank = ranks[at] ?? 0
    if (rank === 0 || rank > 5) console.log(`  ${id} ${kind} rank ${rank}: ${question} → ${[...answers].join('|')}`)
  })
}
