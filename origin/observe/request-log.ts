/**
 * One line for each request, when its answer has ended, and the counters that go with it. The caller is named by its
 * id, never by its key; no argument of a call is in the line: what people ask is not an operator's business. The fields have the names of the edge's line.
 */
import type { Context, MiddlewareHandler } from 'hono'
import { Fault } from '../../shared/fault.ts'
import type { Metrics } from '../../shared/metrics.ts'
import { REQUEST_ID_HEADER } from '../../shared/server-info.ts'
import type { Caller } from '../../shared/server-info.ts'
import type { Log } from '../log.ts'
import { type Tally, withTally } from './tally.ts'
import { traceIdOf } from './trace-id.ts'

export interface RequestLogOptions {
  readonly log: Log
  readonly metrics: Metrics
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Paths that are labels as they are; a last `*` stands for the rest. Everything else is `other`. */
  readonly routes: readonly string[]
}

/** A batch may call many: a line stays a line. */
const MOST_TOOLS = 5

/** A load balancer asks them all the time. */
const QUIET = new Set(['/', '/health'])

export function requestLog({ log, metrics, now, routes }: RequestLogOptions): MiddlewareHandler {
  return async function requestLog(c, next) {
    const began = now()
    await withTally(async (tally) => {
      await next()
      if (c.req.path === '/execute') c.res.headers.set('server-timing', serverTiming(tally))
      const { status, headers } = c.res
      const end = (bytes: number | null): void => {
        const millis = now() - began
        const route = routeOf(c.req.path, routes)
        metrics.count('estat_requests_total', { route, status: `${Math.floor(status / 100)}xx` })
        metrics.observe('estat_request_seconds', millis / 1000, { route })
        const level = QUIET.has(route) ? 'debug' : 'info'
        log(level, 'request', {
          ...senderOf(c),
          method: c.req.method,
          route,
          status,
          duration_ms: millis,
          ...cost(c, tally),
          bytes,
        })
      }
      // A stream goes on after its head: its tools are still at work.
      // The body of everything else is not touched: that alone would make a stream of it (@hono/node-server).
      const stream = isStream(headers) ? c.res.body : null
      if (stream !== null) c.res = new Response(watched(stream, end), c.res)
      else end(sizeOf(headers))
    })
  }
}

const isStream = (headers: Headers): boolean => (headers.get('content-type') ?? '').startsWith('text/event-stream')

const sizeOf = (headers: Headers): number | null => {
  const length = headers.get('content-length')
  return length === null ? null : Number(length)
}

function routeOf(path: string, routes: readonly string[]): string {
  const fits = (route: string): boolean => (route.endsWith('*') ? path.startsWith(route.slice(0, -1)) : path === route)
  return routes.find(fits) ?? 'other'
}

function senderOf(c: Context): Record<string, unknown> {
  const caller = c.get('caller') as Caller | undefined
  return {
    request_id: c.req.header(REQUEST_ID_HEADER)?.slice(0, 100) ?? null,
    trace_id: traceIdOf(c.req.raw.headers),
    caller: caller?.id ?? null,
    tenant: caller?.tenant ?? null,
  }
}

function cost(c: Context, { calls, estatMillis, estatRequests }: Tally): Record<string, unknown> {
  const refused = calls.find(({ outcome }) => outcome !== 'ok')?.outcome
  const code = refused ?? (c.error === undefined ? null : c.error instanceof Fault ? c.error.code : 'INTERNAL_ERROR')
  return {
    ...(calls.length === 0
      ? {}
      : { tools: calls.slice(0, MOST_TOOLS).map(({ tool }) => tool), tool_ms: toolMillis(calls) }),
    ...(code === null ? {} : { fault: code }),
    ...(estatRequests === 0 ? {} : { estat_ms: estatMillis, estat_requests: estatRequests }),
  }
}

const toolMillis = (calls: Tally['calls']): number => calls.reduce((sum, { millis }) => sum + millis, 0)

/** For the edge to pass on (W3C Server Timing): durations in milliseconds. */
const serverTiming = ({ calls, estatMillis }: Tally): string =>
  `tool;dur=${toolMillis(calls)}, estat;dur=${estatMillis}`

/** The same bytes; `end` hears how many they were, however it ends. */
function watched(body: ReadableStream<Uint8Array>, end: (bytes: number) => void): ReadableStream<Uint8Array> {
  const reader = body.getReader()
  let bytes = 0
  let over = false
  const finish = (): void => {
    if (!over) end(bytes)
    over = true
  }
  return new ReadableStream(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.read()
          if (done) {
            finish()
            controller.close()
            return
          }
          bytes += value.byteLength
          controller.enqueue(value)
        } catch (error) {
          finish()
          controller.error(error)
        }
      },
      cancel(reason) {
        finish()
        return reader.cancel(reason)
      },
    },
    { highWaterMark: 0 },
  )
}
