/** What stands in FROM: tables, derived tables, UNNEST and joins. */
import { fieldsOf, flag, isNode, list, nameOf, namesOf, requiredName, text, typed } from './read-fields.ts'
import { exprOrNull, type Reading } from './reading.ts'
import { quoted, refused } from './refusal.ts'
import type { Join, Relation, TableAlias } from './tree.ts'

const KINDS: Readonly<Record<string, Join['type']>> = {
  Inner: 'INNER',
  Left: 'LEFT',
  Right: 'RIGHT',
  Full: 'FULL',
  Cross: 'CROSS',
}

/** The relations of FROM: those between commas, each with its joins. */
export function readFrom(from: unknown, joins: readonly unknown[], read: Reading): readonly Relation[] {
  if (from === null || from === undefined) return []
  const fields = fieldsOf(from, ['expressions'], 'FROM')
  return readJoins(
    list(fields['expressions']).map((one) => readRelation(one, read)),
    joins,
    read,
  )
}

/** A join belongs to the relation before it; a comma after a join (`Implicit`) starts the next one. */
function readJoins(first: readonly Relation[], joins: readonly unknown[], read: Reading): readonly Relation[] {
  const relations = [...first]
  for (const join of joins) {
    const fields = fieldsOf(join, ['this', 'on', 'using', 'kind'], 'a join')
    const right = readRelation(fields['this'], read)
    const left = relations.at(-1)
    if (fields['kind'] === 'Implicit' || left === undefined) relations.push(right)
    else relations[relations.length - 1] = readJoin(fields, left, right, read)
  }
  return relations
}

function readJoin(fields: Readonly<Record<string, unknown>>, left: Relation, right: Relation, read: Reading): Join {
  const kind = text(fields['kind']) ?? ''
  const type = KINDS[kind]
  if (type === undefined) throw refused(`a ${quoted(kind)} join is not supported`, 'Write JOIN ... ON, or LEFT JOIN.')
  const on = exprOrNull(fields['on'], read)
  const using = namesOf(fields['using'])
  const conditions = (on === null ? 0 : 1) + (using.length === 0 ? 0 : 1)
  if (conditions !== (type === 'CROSS' ? 0 : 1)) {
    throw refused(`a ${type} JOIN ${type === 'CROSS' ? 'has' : 'lacks'} a condition`, 'Write JOIN b ON a.x = b.x.')
  }
  return { kind: 'join', type, left, right, on, using }
}

function readRelation(node: unknown, read: Reading): Relation {
  const [type, fields] = typed(node)
  switch (type) {
    case 'table':
      return readTable(fields)
    case 'subquery': {
      const known = fieldsOf(fields, ['this', 'alias', 'column_aliases', 'order_by', 'limit', 'offset'], 'a subquery')
      const query = read.query({ subquery: { ...known, alias: null, column_aliases: [] } })
      return { kind: 'derived', query, alias: aliasOf(known) }
    }
    case 'alias': {
      const known = fieldsOf(fields, ['this', 'alias', 'column_aliases'], 'a table with a name')
      const inner = readRelation(known['this'], read)
      if (inner.kind === 'join' || inner.alias !== null) throw refused('a join in brackets has a name of its own')
      return { ...inner, alias: aliasOf(known) }
    }
    case 'paren':
      return readRelation(fieldsOf(fields, ['this'], 'brackets')['this'], read)
    case 'joined_table': {
      const known = fieldsOf(fields, ['left', 'joins'], 'a join in brackets')
      const [joined, ...rest] = readJoins([readRelation(known['left'], read)], list(known['joins']), read)
      if (joined === undefined || rest.length > 0) throw refused('a comma stands in a join in brackets')
      return joined
    }
    case 'unnest':
      return readUnnest(fields, read)
    default:
      throw refused(`${nameOfSource(type, fields)} cannot stand in FROM`, 'Name a table of your lake there.')
  }
}

const nameOfSource = (type: string, fields: unknown): string =>
  type === 'function' && isNode(fields) ? `the function ${quoted(String(fields['name']))}` : quoted(type)

/** What Athena calls the catalogue that the lake's tables stand in, so habit writes it. It is not printed again. */
const OWN_CATALOG = 'awsdatacatalog'

function readTable(node: unknown): Relation {
  const fields = fieldsOf(node, ['name', 'schema', 'catalog', 'alias', 'column_aliases'], 'a table')
  const catalog = nameOf(fields['catalog'])
  if (catalog !== null && catalog.toLowerCase() !== OWN_CATALOG) {
    throw refused('a table is named with a catalog', 'Write the name of the table alone.')
  }
  return {
    kind: 'table',
    schema: nameOf(fields['schema']),
    name: requiredName(fields['name'], 'a table'),
    alias: aliasOf(fields),
  }
}

/** One array: DuckDB cannot walk several side by side as Trino does. */
function readUnnest(node: unknown, read: Reading): Relation {
  const fields = fieldsOf(node, ['this', 'with_ordinality'], 'UNNEST')
  return {
    kind: 'unnest',
    arrays: [read.expr(fields['this'])],
    ordinality: flag(fields['with_ordinality']),
    alias: null,
  }
}

function aliasOf(fields: Readonly<Record<string, unknown>>): TableAlias | null {
  const name = nameOf(fields['alias'])
  const columns = namesOf(fields['column_aliases'])
  if (name === null && columns.length > 0) throw refused('columns are named without a table name')
  return name === null ? null : { name, columns }
}
