import { type Fault, fault } from '../../../shared/fault.ts'

/** Where a caller finds what a table holds. */
export const COLUMNS_HINT = 'analyze_with_athena with analysis_type basic lists the columns.'
const HINT = `Write one SELECT over the tables of your lake; ${COLUMNS_HINT}`

/**
 * SQL that is not run: which construct, and what to write instead.
 * @param construct As the caller wrote it or knows it; quoted from the caller's own text only.
 */
export const refused = (construct: string, instead: string = HINT): Fault =>
  fault('QUERY_REJECTED', `The query was not run: ${construct}.`, { hint: instead })

/** A piece of the caller's text, short and on one line, for a message. */
export function quoted(text: string): string {
  const plain = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
  return `"${plain.length > 60 ? `${plain.slice(0, 60)}…` : plain}"`
}
