/** Calls: the parser has a node type for many functions; here each becomes a name and its arguments again. */
import { checkCall } from './check-call.ts'
import { fieldsOf, flag, list, text, typed } from './read-fields.ts'
import type { Reading } from './reading.ts'
import { refused } from './refusal.ts'
import { readOver, readSort } from './read-window.ts'
import type { Call, Expr } from './tree.ts'

/** Node types with fixed argument fields: Trino's function, and the fields in the order of its arguments. */
const PLAIN: Readonly<Record<string, readonly [fn: string, ...fields: string[]]>> = {
  ...Object.fromEntries(
    // biome-ignore format: one list
    [
      'abs', 'ceil', 'floor', 'sqrt', 'cbrt', 'exp', 'ln', 'degrees', 'radians', 'sin', 'cos', 'tan', 'asin', 'acos', 'atan',
      'lower', 'upper', 'length', 'reverse', 'year', 'quarter', 'month', 'day', 'hour', 'minute', 'second',
      'day_of_week', 'day_of_month', 'day_of_year', 'week_of_year', 'cardinality', 'normalize', 'sign',
    ].map((name) => [name, [name, 'this']]),
  ),
  pi: ['pi'],
  log: ['log', 'base', 'this'],
  power: ['power', 'this', 'expression'],
  atan2: ['atan2', 'this', 'expression'],
  starts_with: ['starts_with', 'this', 'expression'],
  str_position: ['strpos', 'this', 'substr'],
  substring: ['substr', 'this', 'start', 'length'],
  contains: ['contains', 'this', 'expression'],
  element_at: ['element_at', 'this', 'expression'],
  regexp_like: ['regexp_like', 'this', 'pattern'],
  nvl: ['coalesce', 'this', 'expression'],
  row_number: ['row_number'],
  rank: ['rank'],
  dense_rank: ['dense_rank'],
  percent_rank: ['percent_rank'],
  cume_dist: ['cume_dist'],
  n_tile: ['ntile', 'num_buckets'],
  lag: ['lag', 'this', 'offset', 'default'],
  lead: ['lead', 'this', 'offset', 'default'],
  first_value: ['first_value', 'this'],
  last_value: ['last_value', 'this'],
  nth_value: ['nth_value', 'this', 'offset'],
  list_agg: ['listagg', 'this', 'separator'],
}

/** Aggregates with a node type of their own: all have the same fields. */
const AGGREGATES: Readonly<Record<string, string>> = {
  sum: 'sum',
  avg: 'avg',
  min: 'min',
  max: 'max',
  array_agg: 'array_agg',
  count_if: 'count_if',
  stddev: 'stddev',
  stddev_pop: 'stddev_pop',
  stddev_samp: 'stddev_samp',
  variance: 'variance',
  var_pop: 'var_pop',
  var_samp: 'var_samp',
  any_value: 'any_value',
  logical_and: 'bool_and',
  logical_or: 'bool_or',
  approx_distinct: 'approx_distinct',
}

const call = (fn: string, args: readonly Expr[], more: Partial<Call> = {}): Call =>
  checkCall({
    kind: 'call',
    fn,
    args,
    distinct: false,
    orderBy: [],
    filter: null,
    ignoreNulls: false,
    over: null,
    ...more,
  })

/** The call that a node is, without OVER; null where the node is no call. @throws Fault QUERY_REJECTED */
export function readCall(type: string, node: unknown, read: Reading): Call | null {
  const plain = PLAIN[type]
  if (plain !== undefined) return readPlain(plain, node, read)
  const aggregate = AGGREGATES[type]
  if (aggregate !== undefined) return readAggregate(aggregate, node, read)
  switch (type) {
    case 'count':
      return readCount(node, read)
    case 'function':
    case 'aggregate_function':
      return readNamed(node, read)
    case 'coalesce': {
      const fields = fieldsOf(node, ['expressions'], 'coalesce')
      return call('coalesce', list(fields['expressions']).map(read.expr))
    }
    case 'trim':
      return readTrim(node, read)
    case 'extract':
      return readExtract(node, read)
    case 'filter': {
      const fields = fieldsOf(node, ['this', 'expression'], 'FILTER')
      return checkCall({ ...innerCall(fields['this'], read), filter: read.expr(fields['expression']) })
    }
    case 'within_group': {
      const fields = fieldsOf(node, ['this', 'order_by'], 'WITHIN GROUP')
      const inner = innerCall(fields['this'], read)
      if (inner.fn !== 'listagg') throw refused('WITHIN GROUP is only for listagg', 'Use approx_percentile(x, 0.5).')
      return { ...inner, orderBy: list(fields['order_by']).map((sort) => readSort(sort, read)) }
    }
    case 'window_function': {
      const fields = fieldsOf(node, ['this', 'over'], 'a window function')
      return checkCall({ ...innerCall(fields['this'], read), over: readOver(fields['over'], read) })
    }
    default:
      return null
  }
}

