/**
 * `GET /search?q=`: the plain HTTP twin of `search_estat_data`. Both halves read its query here. It answers as
 * `POST /execute` does, `{success: true, result, text}` or `{success: false, error, text}` with the fault's status.
 */
import { parseArguments } from './arguments.ts'
import { type SearchInput, searchEstatData } from './cacheable/search-estat-data.ts'
import { fault } from './fault.ts'

const HINT = 'For example /search?q=東京都の人口&max_results=10&lang=J.'

/**
 * The tool's arguments, validated and normalised: `q` (or `query`) and all others by their own names, each once.
 *
 * @throws Fault INVALID_PARAMETER for what is missing, wrong, unknown or given twice.
 */
export function readSearchQuery(params: URLSearchParams): SearchInput {
  const given = [...params].map(([name, value]) => [name === 'q' ? 'query' : name, value] as const)
  const names = given.map(([name]) => name)
  const twice = names.find((name, at) => names.indexOf(name) !== at)
  if (twice !== undefined)
    throw fault('INVALID_PARAMETER', `The query gives "${twice.slice(0, 60)}" more than once.`, { hint: HINT })
  return searchEstatData.normalise(parseArguments(searchEstatData, Object.fromEntries(given)))
}
