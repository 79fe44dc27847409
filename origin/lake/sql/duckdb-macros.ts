/**
 * Where DuckDB answers otherwise than Trino, a macro answers as Trino does. Each names the place in Trino's
 * documentation ("Functions / ...") that it follows. A query's instance has those that the query calls.
 *
 * A macro's argument is copied to every place that names it, so none names one more often than it must.
 */

/** What `error(...)` says where Trino raises DIVISION_BY_ZERO; `engine-faults.ts` knows it again. */
export const DIVISION_BY_ZERO = 'TRINO_DIVISION_BY_ZERO'

/** The same where a text would grow without bound: DuckDB builds it in one step, which no interrupt reaches. */
export const TEXT_TOO_LONG = 'TRINO_TEXT_TOO_LONG'
/** Bytes that a replacement may make at the most, sixty times what a cell of an answer holds. */
const MAX_REPLACED = 8_000_000

/** Java's Character.isWhitespace, which Trino's trim goes by: the ideographic space too, no-break spaces not. */
const WHITESPACE = [0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x1c, 0x1d, 0x1e, 0x1f, 0x20, 0x1680]
  .concat([0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005, 0x2006, 0x2008, 0x2009, 0x200a])
  .concat([0x2028, 0x2029, 0x205f, 0x3000])
const SPACES = WHITESPACE.map((code) => `chr(${code})`).join(' || ')

const ZERO = `error('${DIVISION_BY_ZERO}')`
/** `replaced` where s, each of its bytes replaced by t, is not too long; else the error, or null in `try(...)`. */
const bounded = (replaced: string, tooLong = `error('${TEXT_TOO_LONG}')`): string =>
  `(s, part, t) AS CASE WHEN strlen(s) * strlen(t) > ${MAX_REPLACED} THEN ${tooLong} ELSE ${replaced} END`
const REPLACE = 'replace(s, part, t)'
const REGEXP_REPLACE = "regexp_replace(s, part, t, 'g')"
/** Digits of DuckDB's shortest text of a double, without point and exponent. */
const DIGITS = "replace(split_part(s, 'e', 1), '.', '')"
const MANTISSA = `list_transform([rtrim(ltrim(${DIGITS}, '0'), '0')], d -> left(d, 1) || '.' || CASE WHEN length(d) > 1 THEN substr(d, 2) ELSE '0' END)[1]`
const EXPONENT = `coalesce(TRY_CAST(split_part(s, 'e', 2) AS INTEGER), 0) + length(split_part(split_part(s, 'e', 1), '.', 1)) - 1 - (length(${DIGITS}) - length(ltrim(${DIGITS}, '0')))`

