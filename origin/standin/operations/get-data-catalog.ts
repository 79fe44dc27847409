/** データカタログ情報取得: files (Excel, CSV, PDF) and databases, by data set (reference/estat-api.md, 2.7 and 3.8). */
import { isFromArea, meets } from '../list-filters.ts'
import { listOutcome } from '../list-outcome.ts'
import { badParameter } from '../outcome.ts'
import { readPage } from '../paging.ts'
import { ECHO_FORMAT, echoes, type Parameters } from '../parameters.ts'
import { compact, overlaps } from '../periods.ts'
import { matchesWords } from '../search-word.ts'
import { childNamed, childrenNamed, childrenOf, type Element, textOf, textsIn } from '../tree.ts'
import type { Operation } from './operation.ts'

/** Counts data sets, not their resources. */
const DEFAULT_LIMIT = 100

export const getDataCatalog: Operation = {
  path: 'getDataCatalog',
  method: 'GET',
  formats: ['json', 'xml'],
  root: 'GET_DATA_CATALOG',
  schema: 'GetDataCatalog',
  echo: [
    echoes('LANG', 'lang', 'J'),
    echoes('SURVEY_YEARS', 'surveyYears'),
    echoes('OPEN_YEARS', 'openYears'),
    echoes('STATS_FIELD', 'statsField'),
    echoes('STATS_CODE', 'statsCode'),
    echoes('SEARCH_WORD', 'searchWord'),
    echoes('COLLECT_AREA', 'collectArea'),
    echoes('EXPLANATION_GET_FLG', 'explanationGetFlg'),
    echoes('DATA_TYPE', 'dataType'),
    echoes('CATALOG_ID', 'catalogId'),
    echoes('RESOURCE_ID', 'resourceId'),
    ECHO_FORMAT,
    echoes('START_POSITION', 'startPosition'),
    echoes('LIMIT', 'limit'),
    echoes('UPDATED_DATE', 'updatedDate'),
  ],
  answer(sent, { files }) {
    const page = readPage(sent, DEFAULT_LIMIT)
    if (typeof page === 'string') return badParameter(page)
    return listOutcome('DATA_CATALOG_LIST_INF', matching(files, sent), page, (entry) => entry)
  },
}

/** Data sets with a resource that was asked for, and with those resources alone. */
function* matching(files: Iterable<Element>, sent: Parameters): Generator<Element> {
  for (const entry of files) {
    if (!isAsked(entry, sent)) continue
    const resources = childrenOf(childNamed(entry, 'RESOURCES') ?? entry).filter((resource) => isWanted(resource, sent))
    if (resources.length > 0) yield withResources(entry, resources)
  }
}

/** statsField has no effect: what a data set says of itself holds no field. */
function isAsked(entry: Element, sent: Parameters): boolean {
  const dataset = childNamed(entry, 'DATASET') ?? entry
  const title = childNamed(dataset, 'TITLE') ?? dataset
  const code = (name: string): string => childNamed(dataset, name)?.attributes['code'] ?? ''
  const date = (name: string): string => compact(textOf(childNamed(dataset, name)))
  return (
    meets(sent.get('catalogId'), (asked) => entry.attributes['id'] === asked) &&
    meets(sent.get('surveyYears'), (asked) => overlaps(asked, textOf(childNamed(title, 'SURVEY_DATE')))) &&
    meets(sent.get('openYears'), (asked) => overlaps(asked, date('RELEASE_DATE'))) &&
    meets(sent.get('updatedDate'), (asked) => overlaps(asked, date('LAST_MODIFIED_DATE'))) &&
    meets(sent.get('statsCode'), (asked) => code(asked.length === 5 ? 'ORGANIZATION' : 'STAT_NAME') === asked) &&
    isFromArea(textOf(childNamed(title, 'COLLECT_AREA')), sent) &&
    meets(sent.get('searchWord'), (asked) => matchesWords(asked, textsIn(entry).join('\n')))
  )
}

function isWanted(resource: Element, sent: Parameters): boolean {
  const format = textOf(childNamed(resource, 'FORMAT'))
  return (
    meets(sent.get('dataType'), (asked) => asked.split(',').includes(format)) &&
    meets(sent.get('resourceId'), (asked) => resource.attributes['id'] === asked)
  )
}

const withResources = (entry: Element, resources: readonly Element[]): Element =>
  childrenNamed(entry, 'RESOURCES').every((all) => childrenOf(all).length === resources.length)
    ? entry
    : {
        ...entry,
        content: childrenOf(entry).map((child) =>
          child.name === 'RESOURCES' ? { ...child, content: resources } : child,
        ),
      }
