import type { Context, MiddlewareHandler } from 'hono'
import { Fault, type FaultCode } from '../../shared/fault.ts'
import type { Asked } from '../domain/tools.ts'
import { routeOf } from '../domain/route.ts'
import { traceIdOf } from '../domain/trace-context.ts'
import { findUrlParts } from '../domain/url-parts.ts'
import type { EdgeEnv } from '../env.ts'
import { answeredHeader, answeredStatus } from '../head.ts'
import type { Timings } from '../timings.ts'

/** What one request was, for logs and counters: never a key, an address, an argument or a text that a caller sent. */
export interface Seen {
  readonly requestId: string
  readonly traceId: string
  readonly method: string
  /** One of few names. */
  readonly route: string
  readonly status: number
  /** Of a refusal or failure of the edge's own. */
  readonly fault: FaultCode | null
  /** Id of the key or subject; null for a caller who was not let in. */
  readonly caller: string | null
  readonly tenant: string | null
  /** The tools that were called, as the manifest knows them; each once. */
  readonly tools: readonly string[]
  /** Members of a batch; 1 for everything else. */
  readonly calls: number
  readonly cache: string | null
  /** Milliseconds until the head of the answer: a stream goes on after it. */
  readonly durationMs: number
  readonly timings: ReadonlyMap<string, number>
  readonly bytesIn: number
}

export interface ObserveOptions {
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Told of every request once its answer has begun. It never throws. */
  readonly seen: (seen: Seen) => void
}

/** Methods that HTTP and WebDAV define; whatever else a client invents is `other`. */
const METHODS = ['GET', 'HEAD', 'POST', 'DELETE', 'OPTIONS', 'PUT', 'PATCH']

/** Tells what each request was, and answers where its time went as `Server-Timing` (W3C). */
export function observe({ now, seen }: ObserveOptions): MiddlewareHandler<EdgeEnv> {
  return async function observe(c, next) {
    const since = now()
    const timings: Timings = new Map()
    c.set('timings', timings)
    await next()
    const durationMs = now() - since
    let parts = ''
    for (const [part, spent] of timings) parts += `${part};dur=${round(spent)}, `
    // Goes behind what the origin said of its own parts.
    c.get('head')['server-timing'] = `${parts}edge;dur=${round(durationMs)}`
    seen(seenOf(c, durationMs, timings))
  }
}

function seenOf(c: Context<EdgeEnv>, durationMs: number, timings: Timings): Seen {
  const caller = c.get('caller') as EdgeEnv['Variables']['caller'] | undefined
  const asked = (c.get('asked') as EdgeEnv['Variables']['asked'] | undefined) ?? []
  const body = c.get('body') as Uint8Array | undefined
  return {
    requestId: c.get('requestId'),
    traceId: traceIdOf(c.get('trace')),
    method: METHODS.includes(c.req.method) ? c.req.method : 'other',
    route: routeOf(findUrlParts(c.req.url)?.pathname ?? ''),
    status: answeredStatus(c),
    fault: c.error instanceof Fault ? c.error.code : c.error ? 'INTERNAL_ERROR' : null,
    caller: caller?.id ?? null,
    tenant: caller?.tenant ?? null,
    tools: namesOf(asked),
    calls: Math.max(1, asked.length),
    cache: answeredHeader(c, 'x-cache'),
    durationMs,
    timings,
    bytesIn: body?.length ?? 0,
  }
}

function namesOf(asked: readonly Asked[]): readonly string[] {
  const names = asked.flatMap(({ tool }) => (tool ? [tool.name] : []))
  return names.length < 2 ? names : [...new Set(names)]
}

const round = (milliseconds: number): string => milliseconds.toFixed(1)
