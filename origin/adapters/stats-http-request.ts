/** Requests to e-Stat, as URLs. They hold the application ID: none is ever logged or thrown (PRODUCT.md, promise 10). */
import { fault } from '../../shared/fault.ts'
import { SERVER_INFO } from '../../shared/server-info.ts'
import { MAX_CODES } from '../estat/split-queries.ts'
import type { Narrowing } from '../estat/model.ts'
import type { StatsQuery } from '../ports.ts'

/** e-Stat itself. */
export const ESTAT_BASE_URL = 'https://api.e-stat.go.jp'
/** Most rows of one answer (manual, getStatsData, limit). */
export const MAX_ROWS = 100_000

export interface Endpoint {
  /** Scheme and host, e.g. `https://api.e-stat.go.jp`. */
  readonly baseUrl: string
  readonly appId: string
}

/** Who asks, so that e-Stat's operators can tell. */
export const REQUEST_HEADERS = {
  accept: 'application/json',
  'user-agent': `${SERVER_INFO.name}/${SERVER_INFO.version}`,
}

type Parameters = Readonly<Record<string, string>>

function request({ baseUrl, appId }: Endpoint, operation: string, parameters: Parameters): Request {
  const url = new URL(`/rest/3.0/app/json/${operation}`, baseUrl)
  // URLSearchParams encodes `#` and `,` (reference/estat-api.md, 2.4). A stray line end makes an ID "refused" (7.3).
  url.search = new URLSearchParams({ appId: appId.trim(), ...parameters }).toString()
  return new Request(url, { headers: REQUEST_HEADERS })
}

export const metaRequest = (endpoint: Endpoint, id: string, lang: string): Request =>
  request(endpoint, 'getMetaInfo', { lang, statsDataId: id })

export const countRequest = (endpoint: Endpoint, query: StatsQuery, lang: string): Request =>
  request(endpoint, 'getStatsData', { ...dataParameters(query, lang), cntGetFlg: 'Y' })

/** `replaceSpChars=0` leaves symbols as they are: 1 turns a suppressed figure into a real zero (7.7). */
export const pageRequest = (
  endpoint: Endpoint,
  query: StatsQuery,
  range: { readonly start: number; readonly limit: number },
  lang: string,
): Request =>
  request(endpoint, 'getStatsData', {
    ...dataParameters(query, lang),
    startPosition: String(range.start),
    limit: String(range.limit),
    cntGetFlg: 'N',
    annotationGetFlg: 'Y',
    replaceSpChars: '0',
  })

/** Classes come from getMetaInfo once: on each page they may weigh more than the rows (7.17). */
const dataParameters = ({ id, narrow }: StatsQuery, lang: string): Parameters => ({
  lang,
  statsDataId: id,
  ...Object.fromEntries(narrow.flatMap(narrowingParameters)),
  metaGetFlg: 'N',
  explanationGetFlg: 'N',
})

function narrowingParameters({ axis, codes, from, to, level }: Narrowing): readonly (readonly [string, string])[] {
  const name = `${axis.slice(0, 1).toUpperCase()}${axis.slice(1)}`
  if (codes !== undefined && (codes.length === 0 || codes.length > MAX_CODES))
    throw fault('INVALID_PARAMETER', `e-Stat takes 1 to ${MAX_CODES} codes on ${axis} at once, not ${codes.length}.`)
  return [
    ...(codes === undefined ? [] : [[`cd${name}`, codes.join(',')] as const]),
    ...(from === undefined ? [] : [[`cd${name}From`, from] as const]),
    ...(to === undefined ? [] : [[`cd${name}To`, to] as const]),
    ...(level === undefined ? [] : [[`lv${name}`, level] as const]),
  ]
}
