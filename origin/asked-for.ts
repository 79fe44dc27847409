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
