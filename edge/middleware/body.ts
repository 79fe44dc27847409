import type { MiddlewareHandler } from 'hono'
import { Fault, fault } from '../../shared/fault.ts'
import { isTooDeep, tooDeep } from '../../shared/json-depth.ts'
import { MAX_BATCH, messagesOf } from '../domain/json-rpc.ts'
import type { EdgeEnv } from '../env.ts'

export interface BodyOptions {
  readonly maxBytes: number
  /** How long it may take to come, milliseconds: not every platform ends a sender that dribbles. */
  readonly timeoutMs: number
}

/**
 * Reads the body once, for everyone after it: the scope check, the limit, the cache key and the token's digest all
 * need the same bytes. A chunked body is counted as it comes.
 *
 * @throws Fault TOO_LARGE above `maxBytes`; INVALID_PARAMETER for a compressed body, which would hide from those checks;
 *   CANCELLED where the client leaves in the middle of it; INVALID_PARAMETER where it does not come in time.
 */
export function body({ maxBytes, timeoutMs }: BodyOptions): MiddlewareHandler<EdgeEnv> {
  return async function body(c, next) {
    const length = c.req.header('content-length')
    if (Number(length ?? 0) > maxBytes) throw tooLarge(maxBytes)
    const coding = c.req.header('content-encoding') ?? 'identity'
    if (coding !== 'identity')
      throw fault('INVALID_PARAMETER', 'A compressed request body is not accepted.', { hint: 'Send it as it is.' })
    c.set('body', await bytesOf(c.req.raw, length !== undefined, maxBytes, timeoutMs))
    await next()
  }
}

/**
 * Parses the body, for routes that take JSON. What is none stays undefined: the origin says so in its own words.
 *
 * @throws Fault INVALID_PARAMETER for JSON that is nested too deep, and for a batch of more than `MAX_BATCH`, before anything is done for any of its members.
 */
export function json(): MiddlewareHandler<EdgeEnv> {
  return async function json(c, next) {
    if (c.req.method === 'POST') {
      const bytes = c.get('body')
      if (isTooDeep(bytes)) throw tooDeep()
      c.set('json', parse(bytes))
    }
    const members = messagesOf(c.get('json')).length
    if (members > MAX_BATCH)
      throw fault('INVALID_PARAMETER', `A batch may have ${MAX_BATCH} members; this one has ${members}.`, {
        hint: 'Send them in several requests.',
      })
    await next()
  }
}

/** Asking for the stream makes one, which costs more than all the rest of a cached answer: last, where nothing else tells. */
async function bytesOf(
  request: Request,
  hasLength: boolean,
  maxBytes: number,
  timeoutMs: number,
): Promise<Uint8Array<ArrayBuffer>> {
  if (hasLength) return whole(request, maxBytes, timeoutMs)
  // Neither has a meaning for a body, whatever a client sends (RFC 9110 sections 9.3.1 and 9.3.2).
  if (request.method === 'GET' || request.method === 'HEAD') return new Uint8Array()
  return request.body === null ? new Uint8Array() : join(await read(request.body, maxBytes, timeoutMs))
}

/** A body whose length was told comes in one piece: the server takes no more than that (RFC 9112 section 6.2). */
async function whole(request: Request, maxBytes: number, timeoutMs: number): Promise<Uint8Array<ArrayBuffer>> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(tooSlow()), timeoutMs)
  })
  try {
    const bytes = new Uint8Array(await Promise.race([request.arrayBuffer(), late]))
    // Not every platform has a server that counts.
    if (bytes.length > maxBytes) throw tooLarge(maxBytes)
    return bytes
  } catch (error) {
    if (error instanceof Fault) throw error
    throw fault('CANCELLED', 'The request body ended early.', { cause: error })
  } finally {
    clearTimeout(timer)
  }
}

async function read(
  stream: ReadableStream<Uint8Array>,
  maxBytes: number,
  timeoutMs: number,
): Promise<readonly Uint8Array[]> {
  const reader = stream.getReader()
  const chunks: Uint8Array[] = []
  let length = 0
  let late = false
  const timer = setTimeout(() => {
    late = true
    void reader.cancel().catch(() => undefined)
  }, timeoutMs)
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      length += next.value.length
      if (length > maxBytes) throw tooLarge(maxBytes)
      chunks.push(next.value)
    }
  } catch (error) {
    void reader.cancel().catch(() => undefined)
    if (error instanceof Fault) throw error
    throw fault('CANCELLED', 'The request body ended early.', { cause: error })
  } finally {
    clearTimeout(timer)
  }
  // What is cancelled reads as if it had come to its end.
  if (late) throw tooSlow()
  return chunks
}

function join(chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0))
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.length
  }
  return whole
}

const UTF8 = new TextDecoder('utf-8', { fatal: true })

/** As the origin reads it: strict UTF-8 (RFC 8259 section 8.1), a byte order mark is passed over. */
function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(UTF8.decode(bytes))
  } catch {
    return undefined
  }
}

const tooSlow = () => fault('INVALID_PARAMETER', 'The request body did not come in time.', { hint: 'Send it at once.' })

const tooLarge = (maxBytes: number) =>
  fault('TOO_LARGE', `The request body is over ${maxBytes / 1e6} MB.`, { hint: 'Send fewer values in one call.' })
