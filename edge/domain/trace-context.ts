/** W3C Trace Context, level 1. */

/** `version-traceid-parentid-flags`; all-zero ids are invalid (section 3.2.2). */
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})(-.*)?$/

export interface TraceContext {
  readonly traceparent: string
  readonly tracestate: string | null
}

/**
 * The context for the next hop: the client's trace where it sent a valid one, else a new trace.
 *
 * @param spanId 16 hex digits, fresh. @param traceId 32 hex digits, fresh; used only where the client sent none.
 */
export function nextHop(incoming: Headers, spanId: string, traceId: string): TraceContext {
  const [, theirs, flags] = TRACEPARENT.exec(incoming.get('traceparent') ?? '') ?? []
  if (theirs === undefined || flags === undefined)
    return { traceparent: `00-${traceId}-${spanId}-00`, tracestate: null }
  const tracestate = incoming.get('tracestate')
  // Section 3.3.1.5: at least 512 characters are propagated.
  return { traceparent: `00-${theirs}-${spanId}-${flags}`, tracestate: tracestate?.slice(0, 512) ?? null }
}

/** The 32 hex digits that all parts of one trace share (section 3.2.2.3). */
export const traceIdOf = ({ traceparent }: TraceContext): string => traceparent.slice(3, 35)
