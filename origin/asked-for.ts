/**
 * What of the server one message can reach. A server is made for every request (the protocol has no session), and to
 * register every tool, resource and prompt in it costs more than a cheap call does.
 */
export interface AskedFor {
  /** The one tool that is called; null where it may be any. */
  readonly tool: string | null
  /** Whether anything but tools may be asked for. */
  readonly beyondTools: boolean
}

const ANYTHING: AskedFor = { tool: null, beyondTools: true }

/** Of a body as it was parsed; a batch (2025-03-26) may ask for anything. */
export function askedFor(body: unknown): AskedFor {
  const { method, params } = (body ?? {}) as { method?: unknown; params?: { name?: unknown } | null }
  if (method === 'tools/list') return { tool: null, beyondTools: false }
  if (method !== 'tools/call') return ANYTHING
  const name = params?.name
  return { tool: typeof name === 'string' ? name : null, beyondTools: false }
}

/** MCP 2026-07-28, basic: `_meta` of each request names its revision. */
const REVISION = 'io.modelcontextprotocol/protocolVersion'

/**
 * Whether a body says of itself that it is of 2026-07-28 or later, right or wrong: a shorter way to what the SDK's
 * `isLegacyRequest` finds by validating all of it, as its handler does again. False where that has to be asked.
 */
export function namesItsRevision(body: unknown): boolean {
  if (typeof body !== 'object' || body === null || !('method' in body) || 'result' in body || 'error' in body)
    return false
  const { params } = body as { params?: { _meta?: unknown } | null }
  const meta = params?._meta
  return typeof meta === 'object' && meta !== null && !Array.isArray(meta) && REVISION in meta
}
