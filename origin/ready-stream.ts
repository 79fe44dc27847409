/**
 * The event stream that clients of the replaced system open with GET: an event at once, then a comment every 15 s.
 * Bounded in length and in number, so that idle streams cannot use up the server.
 */
import { fault } from '../shared/fault.ts'

const KEEP_ALIVE_MS = 15_000
const MAX_MS = 10 * 60_000
const MAX_OPEN = 100

let open = 0

/** @throws Fault RATE_LIMITED where too many are open. */
export function readyStream(now: () => number, signal: AbortSignal): Response {
  if (open >= MAX_OPEN)
    throw fault('RATE_LIMITED', 'Too many event streams are open.', {
      retryAfterSeconds: 60,
      hint: 'Send JSON-RPC by POST /mcp: no stream is needed.',
    })
  open++
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
        open--
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
