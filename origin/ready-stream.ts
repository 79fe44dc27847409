/**
 * The event stream that clients of the replaced system open with GET: an event at once, then a comment every 15 s.
 * Bounded in length and in number, so that idle streams cannot use up the server.
 */
import { fault } from '../shared/fault.ts'

const KEEP_ALIVE_MS = 15_000
const MAX_MS = 10 * 60_000
const MAX_OPEN = 100
/** Of these, one caller's at the most: nobody can use up what is for all. */
const MAX_OF_ONE = 5

/** Open streams by caller. */
const open = new Map<string, number>()

function opened(caller: string, change: 1 | -1): void {
  const left = (open.get(caller) ?? 0) + change
  if (left > 0) open.set(caller, left)
  else open.delete(caller)
}

/** @throws Fault RATE_LIMITED where too many are open. */
export function readyStream(caller: string, now: () => number, signal: AbortSignal): Response {
  const all = [...open.values()].reduce((sum, streams) => sum + streams, 0)
  if (all >= MAX_OPEN || (open.get(caller) ?? 0) >= MAX_OF_ONE)
    throw fault('RATE_LIMITED', 'Too many event streams are open.', {
      retryAfterSeconds: 60,
      hint: 'Send JSON-RPC by POST /mcp: no stream is needed.',
    })
  opened(caller, 1)
  const encoder = new TextEncoder()
  let end = (): void => {}
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      const status = JSON.stringify({ status: 'ready', timestamp: new Date(now()).toISOString() })
      controller.enqueue(encoder.encode(`event: connection\ndata: ${status}\n\n`))
      const beat = setInterval(() => controller.enqueue(encoder.encode(': keep-alive\n\n')), KEEP_ALIVE_MS)
      const last = setTimeout(() => end(), MAX_MS)
      end = () => {
        end = () => {}
        clearInterval(beat)
        clearTimeout(last)
        opened(caller, -1)
        try {
          controller.close()
        } catch {
          // The reader cancelled: the stream is closed already.
        }
      }
      signal.addEventListener('abort', () => end(), { once: true })
    },
    cancel: () => end(),
  })
  const headers = {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  }
  return new Response(body, { headers })
}
