/**
 * The rows of a getStatsData body in batches, from the bytes of its VALUE alone (`origin/lake/value-slice.ts` cuts
 * them out): a page of 100,000 rows is never in memory as a whole.
 */
import { decodeDataInf } from './decode-answer.ts'
import type { WireValue } from './model.ts'

/** Characters gathered before rows are read: some 2,000 rows. */
const BATCH = 256 * 1024

/**
 * Where one row ends and the next begins. These signs never stand so inside a JSON string: its own quotes are escaped,
 * and after one that closes it no `@` or `$` follows.
 */
const BETWEEN = ['},{"@', '},{"$'] as const

export interface RowBatches {
  /** @returns The rows that are whole now, mostly none. @throws SyntaxError where the bytes are no JSON. */
  push(bytes: Uint8Array): readonly WireValue[]
  /** What is left. @throws SyntaxError as above. */
  end(): readonly WireValue[]
}

/** Feed it every piece of VALUE in order: an array of rows, or the one row itself (reference/estat-api.md, 3.1). */
export function rowBatches(): RowBatches {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let text = ''
  let isArray: boolean | null = null
  const gather = (more: string): void => {
    text += more
    if (isArray !== null || text === '') return
    isArray = text.startsWith('[')
    if (isArray) text = text.slice(1)
  }
  return {
    push(bytes) {
      gather(decoder.decode(bytes, { stream: true }))
      if (text.length < BATCH) return []
      const end = Math.max(...BETWEEN.map((sign) => text.lastIndexOf(sign)))
      if (end === -1) return []
      const whole = text.slice(0, end + 1)
      text = text.slice(end + 2)
      return parsed(whole)
    },
    end() {
      gather(decoder.decode())
      return parsed(isArray === true ? text.replace(/\]\s*$/, '') : text)
    },
  }
}

const parsed = (rows: string): readonly WireValue[] =>
  decodeDataInf({ VALUE: JSON.parse(`[${rows}]`) as readonly unknown[] }).values
