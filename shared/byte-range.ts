/** Which bytes a request for a file gets (RFC 9110 section 14). Pure. */

/** First and last byte, both included. */
export interface ByteRange {
  readonly first: number
  readonly last: number
}

/**
 * The one range that is asked for. Null: the whole is sent, since nothing was asked, or what no server has to
 * understand (14.2): several ranges, another unit, a range that ends before it begins.
 *
 * @param size Bytes of the file.
 */
export function rangeOf(header: string | null, size: number): ByteRange | 'unsatisfiable' | null {
  const [, from = '', to = ''] = /^bytes=\s*(\d*)-(\d*)\s*$/i.exec(header ?? '') ?? []
  if (from === '' && to === '') return null
  const [start, end] = [Number(from), Number(to)]
  if (from === '') return size === 0 || end === 0 ? 'unsatisfiable' : { first: Math.max(0, size - end), last: size - 1 }
  if (to !== '' && end < start) return null
  if (start >= size) return 'unsatisfiable'
  return { first: start, last: to === '' ? size - 1 : Math.min(end, size - 1) }
}

/** Whether a header asks for one range of bytes that can be: what every store reads alike. */
export const isOneRange = (header: string): boolean => {
  const [, from = '', to = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header) ?? []
  return from === '' ? to !== '' : to === '' || Number(from) <= Number(to)
}
