/** The way to the origin: tried once more where that is safe, and left alone while the origin is down. */
import { fault } from '../shared/fault.ts'
import { circuit } from './domain/circuit.ts'

export interface OriginLineOptions {
  readonly send: (request: Request) => Promise<Response>
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

/**
 * @param make The request, anew for each attempt: a body can be sent once.
 * @param left Whether the client is gone: that its request ended says nothing of the origin.
 * @throws Fault ESTAT_UNAVAILABLE at once while the origin is known to be down; what `send` rejects with, otherwise.
 */
export type OriginLine = (make: () => Request, left: () => boolean) => Promise<Response>

export function originLine({ send, now }: OriginLineOptions): OriginLine {
  const open = circuit()

  async function twice(make: () => Request): Promise<Response> {
    const first = make()
    try {
      return await send(first)
    } catch (error) {
      // An abort and a timeout are no accident of the line.
      if (first.signal.aborted || !(isSafe(first.method) || wasRefused(error))) throw error
      return send(make())
    }
  }

  return async function sendToOrigin(make, left) {
    const wait = open.admit(now())
    if (wait > 0) throw originDown(undefined, Math.ceil(wait / 1000))
    try {
      const response = await twice(make)
      if (isGateway(response)) open.failed(now())
      else open.answered()
      return response
    } catch (error) {
      if (!left()) open.failed(now())
      throw error
    }
  }
}

/** RFC 9110 section 9.2.1: asking again changes nothing. A connection that was kept may have been closed meanwhile. */
const isSafe = (method: string): boolean => method === 'GET' || method === 'HEAD'

/** Nothing was sent, as Node and Bun say each in its own place; where nothing says so, nothing is repeated. */
function wasRefused(error: unknown): boolean {
  const { code, cause } = error as { readonly code?: unknown; readonly cause?: { readonly code?: unknown } }
  return code === 'ECONNREFUSED' || code === 'ConnectionRefused' || cause?.code === 'ECONNREFUSED'
}

/** What stands between edge and origin answers for it; the origin's own failures are JSON. */
const isGateway = (response: Response): boolean => response.status >= 502 && response.status <= 504 && !isOurs(response)

/** Whether it has the form of an answer of the origin's. */
export const isOurs = ({ headers }: Response): boolean =>
  /^(application\/json|text\/event-stream)\b/.test(headers.get('content-type') ?? '')

export const originDown = (cause: unknown, retryAfterSeconds?: number) =>
  fault('ESTAT_UNAVAILABLE', 'The server that holds the statistics does not answer.', {
    hint: 'Call again in a minute; searches that were asked before may still be answered.',
    cause,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  })
