/** startPosition, limit and NEXT_KEY, which mean the same in lists and in data. */
import type { Parameters } from './parameters.ts'
import { type Element, leaf } from './tree.ts'

/** A larger limit does not return more. */
export const MAX_LIMIT = 100_000

export interface Page {
  /** 1-based. */
  readonly start: number
  /** 1 to `MAX_LIMIT`. */
  readonly limit: number
}

/** @param otherwise The limit where none was sent. @returns The page that was asked for, or what is wrong with it in words. */
export function readPage(sent: Parameters, otherwise = MAX_LIMIT): Page | string {
  const start = positive(sent.get('startPosition') ?? '1')
  const limit = positive(sent.get('limit') ?? String(otherwise))
  if (start === null) return 'startPositionには1以上の整数を指定して下さい。'
  if (limit === null) return 'limitには1以上の整数を指定して下さい。'
  return { start, limit: Math.min(limit, MAX_LIMIT) }
}

/** FROM_NUMBER, TO_NUMBER and, only where rows follow, NEXT_KEY. */
export function rangeElements({ start, limit }: Page, total: number): readonly Element[] {
  const to = Math.min(start + limit - 1, total)
  return [leaf('FROM_NUMBER', start), leaf('TO_NUMBER', to), ...(to < total ? [leaf('NEXT_KEY', to + 1)] : [])]
}

const positive = (text: string): number | null => (/^[1-9]\d{0,14}$/.test(text) ? Number(text) : null)
