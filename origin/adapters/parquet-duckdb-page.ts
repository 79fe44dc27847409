/** From a raw page to a file that holds its rows alone. */
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { Fault, fault } from '../../shared/fault.ts'
import { type SliceResult, ValueSlicer } from '../lake/value-slice.ts'

/**
 * Streams the page through gunzip and the slicer into a new file at `path`; memory does not grow with the page.
 * @throws Fault DATA_TRANSFORM_ERROR where the page is damaged, or holds other rows than it says.
 */
export async function cutPage(source: string, path: string, signal: AbortSignal): Promise<SliceResult> {
  const slicer = new ValueSlicer()
  const file = await open(path, 'w')
  try {
    await pipeline(
      createReadStream(source),
      createGunzip(),
      async (chunks: AsyncIterable<Uint8Array>) => {
        for await (const chunk of chunks) for (const piece of slicer.push(chunk)) await file.writeFile(piece)
      },
      { signal },
    )
    const result = slicer.end()
    assertComplete(result)
    return result
  } catch (error) {
    if (signal.aborted || error instanceof Fault || isOfDisk(error)) throw error
    throw fault('DATA_TRANSFORM_ERROR', 'A page of the fetch is damaged.', { cause: error })
  } finally {
    await file.close()
  }
}

/** RESULT_INF says which rows a page holds (manual, 統計データ取得): a page that holds others was cut on its way. */
function assertComplete({ rows, resultInf }: SliceResult): void {
  const { FROM_NUMBER, TO_NUMBER } = (resultInf ?? {}) as { FROM_NUMBER?: unknown; TO_NUMBER?: unknown }
  const [from, to] = [Number(FROM_NUMBER), Number(TO_NUMBER)]
  if (FROM_NUMBER === undefined || TO_NUMBER === undefined || to - from + 1 === rows) return
  throw fault(
    'DATA_TRANSFORM_ERROR',
    `A page of the fetch says that it holds rows ${from} to ${to}, and holds ${rows}.`,
  )
}

/** A failure of the file system, which is not the page's. */
const isOfDisk = (error: unknown): boolean => error instanceof Error && 'syscall' in error

/**
 * Texts of ANNOTATION by code, each code once: one that a page explains twice would double its rows in the join. One
 * element comes as an object, several as a list (reference/estat-api.md, 3.1).
 */
export function annotationTexts(annotation: unknown): readonly { readonly code: string; readonly text: string }[] {
  const notes = (Array.isArray(annotation) ? annotation : annotation === null ? [] : [annotation]) as readonly unknown[]
  const texts = new Map<string, string>()
  for (const note of notes) {
    const { '@annotation': code, $: text } = note as Record<string, unknown>
    if (typeof code === 'string' && typeof text === 'string' && !texts.has(code)) texts.set(code, text)
  }
  return [...texts].map(([code, text]) => ({ code, text }))
}
