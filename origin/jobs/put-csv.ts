/** A CSV file in a tenant's part of the lake: where it lies, and the writing of it. */
import { fault } from '../../shared/fault.ts'
import { CSV_BOM } from '../estat/csv.ts'
import type { ObjectStore } from '../ports.ts'

export interface CsvFile {
  readonly filename: string
  readonly key: string
  /** True for a name of the caller's own, which never takes another file's place; ours names what is in it. */
  readonly ifAbsent: boolean
}

/** @param chosen The caller's own name, checked; null for `ours`. */
export function csvFileOf(tenant: string, chosen: string | null, ours: string): CsvFile {
  const filename = chosen ?? ours
  return { filename, key: `${tenant}/csv/${filename}`, ifAbsent: chosen !== null }
}

export const nameTaken = () =>
  fault('INVALID_PARAMETER', 'A file of that name is there already.', {
    hint: 'Choose another output_filename, or leave it out.',
  })

export type CsvParts = Iterable<string> | AsyncIterable<string>

/** Characters that are handed to the store at once: a write for each line would cost more than the line. */
const PART = 64 * 1024

/** The bytes of the file: parts of text under a BOM. Memory holds one part. */
export async function* csvBody(parts: CsvParts): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder()
  let part = CSV_BOM
  for await (const next of parts) {
    part += next
    if (part.length < PART) continue
    yield encoder.encode(part)
    part = ''
  }
  yield encoder.encode(part)
}

/**
 * @returns Bytes written.
 * @throws Fault INVALID_PARAMETER where somebody else took the caller's own name meanwhile.
 */
export async function putCsv(store: ObjectStore, { key, ifAbsent }: CsvFile, parts: CsvParts): Promise<number> {
  let bytes = 0
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of csvBody(parts)) {
      bytes += chunk.length
      yield chunk
    }
  }
  if (await store.put(key, counted(), { ifAbsent })) return bytes
  throw nameTaken()
}
