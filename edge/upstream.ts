/** The origin as the edge asks it: each request signed for its caller, bounded in time, cancelled with its caller. */
import type { JWK } from 'jose'
import { signCallerToken } from '../shared/caller-token.ts'
import { Fault, fault } from '../shared/fault.ts'
import { CALLER_HEADER, type Caller, REQUEST_ID_HEADER } from '../shared/server-info.ts'
import type { TraceContext } from './domain/trace-context.ts'
import type { Report } from './env.ts'
import { isOurs, originDown, originLine } from './origin-line.ts'

export interface UpstreamOptions {
  /** Where the origin listens, without a path: the token is bound to the path alone. */
  readonly originUrl: string
  readonly signingKey: JWK
  readonly send: (request: Request) => Promise<Response>
  readonly now: () => number
  readonly newId: () => string
  /**
   * How long the origin may take to the end of its answer, of a stream of events to its beginning: more than any call's
   * own budget (45 s).
   */
  readonly timeoutMs: number
  readonly report: Report
}

export interface UpstreamRequest {
  readonly method: string
  readonly path: string
  /** With its question mark, where there is one: not signed, so of the edge's own making. */
  readonly query?: string
  /** What the client sent and may pass; ours are added. */
  readonly headers: Headers
  readonly body: Uint8Array<ArrayBuffer>
  readonly caller: Caller
  readonly requestId: string
  readonly trace: TraceContext
  /** Aborts when the client leaves; null for what nobody waits for. */
  readonly signal: AbortSignal | null
  /** Scheme and host under which the client reached this edge: what links are made with. */
  readonly base?: string
  /** For a file: only its beginning is bounded in time, and 304 is an answer. */
  readonly download?: boolean
}

/** @throws Fault ESTAT_UNAVAILABLE where the origin does not answer or not as the origin; TIMEOUT_ERROR; CANCELLED. */
export type Upstream = (request: UpstreamRequest) => Promise<Response>

export function upstream(options: UpstreamOptions): Upstream {
  const { originUrl, signingKey, now, newId, timeoutMs, report } = options
  const line = originLine(options)

  return async function ask({ method, path, headers, body: came, caller, requestId, trace, signal, ...rest }) {
    // Neither has a body in the Fetch standard, whatever a client sends (RFC 9110 sections 9.3.1 and 9.3.2).
    const body = method === 'GET' || method === 'HEAD' ? new Uint8Array() : came
    const request = { method, path, body }
    const base = rest.base === undefined ? {} : { base: rest.base }
    const token = await signCallerToken({ key: signingKey, caller, ...base, request, now: now(), jti: newId() })
    headers.set(CALLER_HEADER, token)
    headers.set(REQUEST_ID_HEADER, requestId)
    headers.set('traceparent', trace.traceparent)
    if (trace.tracestate !== null) headers.set('tracestate', trace.tracestate)

    const late = new AbortController()
    const timer = setTimeout(() => late.abort(fault('TIMEOUT_ERROR', 'The origin did not answer in time.')), timeoutMs)
    const done = (): void => clearTimeout(timer)
    try {
      const until = signal ? AbortSignal.any([signal, late.signal]) : late.signal
      const make = (): Request =>
        new Request(new URL(`${path}${rest.query ?? ''}`, originUrl), {
          method,
          headers,
          redirect: 'manual',
          signal: until,
          ...(body.length === 0 ? {} : { body }),
        })
      const response = await line(make, () => signal?.aborted === true)
      // Only who asked whether it is still the same is told that it is.
      const same = response.status === 304 && (rest.download === true || headers.has('if-none-match'))
      const answer = same ? response : judged(response, report)
      if (rest.download !== true) return bounded(answer, late.signal, done)
      done()
      return answer
    } catch (error) {
      done()
      if (signal?.aborted) throw fault('CANCELLED', 'The caller left.', { cause: error })
      if (late.signal.aborted) throw late.signal.reason
      throw error instanceof Fault ? error : originDown(error)
    }
  }
}

/**
 * The answer, its body cut off with the reason of `late` where it takes too long. A stream of events that has begun may
 * go on.
 *
 * @param done Called when no bound is needed any more.
 */
function bounded(response: Response, late: AbortSignal, done: () => void): Response {
  const { body, status, headers } = response
  if (body === null || headers.get('content-type')?.startsWith('text/event-stream')) {
    done()
    return response
  }
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
  // A failure on either side is the reader's to see, who has it from `readable`.
  body.pipeTo(writable, { signal: late }).then(done, done)
  return new Response(readable, { status, headers })
}

/**
 * What only something between edge and origin would say, or an origin that does not know this edge, is our failure:
 * a 401 passed on would send the client to look for another key, an error page would reach a model.
 */
function judged(response: Response, report: Report): Response {
  const wrong = response.status === 401 || (response.status >= 300 && response.status < 400)
  if (!wrong && (response.status < 500 || isOurs(response))) return response
  report(new Error(`the origin answered ${response.status}`), 'origin')
  void response.body?.cancel()
  throw originDown(undefined)
}
