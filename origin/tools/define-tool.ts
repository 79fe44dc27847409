import type * as z from 'zod'
import type { Caller, Scope } from '../../shared/server-info.ts'
import type { Toolset } from '../../shared/toolsets.ts'
import type { Lang } from '../estat/words.ts'
import type { Ports } from '../ports.ts'

/** MCP ToolAnnotations. All are required: an absent hint is a silent gap in a client's confirmation gate. */
export interface Annotations {
  readonly readOnlyHint: boolean
  readonly destructiveHint: boolean
  readonly idempotentHint: boolean
  readonly openWorldHint: boolean
}

/** How long an answer may be served from the edge's cache, in seconds (RFC 5861 for the last two). */
export interface CachePolicy {
  readonly ttl: number
  /** stale-while-revalidate, after `ttl`. */
  readonly swr: number
  /** stale-if-error, after `ttl`: the hard maximum. */
  readonly sie: number
}

/** What one call brings along beside its arguments. */
export interface CallContext {
  readonly caller: Caller
  /** The caller's own application ID, for work that outlives the call; `stats` has it already. Never kept on a disk. */
  readonly appId: string | null
  /** Aborts when the caller leaves or the call's budget is used up. */
  readonly signal: AbortSignal
  /** Told to the client only when it asked for progress. */
  readonly progress: (done: number, total: number | null, message: string) => void
  /** Milliseconds since the epoch: tools read no clock. */
  readonly now: number
  /** A fresh id for what this call writes. */
  readonly newId: () => string
  readonly limits: CallLimits
}

export interface CallLimits {
  /** Rows that one call may fetch; more is a job, or TOO_LARGE. */
  readonly fetchRows: number
  /** Rows that one call writes as CSV; more is a job. 1,000,000 where absent. */
  readonly writeRows?: number
  /** Milliseconds of the call's budget. */
  readonly millis: number
}

/** What can be read as a resource; null where this call made none. */
export interface Made {
  /** `s3://...` of a kept file. */
  readonly path?: string | null
  /** Name of a lake table. */
  readonly table?: string | null
}

/** Results are made once and never changed. */
export type DeepReadonly<T> = T extends readonly (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> }
    : T

export interface ToolSpec<In extends z.ZodObject, Out extends z.ZodObject, Need extends keyof Ports> {
  /** snake_case, after its file. */
  readonly name: string
  /** Raised whenever the meaning of arguments or results changes: it is part of the cache key. */
  readonly version: number
  readonly title: string
  readonly description: string
  readonly input: In
  readonly output: Out
  /** What it is for a caller with `read` alone. */
  readonly annotations: Annotations
  /** Where it differs for a caller with `lake`. */
  readonly lakeAnnotations?: Annotations
  readonly scope: Scope
  /** Where a client that asks for some of the tools finds it. */
  readonly toolsets: readonly Toolset[]
  /** What one call counts against the caller's limit; 1 is a search. */
  readonly weight: number
  readonly cache: CachePolicy | null
  /** Of a cacheable tool: false for an answer that another one will soon replace. All are kept where absent. */
  readonly mayKeep?: (result: DeepReadonly<z.infer<Out>>) => boolean
  /**
   * Of a cacheable tool: a text that stays the same for as long as answers to these arguments hold, found for less than
   * the answer itself; null where it cannot be told (`shared/cacheable/index.ts`). Called before `run` or beside it, so
   * that an update between the two makes the text too old, never too new.
   */
  validator?(
    input: z.infer<In>,
    ports: Pick<Ports, Need>,
    context: Pick<CallContext, 'signal' | 'now'>,
  ): Promise<string | null>
  /** False for an answer that depends on more than the validator knows. */
  readonly isValidated?: (result: DeepReadonly<z.infer<Out>>) => boolean
  /** The ports `run` is given, and no others. One that the configuration lacks fails at start-up. */
  readonly needs: readonly Need[]
  run(input: z.infer<In>, ports: Pick<Ports, Need>, context: CallContext): Promise<DeepReadonly<z.infer<Out>>>
  /** Of a tool whose answers no cache keeps: what a call made that can be read as a resource. */
  readonly made?: (result: DeepReadonly<z.infer<Out>>) => Made
  /** The text twin, in the language that was asked for: some clients show the model only this. */
  render(result: DeepReadonly<z.infer<Out>>, lang: Lang): string
}

/** Identity, for inference. */
export const defineTool = <In extends z.ZodObject, Out extends z.ZodObject, Need extends keyof Ports>(
  spec: ToolSpec<In, Out, Need>,
): ToolSpec<In, Out, Need> => spec

/** A tool of any shape, as the registry holds it. */
export type AnyTool = ToolSpec<z.ZodObject, z.ZodObject, keyof Ports>
