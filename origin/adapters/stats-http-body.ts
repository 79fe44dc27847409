/** What is made of the body of an answer: its JSON, or of a page that is only to be kept its outline and its bytes, packed. */
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { PageOutline } from '../lake/page-outline.ts'
import { collectYoung } from './collect-young.ts'

/** @returns Null where it is no JSON. @throws Whatever the connection does. */
export type ReadBody<Body> = (
  response: Response,
  signal: AbortSignal,
) => Promise<{ readonly json: unknown; readonly body: Body } | null>

/** Of a page; `json` beside it has null for its rows. */
export interface Packed {
  readonly rows: number
  /** The body as sent, gzip. */
  readonly packed: Uint8Array
}

/** 100,000 rows with all sixteen axes are some 50 MB; what is longer is no answer of e-Stat. */
const MOST_BYTES = 128 * 1024 * 1024
/** Bytes looked at in one go: well under a millisecond, and others have their turn. */
const PIECE = 64 * 1024

/** Parsed at once, as soon as it is all there: for answers that are about to be read. */
export const readJson: ReadBody<null> = async (response) => {
  const decode = utf8()
  let text = ''
  try {
    for await (const piece of pieces(response)) text += decode(piece)
    return { json: JSON.parse(text + decode()), body: null }
  } catch (error) {
    return noData(error)
  }
}

/** Text of the pieces in order, in the end without one. @throws SyntaxError, where the decoder says TypeError: so do connections. */
function utf8(): (piece?: Uint8Array) => string {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  return (piece) => {
    try {
      return decoder.decode(piece, { stream: piece !== undefined })
    } catch {
      throw new SyntaxError('not UTF-8')
    }
  }
}

/** Checked and packed as it comes: neither the page nor its rows are ever in memory as a whole. */
export const readPacked: ReadBody<Packed> = async (response, signal) => {
  const outline = new PageOutline()
  const packed: Uint8Array[] = []
  async function* checked(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      outline.push(chunk)
      yield chunk
    }
  }
  try {
    await pipeline(
      Readable.from(pieces(response), { objectMode: false }),
      checked,
      createGzip({ level: 3, chunkSize: PIECE }),
      async (chunks: AsyncIterable<Uint8Array>) => {
        for await (const chunk of chunks) packed.push(chunk)
      },
      { signal },
    )
    const { body, rows } = outline.end()
    return { json: body, body: { rows, packed: Buffer.concat(packed) } }
  } catch (error) {
    return noData(error)
  }
}

/** Where it is left early, its connection is closed. @throws SyntaxError where it is too long. */
async function* pieces({ body }: Response): AsyncGenerator<Uint8Array> {
  const reader = body?.getReader()
  let bytes = 0
  try {
    for (let read = await reader?.read(); read?.done === false; read = await reader?.read()) {
      if ((bytes += read.value.length) > MOST_BYTES) throw new SyntaxError('too long')
      for (let at = 0; at < read.value.length; at += PIECE) yield read.value.subarray(at, at + PIECE)
      collectYoung(read.value.length)
    }
  } finally {
    // Not waited for: nobody answers for how long a connection takes to close.
    reader?.cancel().catch(() => {})
  }
}

function noData(error: unknown): null {
  if (error instanceof SyntaxError) return null
  throw error
}
