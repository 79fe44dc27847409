import * as z from 'zod'
import { searchEstatData } from '../../shared/cacheable/search-estat-data.ts'
import { fault } from '../../shared/fault.ts'
import { rewrite } from '../estat/search/rewrite.ts'
import { listed } from '../estat/words.ts'
import { defineTool } from './define-tool.ts'
import { lang, READ_ONLY } from './params.ts'
import { renderSearch } from './render-search.ts'
import { searchAnswer } from './table-listing.ts'
import { searchTables } from './table-search.ts'

/** What `search_estat_data` takes as a query. */
const LONGEST = 500

const WORDS = {
  J: {
    now: (query: string) => `言い換え後の質問：${query}`,
    missing: (words: string) => `質問に含まれていない語：${words}`,
  },
  E: {
    now: (query: string) => `The question is now: ${query}`,
    missing: (words: string) => `Not in the question: ${words}`,
  },
} as const

export const applyKeywordSuggestions = defineTool({
  name: 'apply_keyword_suggestions',
  version: 1,
  title: '言い換えを適用する · Apply keyword suggestions',
  description: [
    'Rewrites a question with terms that search_estat_data suggested and a person accepted; can search at once.',
    'Use it to search for these alone: search_estat_data adds them anyway.',
    '検索語を言い換えます。',
  ].join(' '),
  input: z.object({
    original_query: z
      .string()
      .max(LONGEST, `Send ${LONGEST} characters at the most`)
      .regex(/[\p{L}\p{N}]/u, 'The query is empty: send the question as it was asked')
      .describe('The question, e.g. 東京の給料.'),
    accepted_keywords: z
      .record(z.string().regex(/\S/, 'expected a word').max(100), z.string().regex(/\S/, 'expected a term').max(100))
      .refine((words) => Object.keys(words).length > 0, 'name one word at least')
      .refine((words) => Object.keys(words).length <= 50, 'name 50 words at the most')
      .describe('Word to term, e.g. {"給料": "賃金"}.'),
    search: z.boolean().default(false).describe('Search at once.'),
    lang,
  }),
  output: z.object({
    success: z.literal(true),
    original_query: z.string(),
    rewritten_query: z.string(),
    applied: z.array(z.string()).describe('Words that were exchanged.'),
    missing: z.array(z.string()).describe('Words that the question does not hold.'),
    search: searchAnswer.nullable().describe('The answer of search_estat_data, where it was asked for.'),
  }),
  annotations: READ_ONLY,
  scope: 'read',
  toolsets: ['search'],
  weight: 1,
  // Worked out from the arguments alone; the search that may follow is one of ours in memory.
  cache: null,
  needs: ['catalogue'],
  async run({ original_query, accepted_keywords, search, lang: words }, { catalogue }, context) {
    const { query, applied, missing } = rewrite(original_query, accepted_keywords)
    if (query.length > LONGEST)
      throw fault('INVALID_PARAMETER', `accepted_keywords: the new question is longer than ${LONGEST} characters.`, {
        hint: 'Accept fewer or shorter terms.',
      })
    const input = searchEstatData.normalise(searchEstatData.input.parse({ query, lang: words }))
    return {
      success: true as const,
      original_query,
      rewritten_query: query,
      applied: [...applied],
      missing: [...missing],
      search: search ? await searchTables(input, catalogue, context) : null,
    }
  },
  render: ({ rewritten_query, missing, search }, words) =>
    [
      WORDS[words].now(rewritten_query),
      ...(missing.length > 0 ? [WORDS[words].missing(listed(words, missing))] : []),
      ...(search === null ? [] : ['', renderSearch(search, words)]),
    ].join('\n'),
})
