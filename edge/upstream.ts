/** The origin as the edge asks it: each request signed for its caller, bounded in time, cancelled with its caller. */
import type { JWK } from 'jose'
import { signCallerToken } from '../shared/caller-token.ts'
import { fault } from '../shared/fault.ts'
import { CALLER_HEADER, type Caller, REQUEST_ID_HEADER } from '../shared/server-info.ts'
import type { TraceContext } from './domain/trace-context.ts'
import type { Report } from './env.ts'

export interface UpstreamOptions {
  /** Where the origin listens, without a path: the token is bound to the path alone. */
  readonly originUrl: string
  readonly signingKey: JWK
  readonly send: (request: Request) => Promise<Response>
  readonly now: () => number
  readonly newId: () => string
  /** How long the origin may take to its first byte: more than any call's own budget (45 s). */
  readonly timeoutMs: number
  readonly report: Report
}

export interface UpstreamRequest {
  readonly method: string
  readonly path: string
  /** What the client sent and may pass; ours are added. */
  readonly headers: Headers
  readonly body: Uint8Array<ArrayBuffer>
  readonly caller: Caller
  readonly requestId: string
  readonly trace: TraceContext
  /** Aborts when the client leaves; null for what nobody waits for. */
  readonly signal: AbortSignal | null
}

/** @throws Fault ESTAT_UNAVAILABLE where the origin does not answer or not as the origin; TIMEOUT_ERROR; CANCELLED. */
export type Upstream = (request: UpstreamRequest) => Promise<Response>

export function upstream(options: UpstreamOptions): Upstream {
  const { originUrl, signingKey, send, now, newId, timeoutMs, report } = options

  return async function ask({ method, path, headers, body, caller, requestId, trace, signal }) {
    const request = { method, path, body }
    const token = await signCallerToken({ key: signingKey, caller, request, now: now(), jti: newId() })
    headers.set(CALLER_HEADER, token)
    headers.set(REQUEST_ID_HEADER, requestId)
    headers.set('traceparent', trace.traceparent)
    if (trace.tracestate !== null) headers.set('tracestate', trace.tracestate)

    const late = new AbortController()
    const timer = setTimeout(() => late.abort(), timeoutMs)
    try {
      const response = await send(
        new Request(new URL(path, originUrl), {
          method,
          headers,
          redirect: 'manual',
          signal: signal ? AbortSignal.any([signal, late.signal]) : late.signal,
          ...(body.length === 0 ? {} : { body }),
        }),
      )
      return judged(response, report)
    } catch (error) {
      if (signal?.aborted) throw fault('CANCELLED', 'The caller left.', { cause: error })
      if (late.signal.aborted) throw fault('TIMEOUT_ERROR', 'The origin did not answer in time.', { cause: error })
      throw unavailable(error)
    } finally {
      // The bound is for the first byte: a stream that has begun may go on.
      clearTimeout(timer)
    }
  }
}

/**
 * What only something between edge and origin would say, or an origin that does not know this edge, is our failure:
 * a 401 passed on would send the client to look for another key, an error page would reach a model.
 */
function judged(response: Response, report: Report): Response {
  const type = response.headers.get('content-type') ?? ''
  const ours = /^(application\/json|text\/event-stream)\b/.test(type)
  const wrong = response.status === 401 || (response.status >= 300 && response.status < 400)
  if (!wrong && (response.status < 500 || ours)) return response
  report(new Error(`the origin answered ${response.status}`), 'origin')
  void response.body?.cancel()
  throw unavailable(undefined)
}

const unavailable = (cause: unknown) =>
  fault('ESTAT_UNAVAILABLE', 'The server that holds the statistics does not answer.', {
    hint: 'Call again in a minute; searches that were asked before may still be answered.',
    cause,
  })
