/**
 * One call of one tool, whoever carries it (MCP or plain HTTP): scope, arguments, budget, result, text twin.
 * Failures leave as they are; the borders (`mcp.ts`, `app.ts`) turn them into replies.
 */
import { parseArguments } from '../shared/arguments.ts'
import { Fault, fault } from '../shared/fault.ts'
import { hasScope } from '../shared/scope.ts'
import type { Caller } from '../shared/server-info.ts'
import { parseAppId } from './app-id.ts'
import { type CallTerms, MetadataChanged, statsForCall } from './call-stats.ts'
import { langOf } from './lang-of.ts'
import type { Call, Outcome } from './observe/tally.ts'
import type { Ports } from './ports.ts'
import type { AnyTool, CallLimits } from './tools/define-tool.ts'
import { entityTag, type ReadCall } from './validator.ts'

export interface CallDeps {
  readonly tools: readonly AnyTool[]
  readonly ports: Ports
  readonly limits: CallLimits
  readonly now: () => number
  readonly newId: () => string
  /** Told of each call when it has ended, well or not. */
  readonly observe?: (call: Call) => void
}

export interface CallRequest {
  readonly name: string
  readonly args: unknown
  readonly caller: Caller
  /** `X-Estat-App-Id` as it was sent. */
  readonly appId?: string | null
  /** Aborts when the caller leaves. */
  readonly signal: AbortSignal
  readonly progress?: (done: number, total: number | null, message: string) => void
  /** Whether whoever asks can use a validator; false where absent. */
  readonly wantsValidator?: boolean
}

export interface CallAnswer {
  readonly result: Record<string, unknown>
  /** The text twin. */
  readonly text: string
  /** Whether a cache may keep it: of a cacheable tool, not partial, and of nobody's own application ID. */
  readonly storable: boolean
  /** Entity tag of what is storable; null where it has none, or nobody asked for it. */
  readonly validator: string | null
}

/** A write whose reply was cut off may have happened. */
const UNKNOWN_OUTCOME =
  'What it was writing may be there or not: look before you repeat an append; everything else is safe to repeat.'

/** What a run may still take after its budget ended, to clean up behind itself. */
const GRACE_MILLIS = 1_500

/**
 * @throws Fault NOT_FOUND for an unknown tool, FORBIDDEN without its scope, INVALID_PARAMETER for wrong arguments or an
 *   application ID that is none, TIMEOUT_ERROR past the budget, CANCELLED when the caller left, and whatever the tool itself throws.
 */
export async function callTool(deps: CallDeps, request: CallRequest): Promise<CallAnswer> {
  const ended = observer(deps, request)
  try {
    const answer = await answerTo(deps, request)
    ended('ok')
    return answer
  } catch (error) {
    ended(error)
    throw error
  }
}

/** Tells of a call that begins now: `ended('ok')`, or with what it threw. */
export function observer(deps: CallDeps, { name }: Pick<CallRequest, 'name'>): (outcome: unknown) => void {
  const began = deps.now()
  const tool = deps.tools.some((one) => one.name === name) ? name : 'unknown'
  const outcomeOf = (outcome: unknown): Outcome => {
    if (outcome === 'ok') return 'ok'
    return outcome instanceof Fault ? outcome.code : 'INTERNAL_ERROR'
  }
  return (outcome) => deps.observe?.({ tool, outcome: outcomeOf(outcome), millis: deps.now() - began })
}

/** The tool and its arguments. @throws Fault NOT_FOUND, FORBIDDEN, INVALID_PARAMETER as `callTool` says. */
export function admitted(deps: CallDeps, request: CallRequest): ReadCall {
  const tool = deps.tools.find(({ name }) => name === request.name)
  if (!tool)
    throw fault('NOT_FOUND', `There is no tool "${request.name.slice(0, 60)}".`, {
      hint: `The tools are: ${deps.tools.map(({ name }) => name).join(', ')}.`,
    })
  if (!hasScope(request.caller, tool.scope))
    throw fault('FORBIDDEN', `${tool.name} needs the scope "${tool.scope}", which this key does not have.`)
  const input = parseArguments(tool, request.args)
  const appId = parseAppId(request.appId ?? null)
  return { tool, input, lang: langOf(input), caller: request.caller, appId }
}

async function answerTo(deps: CallDeps, request: CallRequest): Promise<CallAnswer> {
  const call = admitted(deps, request)
  const { tool, input, lang, appId } = call
  const deadline = AbortSignal.timeout(deps.limits.millis)
  const signal = AbortSignal.any([request.signal, deadline])
  const end = deps.now() + deps.limits.millis
  const run = (oneVersion: boolean): ReturnType<AnyTool['run']> =>
    tool.run(input, portsFor(deps.ports, { deadline: end, appId, oneVersion }), {
      caller: request.caller,
      appId,
      signal,
      progress: request.progress ?? (() => {}),
      now: deps.now(),
      newId: deps.newId,
      limits: deps.limits,
    })
  // Begun first: see `ToolSpec.validator`. What goes wrong with it goes wrong with the call itself.
  const tagging = request.wantsValidator
    ? entityTag(call, portsFor(deps.ports, { deadline: end, appId, oneVersion: true }), { signal, now: deps.now() })
    : Promise.resolve(null)
  const tag = tagging.catch(() => null)
  let isSecond = false
  // Class lists that turn out to be of another version than the rows are gone from the cache by then: once more.
  const running = run(true).catch((error: unknown) => {
    if (!(error instanceof MetadataChanged) || signal.aborted) throw error
    isSecond = true
    return run(false)
  })
  try {
    const result = await Promise.race([running, afterGrace(signal)])
    // In a second run rows and class lists may still be of two versions: the next call will know better.
    const storable = tool.cache !== null && appId === null && !isSecond && (tool.mayKeep?.(result) ?? true)
    const validator = storable && (tool.isValidated?.(result) ?? true) ? await tag : null
    return { result, text: tool.render(result, lang), storable, validator }
  } catch (error) {
    throw endedBy(error, tool, { caller: request.signal, deadline, millis: deps.limits.millis })
  }
}

interface Ends {
  /** Aborts when the caller leaves. */
  readonly caller: AbortSignal
  readonly deadline: AbortSignal
  readonly millis: number
}

/** What a call that threw is said to have ended by: CANCELLED, TIMEOUT_ERROR, or what it threw. */
export function endedBy(error: unknown, tool: AnyTool, { caller, deadline, millis }: Ends): unknown {
  if (caller.aborted) return fault('CANCELLED', `${tool.name} was cancelled.`, { cause: error })
  if (!deadline.aborted || (error instanceof Fault && error.code !== 'CANCELLED')) return error
  return fault('TIMEOUT_ERROR', `${tool.name} did not finish within ${millis / 1000} seconds.`, {
    cause: error,
    ...(tool.scope === 'read' ? {} : { hint: UNKNOWN_OUTCOME }),
  })
}

export const portsFor = (ports: Ports, terms: CallTerms): Ports => ({
  ...ports,
  stats: statsForCall(ports.stats, terms),
})

/** Rejects some time after the signal, so that a run that ignores it does not hold the reply. Never resolves. */
function afterGrace(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const onAbort = (): void => {
      const timer = setTimeout(() => reject(new Error('ran past its budget')), GRACE_MILLIS)
      timer.unref()
    }
    if (signal.aborted) onAbort()
    else signal.addEventListener('abort', onAbort, { once: true })
  })
}
