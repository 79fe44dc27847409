/** 統計表情報取得: a list of tables, or of the surveys that they belong to. */
import { statsListCsv } from '../csv/stats-list.ts'
import { listingIn } from '../language.ts'
import { isFromArea, isListed } from '../list-filters.ts'
import { listOutcome } from '../list-outcome.ts'
import { badParameter } from '../outcome.ts'
import { readPage } from '../paging.ts'
import { ECHO_FORMAT, echoes, type Parameters, unlessN } from '../parameters.ts'
import type { StandinListing } from '../table.ts'
import { type Listed, linesOf, listedElement } from '../table-elements.ts'
import { branch, childrenNamed, type Element } from '../tree.ts'
import type { Operation } from './operation.ts'

export const getStatsList: Operation = {
  path: 'getStatsList',
  method: 'GET',
  formats: ['json', 'xml'],
  root: 'GET_STATS_LIST',
  schema: 'GetStatsList',
  simple: { path: 'getSimpleStatsList', forced: {}, write: statsListCsv },
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
    ECHO_FORMAT,
    echoes('START_POSITION', 'startPosition'),
    echoes('LIMIT', 'limit'),
    echoes('UPDATED_DATE', 'updatedDate'),
  ],
  answer(sent, { listings }) {
    const page = readPage(sent)
    if (typeof page === 'string') return badParameter(page)
    const lines = matching(listings, sent)
    const explained = unlessN(sent, 'explanationGetFlg')
    return sent.get('statsNameList') === 'Y'
      ? listOutcome('DATALIST_INF', surveysOf(lines), page, (survey) => survey)
      : listOutcome('DATALIST_INF', lines, page, (line) => listedElement(line, explained))
  },
}

/** A catalogue may be larger than memory: one listing at a time is looked at. */
function* matching(listings: Iterable<StandinListing>, sent: Parameters): Generator<Listed> {
  for (const known of listings) {
    const listing = listingIn(sent, known)
    if (isListed(listing, sent)) for (const line of linesOf(listing)) if (isFromArea(line.area, sent)) yield line
  }
}

/** LIST_INF: each survey once, by code, as recorded. */
function surveysOf(lines: Iterable<Listed>): readonly Element[] {
  const surveys = new Map<string, Element>()
  for (const { listing } of lines) {
    const { info } = listing
    const names = [...childrenNamed(info, 'STAT_NAME'), ...childrenNamed(info, 'GOV_ORG')]
    const code = names[0]?.attributes['code'] ?? ''
    if (code !== '' && !surveys.has(code)) surveys.set(code, branch('LIST_INF', names, { id: code }))
  }
  return [...surveys.keys()].toSorted().flatMap((code) => surveys.get(code) ?? [])
}