function innerCall(node: unknown, read: Reading): Call {
  const [type, fields] = typed(node)
  const inner = readCall(type, fields, read)
  if (inner === null) throw refused('OVER, FILTER or WITHIN GROUP stands behind what is no function')
  return inner
}

function readPlain([fn, ...names]: readonly [string, ...string[]], node: unknown, read: Reading): Call {
  const fields = fieldsOf(node, [...names, 'ignore_nulls', ...(fn === 'listagg' ? ['distinct'] : [])], fn)
  const args = names.map((name) => fields[name]).filter((arg) => arg !== null && arg !== undefined)
  const distinct = flag(fields['distinct'])
  return call(fn, args.map(read.expr), { distinct, ignoreNulls: flag(fields['ignore_nulls']) })
}

function readAggregate(fn: string, node: unknown, read: Reading): Call {
  const fields = fieldsOf(node, ['this', 'distinct', 'filter', 'order_by', 'name'], fn)
  return call(fn, [read.expr(fields['this'])], modifiers(fields, read))
}

function readCount(node: unknown, read: Reading): Call {
  const fields = fieldsOf(node, ['this', 'star', 'distinct', 'filter'], 'count')
  const args = fields['this'] === null || fields['this'] === undefined ? [] : [read.expr(fields['this'])]
  return call('count', args, modifiers(fields, read))
}

function readNamed(node: unknown, read: Reading): Call {
  const fields = fieldsOf(
    node,
    ['name', 'args', 'distinct', 'filter', 'order_by', 'no_parens', 'quoted', 'ignore_nulls'],
    'a function',
  )
  const fn = (text(fields['name']) ?? '').toLowerCase()
  return call(fn, list(fields['args']).map(read.argument), {
    ...modifiers(fields, read),
    ignoreNulls: flag(fields['ignore_nulls']),
  })
}

const modifiers = (
  fields: Readonly<Record<string, unknown>>,
  read: Reading,
): Pick<Call, 'distinct' | 'orderBy' | 'filter'> => ({
  distinct: flag(fields['distinct']),
  orderBy: list(fields['order_by']).map((sort) => readSort(sort, read)),
  filter: fields['filter'] === null || fields['filter'] === undefined ? null : read.expr(fields['filter']),
})

const TRIMS: Readonly<Record<string, string>> = { Both: 'trim', Leading: 'ltrim', Trailing: 'rtrim' }

/** `trim(BOTH 'x' FROM a)` is `trim(a, 'x')`. */
function readTrim(node: unknown, read: Reading): Call {
  const fields = fieldsOf(node, ['this', 'characters', 'position'], 'trim')
  const fn = TRIMS[text(fields['position']) ?? '']
  if (fn === undefined) throw refused('this form of trim is not supported', 'Write trim(x) or ltrim(x).')
  const characters = fields['characters']
  const args = [fields['this'], ...(characters === null || characters === undefined ? [] : [characters])]
  return call(fn, args.map(read.expr))
}

/** `extract(MONTH FROM x)` is `month(x)`: Trino documentation, "Date and time functions / Extraction function". */
function readExtract(node: unknown, read: Reading): Call {
  const fields = fieldsOf(node, ['this', 'field'], 'extract')
  const raw = fields['field']
  const custom = typeof raw === 'object' && raw !== null && 'Custom' in raw ? raw.Custom : raw
  const name = (text(custom) ?? '').replace(/(?<=[a-z])(?=[A-Z])/g, '_').toLowerCase()
  return call(name, [read.expr(fields['this'])])
}
