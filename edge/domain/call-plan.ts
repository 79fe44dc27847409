/** Which requests the edge may answer from its cache, and what they ask for. */
import { parseArguments } from '../../shared/arguments.ts'
import type { Cacheable } from '../../shared/cacheable/index.ts'
import { Fault } from '../../shared/fault.ts'
import type { Scope } from '../../shared/server-info.ts'
import { isIn, TOOLSETS, type Toolset } from '../../shared/toolsets.ts'
import { type BoundedMemory, boundedMemory } from './bounded-memory.ts'
import { plainToolCall } from './json-rpc.ts'
import { mcpForm, plainForm, type ReplyForm } from './reply.ts'
import { type ManifestTool, namedTool, type ToolManifest } from './tools.ts'

export interface CallPlan {
  readonly tool: string
  readonly version: number
  readonly policy: NonNullable<ManifestTool['cache']>
  /** Validated and normalised: what the key is made of, and what the origin is asked with. */
  readonly args: Readonly<Record<string, unknown>>
  readonly form: ReplyForm
}

export interface CacheableTools {
  readonly manifest: ToolManifest
  readonly cacheables: Readonly<Record<string, Cacheable>>
}

export interface Inbound {
  readonly path: string
  readonly json: unknown
  readonly headers: Headers
  /** What the caller may do. */
  readonly scopes: readonly Scope[]
  /** All where null. */
  readonly toolsets?: readonly Toolset[] | null
}

/**
 * The plan, or null where the request is to be forwarded as it is: not one plain call of a cacheable tool, arguments
 * that the origin will refuse in its own words, a tool outside of the toolsets asked for, a call that keeps something,
 * or an application ID of the caller's own, whose answers are not kept.
 */
export function planCall(request: Inbound, { manifest, cacheables }: CacheableTools): CallPlan | null {
  if (request.headers.has('x-estat-app-id')) return null
  const call = callOf(request)
  if (!call) return null
  const tool = manifest.tools.find(({ name }) => name === call.tool)
  // A name like "constructor" must not find what every object has.
  const cacheable = Object.hasOwn(cacheables, call.tool) ? cacheables[call.tool] : undefined
  if (!tool?.cache || !cacheable || !isIn(request.toolsets ?? null, tool.toolsets ?? TOOLSETS)) return null
  const args = readArguments(cacheable, call.args)
  if (args && cacheable.keeps?.(args, request.scopes)) return null
  return args && { tool: tool.name, version: tool.version, policy: tool.cache, args, form: call.form }
}

interface Call {
  readonly tool: string
  readonly args: unknown
  readonly form: ReplyForm
}

function callOf(request: Inbound): Call | null {
  const { path, json } = request
  const named = namedTool(path)
  if (named !== null) return isObject(json) ? { tool: named, args: json, form: plainForm } : null
  return path === '/execute' ? plainCall(json) : mcpCall(request)
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value)

function mcpCall({ json, headers }: Inbound): Call | null {
  const call = plainToolCall(json, headers)
  return call && { tool: call.tool, args: call.args, form: mcpForm(call, headers.get('accept')) }
}

function plainCall(json: unknown): Call | null {
  if (typeof json !== 'object' || json === null || !('tool_name' in json)) return null
  const { tool_name: tool, arguments: args } = json as { tool_name: unknown; arguments?: unknown }
  return typeof tool === 'string' ? { tool, args, form: plainForm } : null
}

type Arguments = Readonly<Record<string, unknown>>

/** What equal arguments were found to mean, by tool and the JSON that was sent: most calls are asked again and again. */
const meant = new WeakMap<Cacheable, BoundedMemory<{ readonly args: Arguments | null }>>()
const MAX_MEANT = 500
/** Longer ones are seldom asked twice. */
const MAX_CHARS = 1_000

function readArguments(cacheable: Cacheable, args: unknown): Arguments | null {
  const memory = meant.get(cacheable) ?? boundedMemory(MAX_MEANT)
  meant.set(cacheable, memory)
  // What JSON.parse made is told apart by its JSON; nothing but undefined has none.
  const text = JSON.stringify(args) ?? ''
  const known = memory.get(text)
  if (known) return known.args
  const read = parsed(cacheable, args)
  if (text.length <= MAX_CHARS) memory.set(text, { args: read })
  return read
}

function parsed(cacheable: Cacheable, args: unknown): Arguments | null {
  try {
    return cacheable.normalise(parseArguments(cacheable, args))
  } catch (error) {
    if (error instanceof Fault) return null
    throw error
  }
}
