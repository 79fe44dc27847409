/**
 * The trace that a request belongs to (W3C Trace Context, 3.2: `version-traceid-parentid-flags`), for the log line. It
 * goes no further: e-Stat takes no part in it, and no header of a caller's reaches it.
 */
export const traceIdOf = (headers: Headers): string | null =>
  /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}/.exec(headers.get('traceparent') ?? '')?.[1] ??
  null
