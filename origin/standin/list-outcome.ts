/** A page of a list that may be larger than memory: NUMBER counts everything, the page alone is kept. */
import { found, nothingFound, type Outcome } from './outcome.ts'
import { type Page, rangeElements } from './paging.ts'
import { branch, type Element, leaf } from './tree.ts'

/** @param name Of the element around the list: `DATALIST_INF`. @param elementOf Called for the page's own lines alone. */
export function listOutcome<Line>(
  name: string,
  all: Iterable<Line>,
  page: Page,
  elementOf: (line: Line) => Element,
): Outcome {
  const shown: Element[] = []
  let total = 0
  for (const line of all) {
    total += 1
    if (total >= page.start && shown.length < page.limit) shown.push(elementOf(line))
  }
  if (shown.length === 0) return nothingFound([branch(name, [leaf('NUMBER', total), leaf('RESULT_INF', null)])])
  return found([branch(name, [leaf('NUMBER', total), branch('RESULT_INF', rangeElements(page, total)), ...shown])])
}
