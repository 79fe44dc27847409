/**
 * The ways in which e-Stat fails, on demand: a stand-in that goes wrong where a plan says so (reference/estat-api.md,
 * sections 4 and 7.19). Nothing here is left to chance: the plan decides by the request and its number.
 */
import { japanTime } from './outcome.ts'
import type { Standin } from './standin.ts'

export type InjectedFault =
  /** The right answer, late. */
  | { readonly kind: 'latency'; readonly ms: number }
  /** No answer at all until the caller leaves. */
  | { readonly kind: 'silence' }
  /** An error page of a server or proxy, without a body of e-Stat. @param status 408 or 500 to 599. */
  | { readonly kind: 'http'; readonly status: number }
  /** e-Stat's own error of its server, in its own words. @param status 200 to 299. */
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'too-many'; readonly retryAfterSeconds: number | null }
  /** A page for people in place of data. */
  | { readonly kind: 'maintenance'; readonly status: 200 | 503 }
  /** A firewall's refusal: 403 without JSON. */
  | { readonly kind: 'waf' }
  /** The right answer, cut off, with nothing that says so. @param share Of its bytes that arrive, 0 to 1. */
  | { readonly kind: 'truncated'; readonly share: number }
  /** The connection is lost before the answer. */
  | { readonly kind: 'reset' }
  /** The connection is lost within the answer. @param share Of its bytes that arrive, 0 to 1. */
  | { readonly kind: 'broken-off'; readonly share: number }
  /** The answer of another e-Stat: the one after an update of its tables. */
  | { readonly kind: 'other'; readonly standin: Standin }

/** A request as a plan sees it. */
export interface SeenRequest {
  /** Last part of the path: `getStatsData`. */
  readonly operation: string
  /** 1-based, over all requests of this stand-in. */
  readonly number: number
  /** 1-based, over the requests of this operation. */
  readonly ofOperation: number
  readonly query: URLSearchParams
}

/** What happens to a request, or null for the right answer. */
export type FaultPlan = (request: SeenRequest) => InjectedFault | null

/** Every request that `matches`; all where absent. */
export const always =
  (fault: InjectedFault, matches: (request: SeenRequest) => boolean = () => true): FaultPlan =>
  (request) =>
    matches(request) ? fault : null

/** The first `count` requests that match, then no more: a failure that passes. */
export function firstTimes(
  count: number,
  fault: InjectedFault,
  matches?: (request: SeenRequest) => boolean,
): FaultPlan {
  let left = count
  const plan = always(fault, matches)
  return (request) => (left > 0 && plan(request) !== null && left-- > 0 ? fault : null)
}

/** Requests from the `first` matching one on: a table that changes, a service that goes down. @param first 1 and up. */
export function fromThe(first: number, fault: InjectedFault, matches?: (request: SeenRequest) => boolean): FaultPlan {
  let seen = 0
  const plan = always(fault, matches)
  return (request) => (plan(request) !== null && ++seen >= first ? fault : null)
}

/** @returns The same stand-in, but where the plan says otherwise. A lost connection rejects, as `fetch` does. */
export function withFaults(standin: Standin, plan: FaultPlan): Standin {
  const counts = new Map<string, number>()
  let number = 0
  return async (request) => {
    const { pathname, searchParams } = new URL(request.url)
    const operation = pathname.slice(pathname.lastIndexOf('/') + 1)
    const ofOperation = (counts.get(operation) ?? 0) + 1
    counts.set(operation, ofOperation)
    const fault = plan({ operation, number: ++number, ofOperation, query: searchParams })
    return fault === null ? standin(request) : answerWith(fault, standin, request)
  }
}

/** One request under one fault. */
export async function answerWith(fault: InjectedFault, standin: Standin, request: Request): Promise<Response> {
  switch (fault.kind) {
    case 'latency':
      await pause(fault.ms, request.signal)
      return standin(request)
    case 'silence':
      await pause(null, request.signal)
      return standin(request)
    case 'http':
      return page(fault.status, `HTTP ${fault.status}`)
    case 'status':
      return serverError(fault.status)
    case 'too-many':
      return page(
        429,
        'Too Many Requests',
        fault.retryAfterSeconds === null ? {} : { 'retry-after': String(fault.retryAfterSeconds) },
      )
    case 'maintenance':
      return page(fault.status, 'ただいまメンテナンス中です')
    case 'waf':
      return page(403, 'Access Denied. Reference #18.1234', { server: 'ZENEDGE' })
    case 'reset':
      throw new TypeError('fetch failed', { cause: new Error('read ECONNRESET') })
    case 'truncated':
      return cut(await standin(request), fault.share, (stream) => stream.close())
    case 'broken-off':
      return cut(await standin(request), fault.share, (stream) => stream.error(new TypeError('terminated')))
    default:
      return fault.standin(request)
  }
}

function page(status: number, words: string, headers: Readonly<Record<string, string>> = {}): Response {
  const html = `<!DOCTYPE html><html><head><title>${words}</title></head><body><h1>${words}</h1></body></html>`
  return new Response(html, { status, headers: { 'content-type': 'text/html;charset=utf-8', ...headers } })
}

/** RESULT alone, as JSON, with the HTTP status of its class. Its words are ours: e-Stat's are not on record. */
function serverError(status: number): Response {
  const RESULT = { STATUS: status, ERROR_MSG: 'サーバーでエラーが発生しました。', DATE: japanTime(0) }
  return new Response(JSON.stringify({ GET_STATS_DATA: { RESULT, PARAMETER: {} } }), {
    status: 500,
    headers: { 'content-type': 'application/json;charset=utf-8' },
  })
}

/** Status and headers of the answer with the first part of its body. */
async function cut(
  answer: Response,
  share: number,
  end: (stream: ReadableStreamDefaultController<Uint8Array>) => void,
): Promise<Response> {
  const bytes = new Uint8Array(await answer.arrayBuffer())
  const part = bytes.subarray(0, Math.floor(bytes.length * share))
  let sent = false
  const body = new ReadableStream<Uint8Array>({
    pull(stream) {
      if (!sent && part.length > 0) stream.enqueue(part)
      else end(stream)
      sent = true
    },
  })
  return new Response(body, { status: answer.status, headers: answer.headers })
}

/** @param ms Null for ever. @throws The signal's reason as soon as the caller leaves. */
async function pause(ms: number | null, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const timer = ms === null ? undefined : setTimeout(resolve, ms)
  const leave = (): void => reject(signal.reason as Error)
  signal.addEventListener('abort', leave, { once: true })
  try {
    await promise
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', leave)
  }
}
