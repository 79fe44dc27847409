/**
 * Answers that Trino's documentation gives, or that follow from the sentence cited; each is one where DuckDB by itself
 * answers otherwise, or where a first translation did. Pages are those of trino.io/docs/current/.
 */
import type { Cell } from '../../origin/lake/ports.ts'

interface TrinoAnswer {
  /** The expression of a SELECT. */
  readonly sql: string
  readonly answer: Cell
  /** Page, and the sentence or example there. */
  readonly source: string
}

const math = (sql: string, answer: Cell, says: string): TrinoAnswer => from('functions/math', sql, answer, says)
const text = (sql: string, answer: Cell, says: string): TrinoAnswer => from('functions/string', sql, answer, says)
const date = (sql: string, answer: Cell, says: string): TrinoAnswer => from('functions/datetime', sql, answer, says)
const from = (page: string, sql: string, answer: Cell, says: string): TrinoAnswer => ({
  sql,
  answer,
  source: `${page}: ${says}`,
})

export const TRINO_ANSWERS: readonly TrinoAnswer[] = [
  math('5 / 2', 2, 'Division (integer division performs truncation)'),
  math('-5 / 2', -2, 'integer division performs truncation'),
  math('5 / 2.0', 2.5, 'decimal: scale of a quotient is max(s1, s2)'),
  math('1.0 / 3.0', 0.3, 'functions/decimal: scale of a quotient is max(s1, s2)'),
  math('1E0 / 0', 'Infinity', 'doubles follow IEEE 754'),
  math('0E0 / 0', 'NaN', 'doubles follow IEEE 754'),
  math('5 / ARRAY[2][1]', 2, 'integer division performs truncation'),
  math('5E0 / ARRAY[2][1]', 2.5, 'doubles divide exactly'),
  math('7 / 2 / 2', 1, 'operators of one rank read from left to right'),
  math('5 % 3', 2, 'Modulus (remainder)'),
  math('sqrt(-1)', 'NaN', 'doubles follow IEEE 754'),
  math('ln(0)', '-Infinity', 'doubles follow IEEE 754'),
  math('log(2, 8)', 3, 'log(b, x): the base b logarithm of x'),
  math('truncate(-1.7E0)', -1, 'rounded by dropping digits after the decimal point'),
  math('round(2.5E0)', 3, 'rounded to the nearest integer'),
  math('mod(-5, 3)', -2, 'mod(n, m): the modulus (remainder) of n divided by m'),
  from('functions/comparison', 'greatest(1, NULL, 3)', null, 'null if any argument is null'),
  from('functions/comparison', 'least(1, NULL, 3)', null, 'null if any argument is null'),
  from('functions/comparison', 'greatest(1, 3, 2)', 3, 'the largest of the provided values'),
  from('functions/comparison', 'NULL IS NOT DISTINCT FROM NULL', true, 'IS DISTINCT FROM treats null as a known value'),
  from('functions/conditional', 'try(1 / 0)', null, 'TRY: division by zero gives null'),
  from('functions/conditional', "try(CAST('x' AS integer))", null, 'TRY: invalid cast gives null'),
  from('functions/conditional', 'if(1 > 2, 3)', null, 'if(condition, true_value) is null otherwise'),
  from('functions/conversion', 'CAST(1E0 AS varchar)', '1.0E0', 'doubles in scientific form'),
  from('functions/conversion', 'CAST(14047594E0 AS varchar)', '1.4047594E7', 'doubles in scientific form'),
  from('functions/conversion', 'CAST(-0.00015E0 AS varchar)', '-1.5E-4', 'doubles in scientific form'),
  from('functions/conversion', "CAST('abcdef' AS varchar(3))", 'abc', 'language/types: varchar(n) cuts on cast'),
  from('functions/conversion', 'CAST(2.5E0 AS integer)', 3, 'rounds half up'),
  from('functions/conversion', "try_cast('x' AS double)", null, 'try_cast: null if the cast fails'),
  from('language/types', 'CAST(1.5 AS decimal)', 2, 'DECIMAL without precision is DECIMAL(38, 0)'),
  text("'a' || NULL", null, 'the || operator performs concatenation; null if an argument is'),
  text("concat('a', NULL)", null, 'concat has the same functionality as ||'),
  text("concat_ws(',', 'a', NULL, 'b')", 'a,b', 'any null values are skipped'),
  text("length('東京都')", 3, 'the length of string in characters'),
  text("trim('　東京都 ')", '東京都', 'removes leading and trailing whitespace'),
  text("trim(BOTH '$' FROM '$var$')", 'var', "example: trim(BOTH '$' FROM '$var$')"),
  text("substr('abc', 0)", '', 'positions start with 1'),
  text("substr('abc', -2)", 'bc', 'a negative position is relative to the end'),
  text("substr('abc', -9)", '', 'a negative position is relative to the end'),
  text("split_part('a,b', ',', 3)", null, 'if the index is larger than the number of fields, null'),
  text("strpos('東京都府中市', '府')", 4, 'positions start with 1; 0 if not found'),
  text("lpad('13', 5, '0')", '00013', 'lpad(string, size, padstring)'),
  text("replace('a-b', '-')", 'ab', 'replace(string, search) removes all instances'),
  text("translate('abcd', 'a', 'z')", 'zbcd', "example: translate('abcd', 'a', 'z')"),
  from('functions/regexp', "regexp_extract('abc', 'x')", null, 'null if there is no match'),
  from('functions/regexp', "regexp_extract('東京都 府中市', '(.+) (.+)', 2)", '府中市', 'group is returned'),
  from(
    'functions/regexp',
    "regexp_replace('1a 2b 14m', '\\d+[ab] ')",
    '14m',
    "example: regexp_replace('1a 2b 14m', '\\d+[ab] ')",
  ),
  from('functions/regexp', "regexp_replace('1a 2b 14m', '(\\d+)([ab]) ', '3c$2 ')", '3ca 3cb 14m', "example: '3c$2 '"),
  from('functions/regexp', "regexp_count('1a 2b 14m', '\\s*[a-z]+\\s*')", 3, 'example: regexp_count'),
  date("date_diff('month', DATE '2020-01-31', DATE '2020-02-01')", 0, 'counts whole units passed'),
  date("date_diff('day', DATE '2020-03-01', DATE '2020-03-02')", 1, "example: date_diff('day', ...)"),
  date("date_add('month', 1, DATE '2020-01-31')", '2020-02-29', 'a date stays a date'),
  date("date_add('quarter', 1, DATE '2020-01-31')", '2020-04-30', 'quarter is a unit'),
  date("DATE '2012-08-08' + INTERVAL '2' DAY", '2012-08-10', "example: date '2012-08-08' + interval '2' day"),
  date("DATE '2020-03-31' - INTERVAL '1' MONTH", '2020-02-29', 'date minus interval'),
  date("date_trunc('year', DATE '2001-08-22')", '2001-01-01', 'example: date_trunc, year'),
  date("day_of_week(DATE '2026-11-22')", 7, 'the ISO day of the week, 1 (Monday) to 7 (Sunday)'),
  date("extract(QUARTER FROM DATE '2020-10-01')", 4, 'extraction fields'),
  date("year_of_week(DATE '2021-01-01')", 2020, 'the year of the ISO week'),
  date("last_day_of_month(DATE '2020-02-03')", '2020-02-29', 'the last day of the month'),
  date("date_format(TIMESTAMP '2020-10-01 09:05:00', '%Y/%m/%d %H:%i')", '2020/10/01 09:05', '%i is minutes'),
  date("format_datetime(DATE '2020-10-01', 'yyyy-MM')", '2020-10', 'Java date functions'),
  date(
    "date_parse('2022/10/20/05', '%Y/%m/%d/%H')",
    '2022-10-20T05:00:00.000',
    "example: date_parse('2022/10/20/05', ...)",
  ),
  from('functions/array', 'element_at(ARRAY[1, 2], 5)', null, 'null if the index is beyond the array'),
  from('functions/array', 'array_max(ARRAY[1, NULL, 3])', null, 'null if any element is'),
  from('functions/array', "array_join(ARRAY['a', NULL, 'b'], ',')", 'a,b', 'nulls are left out'),
  from('functions/array', "array_join(ARRAY['a', NULL, 'b'], ',', '-')", 'a,-,b', 'null_replacement'),
  from('functions/array', 'array_sort(ARRAY[2, NULL, 1])', '[1,2,null]', 'null elements at the end'),
  from('functions/lambda', 'transform(ARRAY[1, 2], x -> x * 2)', '[2,4]', 'transform'),
  // Seen at Trino 476 (`npm run test:interop`); the documentation does not say.
  from('functions/aggregate', '(SELECT corr(x, x) FROM (VALUES 1E0) AS t (x))', null, 'one row has no correlation'),
  from('functions/aggregate', '(SELECT regr_slope(x, x) FROM (VALUES 1E0) AS t (x))', null, 'one row has no slope'),
  from(
    'functions/aggregate',
    '(SELECT round(skewness(x), 6) FROM (VALUES 1E0, 2E0, 3E0, 10E0) AS t (x))',
    1.018234,
    'of the population',
  ),
]
