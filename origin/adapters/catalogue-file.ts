/**
 * A search index in one file. Its arrays are read whole and once (some tens of megabytes for all of e-Stat, outside
 * the heap); the listings stay on disk, packed in blocks, and a block is read when one of its rows is shown.
 */
import { closeSync, openSync, readSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { gunzipSync, gzipSync } from 'node:zlib'
import type { SearchIndex } from '../estat/search/index.ts'
import { BLOCK_ROWS, FORMAT, type IndexHeader, packIndex, padded, unpackIndex } from '../estat/search/index-file.ts'
import type { CatalogueEntry } from '../ports.ts'

const MAGIC = 'ESTATIX1'
/** Unpacked blocks kept: a page of results and its editions. */
const KEPT_BLOCKS = 64

/** Writes the index of these listings. @returns Bytes written. */
export async function writeCatalogueFile(path: string, index: SearchIndex): Promise<number> {
  const blocks = packedBlocks(index)
  const blockAt = new Uint32Array(blocks.length + 1)
  blocks.forEach((block, at) => {
    blockAt[at + 1] = (blockAt[at] ?? 0) + block.length
  })
  const { header, arrays } = packIndex(index, blockAt)
  const text = Buffer.from(JSON.stringify(header))
  const head = Buffer.alloc(16 + padded(text.length))
  head.write(MAGIC, 0, 'latin1')
  head.writeUInt32LE(text.length, 8)
  text.copy(head, 16)
  const file = await open(path, 'w')
  try {
    await file.writeFile(head)
    for (const array of arrays) {
      const bytes = Buffer.from(array.buffer, array.byteOffset, array.byteLength)
      await file.writeFile(bytes)
      await file.writeFile(Buffer.alloc(padded(bytes.length) - bytes.length))
    }
    for (const block of blocks) await file.writeFile(block)
    await file.sync()
  } finally {
    await file.close()
  }
  return head.length + header.size + (blockAt.at(-1) ?? 0)
}

export interface CatalogueFile {
  readonly index: SearchIndex
  /** Bytes that it holds in memory. */
  readonly bytes: number
  close(): void
}

/** @throws Error where the file is of another format, or cut short. */
export function openCatalogueFile(path: string): CatalogueFile {
  const file = openSync(path, 'r')
  try {
    const start = readAt(file, 0, 16)
    if (start.toString('latin1', 0, 8) !== MAGIC) throw new Error('This is no search index.')
    const length = start.readUInt32LE(8)
    const header = JSON.parse(readAt(file, 16, length).toString()) as IndexHeader
    if (header.format !== FORMAT) throw new Error('The search index is of another format.')
    const arraysAt = 16 + padded(length)
    const bytes = new ArrayBuffer(header.size)
    fill(file, Buffer.from(bytes), arraysAt)
    const index = unpackIndex(header, bytes, (blockAt) => entryReader(file, arraysAt + header.size, blockAt))
    return { index, bytes: header.size, close: () => closeSync(file) }
  } catch (error) {
    closeSync(file)
    throw error
  }
}

/** Rows in the order of the index. */
function packedBlocks({ count, entryAt }: SearchIndex): Buffer[] {
  const blocks: Buffer[] = []
  for (let from = 0; from < count; from += BLOCK_ROWS) {
    const rows = Array.from({ length: Math.min(BLOCK_ROWS, count - from) }, (_, at) => entryAt(from + at))
    blocks.push(gzipSync(JSON.stringify(rows.map(stored)), { level: 6 }))
  }
  return blocks
}

/** Without what no live listing has; `JSON.stringify` leaves members out that are undefined. */
const stored = (entry: CatalogueEntry): unknown => ({ ...entry, bundled: undefined, description: undefined })

/** Synchronous, as ranking is: a block is a few kilobytes of a file that was just read. */
function entryReader(file: number, start: number, blockAt: Uint32Array): (row: number) => CatalogueEntry {
  const kept = new Map<number, readonly CatalogueEntry[]>()
  const read = (block: number): readonly CatalogueEntry[] => {
    const from = blockAt[block] ?? 0
    const packed = readAt(file, start + from, (blockAt[block + 1] ?? 0) - from)
    const rows = JSON.parse(gunzipSync(packed).toString()) as readonly CatalogueEntry[]
    return rows.map((row) => ({ ...row, description: [], bundled: false }))
  }
  return (row) => {
    const block = Math.floor(row / BLOCK_ROWS)
    const rows = kept.get(block) ?? read(block)
    kept.delete(block)
    kept.set(block, rows)
    const [oldest] = kept.keys()
    if (kept.size > KEPT_BLOCKS && oldest !== undefined) kept.delete(oldest)
    return rows[row % BLOCK_ROWS] as CatalogueEntry
  }
}

function readAt(file: number, position: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length)
  fill(file, bytes, position)
  return bytes
}

function fill(file: number, bytes: Buffer, position: number): void {
  for (let done = 0; done < bytes.length; ) {
    const read = readSync(file, bytes, done, bytes.length - done, position + done)
    if (read === 0) throw new Error('The search index is cut short.')
    done += read
  }
}
