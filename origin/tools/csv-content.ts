/** A kept CSV file page by page: whole lines, as many as fit an answer, read from where the page begins. */
import { fault } from '../../shared/fault.ts'
import { recordEnds } from '../estat/csv-page.ts'
import type { ObjectInfo, ObjectStore } from '../ports.ts'
import { estimateTokens, fitting, ROW_TOKENS } from './budget.ts'

export interface CsvPage {
  /** The heading, on pages after the first; null where it would take too much of the page. */
  readonly header: string | null
  /** Whole lines with their ends, exactly as in the file, without BOM. */
  readonly content: string
  readonly lines: number
  /** Bytes of the file: where the page begins, and where the next one does. */
  readonly from: number
  readonly to: number
}

/** No page is longer: the shortest sign of a text takes an eighth of a token. */
const WINDOW = 64 * 1024
/** A heading that takes more is not repeated. */
const HEADER_TOKENS = 1_500

/** @throws Fault TOO_LARGE where one line alone is more than an answer holds. */
export async function csvPage(store: ObjectStore, { key, size }: ObjectInfo, from: number): Promise<CsvPage> {
  const header = from === 0 ? null : ((await recordsFrom(store, key, 0))[0]?.text.trimEnd() ?? null)
  const cost = header === null ? 0 : estimateTokens(JSON.stringify(header))
  const repeats = header !== null && cost <= HEADER_TOKENS
  const records = await recordsFrom(store, key, from)
  const room = ROW_TOKENS - (repeats ? cost : 0)
  const texts = records.map(({ text }) => text)
  const shown = records.slice(0, fitting(texts, room))
  const [first] = texts
  if (first === undefined ? from < size : estimateTokens(JSON.stringify(first)) > room)
    throw fault('TOO_LARGE', 'One line of this file alone is longer than an answer may be.', {
      hint: 'Save the dataset again with layout "long", whose lines are short.',
    })
  const to = shown.reduce((sum, { bytes }) => sum + bytes, from)
  return {
    header: repeats ? header : null,
    content: shown.map(({ text }) => text).join(''),
    lines: shown.length,
    from,
    to,
  }
}

interface CsvRecord {
  readonly text: string
  /** Its length in the file, a BOM counted with the record it stands before. */
  readonly bytes: number
}

/** The whole records of one window; what follows the last line break is one too where the file ends there. */
async function recordsFrom(store: ObjectStore, key: string, from: number): Promise<readonly CsvRecord[]> {
  const { bytes, atEnd } = await windowFrom(store, key, from)
  const found = recordEnds(bytes)
  const ends = atEnd && bytes.length > (found.at(-1) ?? 0) ? [...found, bytes.length] : found
  const decoder = new TextDecoder()
  return ends.map((end, index) => {
    const start = ends[index - 1] ?? 0
    return { text: decoder.decode(bytes.subarray(start, end)), bytes: end - start }
  })
}

async function windowFrom(
  store: ObjectStore,
  key: string,
  from: number,
): Promise<{ readonly bytes: Uint8Array; readonly atEnd: boolean }> {
  const body = await store.stream(key, from)
  if (body === null) throw fault('NOT_FOUND', 'That file is no longer there.')
  const chunks: Uint8Array[] = []
  let length = 0
  // Leaving the loop cancels the stream: no more is read than a window and what was on its way.
  for await (const chunk of body) {
    chunks.push(chunk)
    length += chunk.length
    if (length > WINDOW) break
  }
  return { bytes: Buffer.concat(chunks).subarray(0, WINDOW), atEnd: length <= WINDOW }
}
