/** 統計表情報取得: a list of tables, or of the surveys that they belong to. */
import { isFromArea, isListed } from '../list-filters.ts'
import { badParameter, found, nothingFound } from '../outcome.ts'
import { rangeElements, readPage } from '../paging.ts'
import { echoes, unlessN } from '../parameters.ts'
import { listedElements } from '../table-elements.ts'
import { branch, childrenNamed, type Element, leaf } from '../tree.ts'
import type { Operation } from './operation.ts'

export const getStatsList: Operation = {
  path: 'getStatsList',
  root: 'GET_STATS_LIST',
  echo: [
    echoes('LANG', 'lang', 'J'),
    echoes('SURVEY_YEARS', 'surveyYears'),
    echoes('OPEN_YEARS', 'openYears'),
    echoes('STATS_FIELD', 'statsField'),
    echoes('STATS_CODE', 'statsCode'),
    echoes('SEARCH_WORD', 'searchWord'),
    echoes('SEARCH_KIND', 'searchKind'),
    echoes('COLLECT_AREA', 'collectArea'),
    echoes('EXPLANATION_GET_FLG', 'explanationGetFlg'),
    echoes('STATS_NAME_LIST', 'statsNameList'),
    echoes('DATA_FORMAT', [], 'J'),
    echoes('START_POSITION', 'startPosition'),
    echoes('LIMIT', 'limit'),
    echoes('UPDATED_DATE', 'updatedDate'),
  ],
  answer(sent, { listings }) {
    const page = readPage(sent)
    if (typeof page === 'string') return badParameter(page)
    const explained = unlessN(sent, 'explanationGetFlg')
    const tables = listings
      .filter((listing) => isListed(listing, sent))
      .flatMap((listing) => listedElements(listing, explained))
      .filter((listed) => isFromArea(listed, sent))
    const all = sent.get('statsNameList') === 'Y' ? surveysOf(tables) : tables
    const shown = all.slice(page.start - 1, page.start - 1 + page.limit)
    if (shown.length === 0)
      return nothingFound([branch('DATALIST_INF', [leaf('NUMBER', all.length), leaf('RESULT_INF', null)])])
    const range = branch('RESULT_INF', rangeElements(page, all.length))
    return found([branch('DATALIST_INF', [leaf('NUMBER', all.length), range, ...shown])])
  },
}

/** LIST_INF: each survey once, by code, as recorded. */
function surveysOf(tables: readonly Element[]): readonly Element[] {
  const surveys = new Map<string, Element>()
  for (const table of tables) {
    const names = [...childrenNamed(table, 'STAT_NAME'), ...childrenNamed(table, 'GOV_ORG')]
    const code = names[0]?.attributes['code'] ?? ''
    if (code !== '' && !surveys.has(code)) surveys.set(code, branch('LIST_INF', names, { id: code }))
  }
  return [...surveys.keys()].toSorted().flatMap((code) => surveys.get(code) ?? [])
}