/** Name, parameters and body; a name may come with several numbers of parameters. */
const MACROS: Readonly<Record<string, readonly string[]>> = {
  // "Mathematical functions and operators": division of integers truncates; by zero it is an error (DIVISION_BY_ZERO).
  trino_divide_int: [`(a, b) AS CASE WHEN b = 0 THEN ${ZERO} ELSE a // b END`],
  trino_mod: [`(a, b) AS CASE WHEN b = 0 THEN ${ZERO} ELSE a % b END`],
  trino_divide_decimal: [`(a, b) AS CASE WHEN b = 0 THEN ${ZERO} ELSE a / b END`],
  // The same where only the engine knows the types, as of an array's items.
  trino_divide_any: [
    `(a, b) AS CASE WHEN contains(typeof(a), 'INT') AND contains(typeof(b), 'INT') THEN trino_divide_int(a, b) ELSE a / b END`,
  ],
  // sqrt and logarithms outside of their domain are NaN or -Infinity, as IEEE 754 says; DuckDB raises.
  trino_sqrt: ['(x) AS CASE WHEN x < 0 THEN trino_nan() ELSE sqrt(x) END'],
  trino_ln: ['(x) AS CASE WHEN x > 0 THEN ln(x) WHEN x = 0 THEN -trino_infinity() WHEN x < 0 THEN trino_nan() END'],
  trino_log2: ['(x) AS trino_ln(x) / ln(2)'],
  trino_log10: [
    '(x) AS CASE WHEN x > 0 THEN log10(x) WHEN x = 0 THEN -trino_infinity() WHEN x < 0 THEN trino_nan() END',
  ],
  trino_log: ['(b, x) AS trino_ln(x) / trino_ln(b)'],
  trino_finite: ['(x) AS CASE WHEN isfinite(x) THEN x END'],
  trino_e: ['() AS exp(1)'],
  trino_nan: ["() AS CAST('NaN' AS DOUBLE)"],
  trino_infinity: ["() AS CAST('Infinity' AS DOUBLE)"],
  // "Comparison functions and operators / GREATEST and LEAST": null if any argument is null.
  trino_greatest: ["(list) AS list_sort(list, 'DESC', 'NULLS FIRST')[1]"],
  trino_least: ["(list) AS list_sort(list, 'ASC', 'NULLS FIRST')[1]"],
  // "String functions": trim takes whitespace of every kind; DuckDB's spaces alone.
  trino_trim: [`(s) AS trim(s, ${SPACES})`, '(s, chars) AS trim(s, chars)'],
  trino_ltrim: [`(s) AS ltrim(s, ${SPACES})`, '(s, chars) AS ltrim(s, chars)'],
  trino_rtrim: [`(s) AS rtrim(s, ${SPACES})`, '(s, chars) AS rtrim(s, chars)'],
  trino_replace: ["(s, part) AS replace(s, part, '')", bounded(REPLACE)],
  trino_try_replace: ["(s, part) AS replace(s, part, '')", bounded(REPLACE, 'NULL')],
  // substr: positions start with 1, position 0 and any before the text give '', so does a length below 1.
  trino_substr: [
    "(s, start) AS CASE WHEN start = 0 OR start < -length(s) THEN '' ELSE substr(s, start) END",
    "(s, start, n) AS CASE WHEN start = 0 OR start < -length(s) OR n < 1 THEN '' ELSE substr(s, start, n) END",
  ],
  // split_part: null where there are fewer fields.
  trino_split_part: ['(s, sep, n) AS string_split(s, sep)[n]'],
  // "Regular expression functions": regexp_extract is null where nothing matches; replace replaces all.
  trino_regexp_extract: [
    '(s, p) AS regexp_extract_all(s, p)[1]',
    '(s, p, g) AS CASE WHEN regexp_matches(s, p) THEN regexp_extract(s, p, g) END',
  ],
  trino_regexp_replace: ["(s, p) AS regexp_replace(s, p, '', 'g')", bounded(REGEXP_REPLACE)],
  trino_try_regexp_replace: [bounded(REGEXP_REPLACE, 'NULL')],
  trino_regexp_count: ['(s, p) AS len(regexp_extract_all(s, p))'],
  trino_date: ['(x) AS CAST(x AS DATE)'],
  // "Array functions and operators": array_max and array_min are null if any item is; array_sort puts nulls last.
  trino_array_max: ["(a) AS list_sort(a, 'DESC', 'NULLS FIRST')[1]"],
  trino_array_min: ["(a) AS list_sort(a, 'ASC', 'NULLS FIRST')[1]"],
  trino_array_sort: ["(a) AS list_sort(a, 'ASC', 'NULLS LAST')"],
  trino_array_join: [
    '(a, sep) AS array_to_string(a, sep)',
    '(a, sep, blank) AS array_to_string(list_transform(a, x -> coalesce(CAST(x AS VARCHAR), blank)), sep)',
  ],
  // "Conversion functions": a double becomes text in scientific form, '1.0E0'.
  trino_double_text: [
    `(x) AS list_transform([CAST(abs(x) AS VARCHAR)], s -> CASE WHEN s IS NULL THEN NULL WHEN s = 'nan' THEN 'NaN' WHEN s = 'inf' THEN CASE WHEN x < 0 THEN '-Infinity' ELSE 'Infinity' END WHEN s = '0.0' THEN '0.0E0' ELSE CASE WHEN x < 0 THEN '-' ELSE '' END || ${MANTISSA} || 'E' || CAST(${EXPONENT} AS VARCHAR) END)[1]`,
  ],
}

const NAMES = /trino_[a-z0-9_]+/g

/**
 * Statements that make the macros which a text calls, and those which they call: all twenty-nine would take longer than
 * most queries.
 */
export function macroStatements(sql: string): readonly string[] {
  const wanted = new Set<string>()
  const want = (text: string): void => {
    for (const [name] of text.matchAll(NAMES)) {
      const forms = Object.hasOwn(MACROS, name) ? MACROS[name] : undefined
      if (forms === undefined || wanted.has(name)) continue
      want(forms.join())
      wanted.add(name)
    }
  }
  want(sql)
  return [...wanted].map((name) => `CREATE MACRO ${name}${(MACROS[name] ?? []).join(', ')}`)
}
