/**
 * The border of resources, prompts and completion: what they throw becomes a JSON-RPC error. A tool's failure is a
 * result (`mcp.ts`); these have no result that could say so.
 */
import { ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server'
import { FAULTS, type FaultCode, fault, faultReply } from '../shared/fault.ts'
import { isOurs } from './is-ours.ts'

/** JSON-RPC 2.0 section 5.1: -32000 is for the implementation; MCP keeps -32020 to -32099 for itself. */
const REFUSED = -32_000

/**
 * What the caller named wrongly is -32602, a resource that is not there among it (MCP 2026-07-28, resources: the SDK
 * sends the same to older revisions); what is our fault is -32603; what may pass, or is not allowed, is -32000.
 */
function codeOf(code: FaultCode): number {
  const { status, retry } = FAULTS[code]
  if (retry || code === 'FORBIDDEN' || code === 'UNAUTHORIZED') return REFUSED
  return status < 500 ? ProtocolErrorCode.InvalidParams : ProtocolErrorCode.InternalError
}

export interface ProtocolBorder {
  /** Told of every failure that is ours. */
  readonly report: (error: unknown, where: string) => void
  /** `X-Estat-App-Id` as it was sent. */
  readonly appId: string | null
  /** Milliseconds of a call's budget (promise 8). */
  readonly millis: number
}

/** A tool that was asked on the way ends by itself, in its own words, within this time of its budget. */
const GRACE_MILLIS = 2_000

/**
 * Runs `work` for as long as a call may take; a failure leaves as a JSON-RPC error whose message ends with the hint and whose `data` holds `about`,
 * our code, the hint and the candidates.
 *
 * @param where For the log: `resources/read estat://dataset/{id}`.
 * @param about E.g. the URI that was read: the specification wants it back.
 */
export async function withProtocolErrors<T>(
  { report, appId, millis }: ProtocolBorder,
  { where, about }: { readonly where: string; readonly about: Readonly<Record<string, string>> },
  work: () => T | Promise<T>,
): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(fault('TIMEOUT_ERROR', 'That took too long.')), millis + GRACE_MILLIS)
  try {
    return await Promise.race([work(), late.promise])
  } catch (error) {
    if (isOurs(error, appId)) report(error, where)
    const { message, tool: _none, ...rest } = faultReply(error, null).error
    throw new ProtocolError(codeOf(rest.code), `${message} ${rest.hint}`, { ...about, ...rest })
  } finally {
    clearTimeout(timer)
  }
}
