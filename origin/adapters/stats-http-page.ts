/** A page of rows: which may be asked for, and whether the answer is the one that was. */
import { type Fault, fault } from '../../shared/fault.ts'
import { type DataAnswer, decodeData } from '../estat/decode-answer.ts'
import { MAX_ROWS } from './stats-http-request.ts'

export interface Range {
  readonly start: number
  readonly limit: number
}

export function checkRange({ start, limit }: Range): void {
  if (!Number.isSafeInteger(start) || start < 1 || !Number.isSafeInteger(limit) || limit < 1 || limit > MAX_ROWS)
    throw fault('INVALID_PARAMETER', `A page starts at row 1 or later and has 1 to ${MAX_ROWS} rows.`)
}

/**
 * A page is whole or nothing: rows lost between e-Stat and here must not pass for a complete answer.
 *
 * @param more Rows of the page that `root` was left without.
 * @throws Fault ESTAT_UNAVAILABLE where it does not agree with itself or with what was asked.
 */
export function pageOf(root: unknown, id: string, { start, limit }: Range, more = 0): Omit<DataAnswer, 'axes'> {
  const data = decodeData(root)
  if (data === null || data.info.id !== id) throw inconsistent('data')
  const { total, from, to, nextKey, info, notes, annotations, values } = data
  const last = Math.min(start + limit - 1, total)
  const holds = from === start && to === last && values.length + more === to - from + 1
  const continues = nextKey === (to < total ? to + 1 : null)
  if (!holds || !continues) throw inconsistent('rows')
  return { total, from, to, nextKey, info, notes, annotations, values }
}

export const inconsistent = (what: string): Fault =>
  fault('ESTAT_UNAVAILABLE', `e-Stat answered with ${what} that do not agree with what was asked.`)
