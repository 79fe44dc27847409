/** A CSV file in the caller's part of the lake: its name, and the writing of it. */
import { fault } from '../../shared/fault.ts'
import { CSV_BOM } from '../estat/csv.ts'
import type { ObjectStore } from '../ports.ts'
import { fileNameOf } from './lake-path.ts'

export interface CsvFile {
  readonly filename: string
  readonly key: string
  /** True for a name of the caller's own, which never takes another file's place; ours names what is in it. */
  readonly ifAbsent: boolean
}

/**
 * The name is checked before anything is fetched, so that a refused call writes nothing.
 *
 * @returns The file, once our own name for it is known.
 * @throws Fault INVALID_PARAMETER as `fileNameOf` says, and where the caller's own name is taken.
 */
export async function csvFile(
  store: ObjectStore,
  tenant: string,
  wanted: string | undefined,
): Promise<(ours: string) => CsvFile> {
  const keyed = (filename: string): string => `${tenant}/csv/${filename}`
  if (wanted === undefined) return (ours) => ({ filename: ours, key: keyed(ours), ifAbsent: false })
  const filename = fileNameOf(wanted, 'csv')
  if ((await store.head(keyed(filename))) !== null) throw nameTaken()
  return () => ({ filename, key: keyed(filename), ifAbsent: true })
}

const nameTaken = () =>
  fault('INVALID_PARAMETER', 'A file of that name is there already.', {
    hint: 'Choose another output_filename, or leave it out.',
  })

/**
 * Streams parts of text under a BOM: memory holds one part.
 *
 * @returns Bytes written.
 * @throws Fault INVALID_PARAMETER where somebody else took the caller's own name meanwhile.
 */
export async function putCsv(
  store: ObjectStore,
  { key, ifAbsent }: CsvFile,
  parts: Iterable<string> | AsyncIterable<string>,
): Promise<number> {
  const encoder = new TextEncoder()
  let bytes = 0
  async function* body(): AsyncGenerator<Uint8Array> {
    let part = CSV_BOM
    for await (const next of parts) {
      part += next
      if (part.length < PART) continue
      yield encoded(part)
      part = ''
    }
    yield encoded(part)
  }
  const encoded = (part: string): Uint8Array => {
    const chunk = encoder.encode(part)
    bytes += chunk.length
    return chunk
  }
  if (await store.put(key, body(), { ifAbsent })) return bytes
  throw nameTaken()
}

/** Characters that are handed to the store at once: a write for each line would cost more than the line. */
const PART = 64 * 1024
