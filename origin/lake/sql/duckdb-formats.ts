/** Date formats, from Trino's two kinds to DuckDB's strftime. */
import { quoted, refused } from './refusal.ts'

/** Trino documentation, "Date and time functions / MySQL date functions"; DuckDB documentation, "Date Format Functions". */
const MYSQL: Readonly<Record<string, string>> = {
  a: '%a',
  b: '%b',
  c: '%-m',
  d: '%d',
  e: '%-d',
  f: '%f',
  H: '%H',
  h: '%I',
  I: '%I',
  i: '%M',
  j: '%j',
  k: '%-H',
  l: '%-I',
  M: '%B',
  m: '%m',
  p: '%p',
  S: '%S',
  s: '%S',
  T: '%H:%M:%S',
  W: '%A',
  Y: '%Y',
  y: '%y',
  '%': '%%',
}

/** The format of date_format and date_parse. @throws Fault QUERY_REJECTED for a specifier without an equal. */
export const fromMysql = (format: string): string =>
  format.replaceAll(/%(.)?/gsu, (whole, letter: string | undefined) => {
    const spelled = letter === undefined ? undefined : MYSQL[letter]
    if (spelled === undefined)
      throw refused(`the format ${quoted(whole)} is not supported`, "Write '%Y-%m-%d %H:%i:%s'.")
    return spelled
  })

/** Trino documentation, "Date and time functions / Java date functions" (Joda patterns). */
const JODA: Readonly<Record<string, string>> = {
  yyyy: '%Y',
  yy: '%y',
  MMMM: '%B',
  MMM: '%b',
  MM: '%m',
  M: '%-m',
  dd: '%d',
  d: '%-d',
  HH: '%H',
  H: '%-H',
  hh: '%I',
  mm: '%M',
  ss: '%S',
  EEEE: '%A',
  EEE: '%a',
  a: '%p',
}

/** The format of format_datetime: letters in a row are a field, '...' is text, the rest stands for itself. */
export const fromJoda = (format: string): string =>
  format.replaceAll(/'((?:[^']|'')*)'|([A-Za-z])\2*|%/gu, (whole, words: string | undefined) => {
    if (whole === '%') return '%%'
    if (words !== undefined) return words === '' ? "'" : words.replaceAll("''", "'").replaceAll('%', '%%')
    const spelled = JODA[whole]
    if (spelled === undefined)
      throw refused(`the format ${quoted(whole)} is not supported`, "Write 'yyyy-MM-dd HH:mm:ss'.")
    return spelled
  })
