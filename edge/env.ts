import type { KeptFile } from '../shared/kept-file.ts'
import type { Caller, Scope } from '../shared/server-info.ts'
import type { OAuthChallenge } from './domain/oauth-resource.ts'
import type { Reply } from './domain/reply.ts'
import type { Asked } from './domain/tools.ts'
import type { TraceContext } from './domain/trace-context.ts'
import type { Head } from './head.ts'
import type { Timings } from './timings.ts'

/** What the middlewares leave for one another, in the order in which it appears. */
export interface EdgeEnv {
  readonly Variables: {
    /** Headers that the answer is to have beside its own. */
    head: Head
    requestId: string
    trace: TraceContext
    timings: Timings
    /** Exactly the bytes that came; empty where there is no body. */
    body: Uint8Array<ArrayBuffer>
    /** The body parsed, on routes that take JSON; undefined elsewhere and where it is not JSON. */
    json: unknown
    /** How the caller is asked to sign in; absent where there is no OAuth on this path. */
    challenge: OAuthChallenge
    caller: Caller
    /** Requests a minute, where the caller's key sets its own. */
    ownLimit: number | null
    /** Scopes of the whole operation, where the caller lacks one of them. */
    lacking: readonly Scope[]
    asked: readonly Asked[]
    /**
     * The answer as plain data, where a handler has it so and returns no Response. A middleware in front of such a
     * handler must not `return next()`: Hono would take its context for an answer.
     */
    reply: Reply | undefined
    /** On `/files/`: what may be read, `name` being the one to save it under. */
    file: KeptFile
  }
}

/** Told of every failure that is ours, never of a caller's mistake. `where` is a fixed name, not data. */
export type Report = (error: unknown, where: string) => void
