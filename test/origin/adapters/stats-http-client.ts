/** A client of e-Stat over a fake `send`, and the answers it may be given. */
import { type StatsHttpOptions, statsHttp } from '../../../origin/adapters/stats-http.ts'
import { Fault } from '../../../shared/fault.ts'

export const APP_ID = '0123456789abcdef0123456789abcdef01234567'
export const ID = '0003410379'
export const TABLE = { '@id': ID, STAT_NAME: { '@code': '00200521', $: '国勢調査' }, TITLE: '人口' }
export const CLASSES = {
  CLASS_OBJ: { '@id': 'area', '@name': '地域', CLASS: [{ '@code': '13000', '@name': '東京都' }] },
}

export const json = (body: unknown, status = 200, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json;charset=utf-8', ...headers },
  })
export const failed = (status: number, http: number): Response =>
  json({ GET_STATS_DATA: { RESULT: { STATUS: status, ERROR_MSG: '上流の言葉', DATE: '' }, PARAMETER: {} } }, http)
export const metadata = (table: object = TABLE): Response =>
  json({ GET_META_INFO: { RESULT: { STATUS: 0 }, METADATA_INF: { TABLE_INF: table, CLASS_INF: CLASSES } } })
export const counted = (total: number): Response =>
  json({
    GET_STATS_DATA: {
      RESULT: { STATUS: 0 },
      STATISTICAL_DATA: { RESULT_INF: { TOTAL_NUMBER: total }, TABLE_INF: TABLE },
    },
  })

export interface Paged {
  readonly total?: number
  readonly from?: number
  readonly to?: number
  readonly next?: number
  readonly values?: unknown
  readonly table?: object
}
export const paged = ({ total = 2, from = 1, to = 2, next, values, table = TABLE }: Paged = {}): Response => {
  const range = {
    TOTAL_NUMBER: total,
    FROM_NUMBER: from,
    TO_NUMBER: to,
    ...(next === undefined ? {} : { NEXT_KEY: next }),
  }
  const value = values ?? Array.from({ length: to - from + 1 }, (_, n) => ({ '@area': '13000', $: String(n) }))
  return json({
    GET_STATS_DATA: {
      RESULT: { STATUS: 0 },
      STATISTICAL_DATA: { RESULT_INF: range, TABLE_INF: table, DATA_INF: { VALUE: value } },
    },
  })
}

/** Two more attempts, without a wait. */
export const AT_ONCE = { attempts: 3, baseMs: 0, capMs: 0 }

export type Answer = Response | 'unreachable' | 'silent'

/** A client whose requests are answered in turn, the last answer for good; `sent` keeps the URLs. */
export function client(answers: readonly Answer[], options: Partial<StatsHttpOptions> = {}) {
  const sent: URL[] = []
  const send = async (request: Request): Promise<Response> => {
    sent.push(new URL(request.url))
    const answer = answers[Math.min(sent.length, answers.length) - 1]
    if (answer === 'unreachable') throw new TypeError(`fetch failed: ${request.url}`)
    if (answer === 'silent' || answer === undefined) return await new Promise(() => {})
    return answer.clone()
  }
  const source = statsHttp({ send, appId: APP_ID, origin: 'live', now: () => 0, retry: AT_ONCE, ...options })
  return { sent, source }
}

export const ask = { lang: 'J', signal: new AbortController().signal } as const
export const query = { id: ID, narrow: [] }
export const range = { start: 1, limit: 2 }

export async function faultOf(promise: Promise<unknown>): Promise<Fault> {
  const error = await promise.then(
    () => new Error('nothing was thrown'),
    (thrown: unknown) => thrown,
  )
  if (error instanceof Fault) return error
  throw error
}

export const inspected = (error: unknown): string => {
  const { message, stack, cause } = error as Error
  return [message, String(stack), JSON.stringify(error), String(cause)].join('\n')
}
