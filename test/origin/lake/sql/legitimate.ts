/** Queries that people and models write against the lake, by what they need: all must pass. */
export const LEGITIMATE: readonly (readonly [what: string, sql: string])[] = [
  // The eighteen of the prototype's kinds.
  [
    'alias in quotes, ordered',
    `SELECT area_name, sum(value) AS "合計" FROM facts WHERE tab_code='020' GROUP BY area_name ORDER BY "合計" DESC LIMIT 10`,
  ],
  [
    'a WITH joined with itself',
    `WITH t AS (SELECT area_code, time_code, value FROM facts WHERE cat01_code='000') SELECT a.area_code, a.value - b.value AS diff FROM t a JOIN t b ON a.area_code=b.area_code AND a.time_code='2020000000' AND b.time_code='2015000000'`,
  ],
  [
    'lag and rank',
    'SELECT area_name, time_name, value, lag(value) OVER (PARTITION BY area_code ORDER BY time_code) AS prev, rank() OVER (ORDER BY value DESC) r FROM facts',
  ],
  [
    'FILTER',
    `SELECT area_name, sum(value) FILTER (WHERE cat01_code='001') AS m, sum(value) FILTER (WHERE cat01_code='002') AS f FROM facts GROUP BY 1`,
  ],
  [
    'try_cast and CASE in Japanese',
    `SELECT try_cast(value_text AS double) v, CASE WHEN value IS NULL THEN 'なし' ELSE 'あり' END AS "有無" FROM estat.facts`,
  ],
  [
    'VALUES joined',
    `SELECT * FROM (VALUES ('13000','東京都'),('27000','大阪府')) AS p(code,name) JOIN facts f ON f.area_code=p.code`,
  ],
  [
    'approximations and max_by',
    'SELECT approx_distinct(area_code), approx_percentile(value, 0.5), max_by(area_name, value) FROM facts',
  ],
  ['UNNEST of a literal', 'SELECT x FROM facts CROSS JOIN UNNEST(ARRAY[1,2,3]) AS u(x)'],
  [
    'dates',
    `SELECT date_parse(substr(time_code,1,4),'%Y') d, format_datetime(now(),'yyyy') y, date_trunc('year', current_date) FROM facts`,
  ],
  [
    'patterns',
    `SELECT regexp_like(area_name,'市$'), regexp_extract(area_name,'(.+)市',1), split_part(area_name,' ',1), strpos(area_name,'県') FROM facts`,
  ],
  [
    'GROUPING SETS',
    'SELECT tab_code, grouping(area_code), sum(value) FROM facts GROUP BY GROUPING SETS ((tab_code, area_code),(tab_code),())',
  ],
  ['EXCEPT and UNION ALL', "SELECT area_code FROM facts EXCEPT SELECT code FROM dims UNION ALL SELECT '1'"],
  [
    'EXISTS and IN',
    'SELECT a.value FROM facts a WHERE EXISTS (SELECT 1 FROM dims d WHERE d.code=a.area_code) AND a.area_code IN (SELECT code FROM dims)',
  ],
  [
    'lambda and cardinality',
    'SELECT transform(ARRAY[1,2], x -> x + 1), cardinality(ARRAY[1]), element_at(ARRAY[1], 1) FROM facts',
  ],
  ['OFFSET and FETCH', 'SELECT * FROM facts ORDER BY value DESC OFFSET 10 FETCH FIRST 5 ROWS ONLY'],
  ['quoted schema and table', 'SELECT "area_name" FROM "estat"."facts"'],
  ['ROLLUP', 'SELECT area_code, time_code, sum(value) FROM facts GROUP BY ROLLUP (area_code, time_code)'],
  ['CUBE', 'SELECT area_code, time_code, sum(value) FROM facts GROUP BY CUBE (area_code, time_code)'],
  // The twelve held out from the prototype's lists.
  [
    'filter and order',
    "SELECT time_name, area_name, value FROM facts WHERE tab_code = '020' AND area_code IN ('13000','27000') ORDER BY time_code, area_code",
  ],
  [
    'share by window',
    "SELECT area_name, value, value / sum(value) OVER () * 100 AS share FROM facts WHERE time_code='2020000000'",
  ],
  [
    'HAVING and RIGHT JOIN',
    'WITH a AS (SELECT area_code, avg(value) v FROM facts GROUP BY area_code HAVING avg(value) > 10) SELECT d.code, a.v FROM a RIGHT JOIN dims d ON d.code = a.area_code WHERE a.v IS NOT NULL',
  ],
  ['DISTINCT and LIKE', "SELECT DISTINCT area_name FROM facts WHERE area_name LIKE '東京%'"],
  [
    'variance',
    'SELECT max(value) - min(value) AS rng, variance(value), stddev(value) FROM facts WHERE value <= 100 AND value < 50',
  ],
  [
    'row_number',
    'SELECT row_number() OVER (PARTITION BY time_code ORDER BY value DESC NULLS LAST) AS rn, area_name FROM facts',
  ],
  ['cast of a part', 'SELECT cast(substr(time_code,1,4) AS integer) AS y, sum(value) FROM facts GROUP BY 1 ORDER BY 1'],
  ['IF', "SELECT sum(IF(cat01_code='001', value, 0)) FROM facts"],
  [
    'first_value and ntile',
    'SELECT first_value(value) OVER (PARTITION BY area_code ORDER BY time_code), ntile(4) OVER (ORDER BY value) FROM facts',
  ],
  ['count_if and bool_or', 'SELECT area_name, count_if(value > 0), bool_or(value > 1) FROM facts GROUP BY area_name'],
  [
    'text functions',
    "SELECT lower(area_name), replace(area_name,'県',''), trim(area_name), lpad(area_code,5,'0') FROM facts",
  ],
  ['ln and greatest', 'SELECT power(value, 2), ln(value+1), abs(value), floor(value), greatest(value,0) FROM facts'],
  // More.
  [
    'moving average',
    'SELECT time_code, avg(value) OVER (PARTITION BY area_code ORDER BY time_code ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) FROM facts',
  ],
  [
    'year on year',
    'SELECT area_code, (value / nullif(lag(value, 4) OVER (PARTITION BY area_code ORDER BY time_code), 0) - 1) * 100 AS yoy FROM facts',
  ],
  [
    'named window',
    'SELECT sum(value) OVER w, avg(value) OVER w FROM facts WINDOW w AS (PARTITION BY area_code ORDER BY time_code)',
  ],
  ['IGNORE NULLS', 'SELECT last_value(value) IGNORE NULLS OVER (PARTITION BY area_code ORDER BY time_code) FROM facts'],
  ['listagg', "SELECT listagg(area_name, ', ') WITHIN GROUP (ORDER BY area_code) FROM facts"],
  ['array_agg ordered', "SELECT array_join(array_agg(area_name ORDER BY area_code), ',') FROM facts"],
  [
    'years from a sequence',
    'SELECT y FROM UNNEST(sequence(1990, 2020, 5)) AS s(y) LEFT JOIN facts f ON cast(substr(f.time_code,1,4) AS integer) = y',
  ],
  ['unquoted Japanese names', 'SELECT value AS 人口 FROM facts ORDER BY 人口'],
  ['a quote in a literal', "SELECT * FROM facts WHERE area_name = 'L''Aquila'"],
  ['comments', 'SELECT /* 人口 */ value -- the figure\nFROM facts'],
  ['a semicolon at the end', 'SELECT 1 FROM facts;'],
  [
    'three steps of WITH',
    'WITH a AS (SELECT * FROM facts), b AS (SELECT area_code, max(value) AS m FROM a GROUP BY area_code), c AS (SELECT * FROM b WHERE m > 0) SELECT count(*) FROM c',
  ],
  [
    'a WITH of its own table name',
    "WITH facts AS (SELECT * FROM facts WHERE tab_code = '020') SELECT count(*) FROM facts",
  ],
  [
    'correlated subquery',
    'SELECT f.area_name FROM facts f WHERE f.value = (SELECT max(g.value) FROM facts g WHERE g.area_code = f.area_code)',
  ],
  [
    'ALL and ANY',
    'SELECT area_name FROM facts WHERE value >= ALL (SELECT value FROM facts WHERE value IS NOT NULL) OR value = ANY (SELECT 1E0)',
  ],
  ['intersect in brackets', '(SELECT area_code FROM facts) INTERSECT (SELECT code FROM dims)'],
  ['USING', 'SELECT area_code FROM facts JOIN (SELECT code AS area_code FROM dims) d USING (area_code)'],
  ['FULL JOIN', 'SELECT coalesce(f.area_code, d.code) FROM facts f FULL OUTER JOIN dims d ON f.area_code = d.code'],
  ['row values in IN', "SELECT * FROM facts WHERE (area_code, time_code) IN (('13000', '2020000000'))"],
  ['BETWEEN dates', "SELECT * FROM facts WHERE time_start BETWEEN DATE '2000-01-01' AND DATE '2020-12-31'"],
  [
    'date arithmetic',
    "SELECT date_diff('year', time_start, time_end), time_start + INTERVAL '1' YEAR, extract(YEAR FROM time_start) FROM facts",
  ],
  ['IS DISTINCT FROM', "SELECT * FROM facts WHERE symbol IS DISTINCT FROM '-'"],
  ['LIKE with ESCAPE', "SELECT * FROM facts WHERE area_name LIKE '100!%' ESCAPE '!'"],
  [
    'NOT in many places',
    "SELECT * FROM facts WHERE NOT (area_code = '00000') AND area_name NOT LIKE '%市' AND area_code NOT IN ('1') AND value NOT BETWEEN 1 AND 2",
  ],
  [
    'correlation',
    'SELECT corr(a.value, b.value), regr_slope(a.value, b.value) FROM facts a JOIN facts b ON a.area_code = b.area_code',
  ],
  [
    'a hundred codes',
    `SELECT * FROM facts WHERE area_code IN (${Array.from({ length: 100 }, (_, at) => `'${at}'`).join(', ')})`,
  ],
  [
    'forty conditions',
    `SELECT * FROM facts WHERE ${Array.from({ length: 40 }, (_, at) => `area_code <> '${at}'`).join(' AND ')}`,
  ],
  ['ten parts of UNION ALL', Array.from({ length: 10 }, (_, at) => `SELECT ${at} AS n FROM facts`).join(' UNION ALL ')],
  ['nothing read', 'SELECT 1'],
]
