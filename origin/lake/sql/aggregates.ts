/** Every aggregate of a query that is made of a table's figures, with what is the same in all rows that it takes together. */
import { renamedOrigins, unitedOrigins } from './origins-of-relations.ts'
import { same } from './columns.ts'
import { type Equality, type Held, type Key, keyOf, newHeld } from './held.ts'
import { isFigure } from './plain-figure.ts'
import { equalitiesOf, type Origin, originIn, originOf, ownKey, type Places, readsOf, type Source } from './origins.ts'
import type { Call, Expr, GroupItem, Join, Query, Relation, Select, SelectItem, Sort } from './tree.ts'
import { nodesHere } from './walk.ts'
import type { WarnedTable } from './warnings.ts'

export interface Aggregate {
  readonly fn: string
  /** The table whose `value` it takes; null where a UNION puts several together. */
  readonly table: string | null
  /** Axes of that table. */
  readonly axes: readonly string[]
  /** Whether a column of that table has one value in the rows that one result is made of. */
  readonly isHeld: (column: string) => boolean
  /** That value, where the query writes it; null where rows decide (GROUP BY), or it is free. */
  readonly textOf: (column: string) => string | null
  /** Whether it takes `value` as it stands, at most cast, rounded or scaled: not weighted, not a sum of results. */
  readonly isPlain: boolean
}

interface Named {
  readonly name: string
  readonly columns: readonly Origin[]
}
/** A query's place: what WITH has named so far, and the queries around it. */
interface Around {
  readonly ctes: readonly Named[]
  readonly outer: Places | null
}

/** @returns Inner queries first: what an outer one filters does not hold within. */
export function aggregatesOf(query: Query, tables: readonly WarnedTable[]): readonly Aggregate[] {
  const walk = new Walk(tables)
  walk.query(query, { ctes: [], outer: null })
  return walk.found
}

class Walk {
  readonly found: Aggregate[] = []
  readonly held: Held = newHeld()
  readonly #tables: readonly WarnedTable[]
  readonly #seen = new Map<Query, readonly Origin[]>()
  #sources = 0

  constructor(tables: readonly WarnedTable[]) {
    this.#tables = tables
  }

  source(axes: readonly string[], of: string | null = null): Source {
    this.#sources += 1
    return { id: this.#sources, of, axes }
  }

  query(node: Query, around: Around): readonly Origin[] {
    const before = this.#seen.get(node)
    if (before !== undefined) return before
    let { ctes } = around
    for (const cte of node.with) {
      const columns = renamedOrigins(this.query(cte.query, { ...around, ctes }), null, cte.columns)
      ctes = [{ name: cte.name, columns }, ...ctes]
    }
    const columns = this.#body(node, { ...around, ctes })
    this.#seen.set(node, columns)
    return columns
  }

  #body({ body, orderBy }: Query, around: Around): readonly Origin[] {
    if (body.kind === 'select') return this.#select(body, orderBy, around)
    if (body.kind === 'values') {
      return (body.rows[0] ?? []).map((_, at) => ({ table: null, name: `_col${at}`, key: null, reads: [] }))
    }
    const [left, right] = [this.query(body.left, around), this.query(body.right, around)]
    return body.op === 'UNION' ? unitedOrigins(left, right, this.held, (axes) => this.source(axes)) : left
  }

  #select(select: Select, sorts: readonly Sort[], { ctes, outer }: Around): readonly Origin[] {
    let places: Places = { columns: [], open: [], outer }
    for (const from of select.from) places = joined(places, this.#relation(from, places, ctes))
    const ofQuery = (query: Query): readonly Origin[] => this.query(query, { ctes, outer: places })
    for (const query of queriesIn([select, sorts.map(({ by }) => by)])) ofQuery(query)
    const filtered = select.where === null ? [] : equalitiesOf(select.where, places)
    this.held.hold(filtered)
    const fromRow = filtered.flatMap((one) => (one.kind === 'row' ? one.key : []))
    const groups = select.groupBy.flatMap((item) => groupKeys(item, select, places))
    for (const node of nodesHere([select.items, select.having, sorts])) {
      if (node.kind !== 'call') continue
      const keys = node.over === null ? groups : partitionOf(node, select).flatMap((by) => ownKey(by, places) ?? [])
      const own = ownCases(node, places)
      const isPlain = node.args.length === 1 && node.args.every((arg) => isFigure(arg, places))
      const held = [...keys, ...fromRow, ...own.map(({ key }) => key)]
      this.#aggregate({ fn: node.fn, isPlain }, { held, own }, readsOf(node.args, places, ofQuery))
    }
    return select.items.flatMap((item, at) => outputs(item, at, places, ofQuery))
  }

  #aggregate(
    call: Pick<Aggregate, 'fn' | 'isPlain'>,
    { held, own }: { readonly held: readonly Key[]; readonly own: readonly Value[] },
    sources: readonly Source[],
  ): void {
    for (const { id, of, axes } of sources) {
      const rootOf = (column: string): Key => this.held.rootOf(keyOf(id, column))
      const textOf = (column: string): string | null => {
        const root = rootOf(column)
        return this.held.textOf(root) ?? own.find(({ key }) => this.held.rootOf(key) === root)?.text ?? null
      }
      const isHeld = (column: string): boolean =>
        textOf(column) !== null || held.some((key) => this.held.rootOf(key) === rootOf(column))
      const columns = axes.flatMap((axis) => ['code', 'name', 'role', 'start', 'end'].map((part) => `${axis}_${part}`))
      const all = [...columns, 'unit', 'dataset_id']
      // As it is now: what an outer query filters does not hold within.
      const now = new Set(all.filter(isHeld))
      const texts = new Map(all.map((column) => [column, textOf(column)]))
      this.found.push({
        ...call,
        table: of,
        axes,
        isHeld: (column) => now.has(column),
        textOf: (column) => texts.get(column) ?? null,
      })
    }
  }

  #relation(node: Relation, before: Places, ctes: readonly Named[]): Places {
    const place = (columns: readonly Origin[]): Places => ({ columns, open: [], outer: null })
    if (node.kind === 'join') return this.#join(node, before, ctes)
    if (node.kind === 'derived') {
      const { alias } = node
      return place(renamedOrigins(this.query(node.query, { ctes, outer: null }), alias?.name ?? null, alias?.columns))
    }
    if (node.kind === 'unnest') {
      const names = node.alias?.columns ?? []
      const table = node.alias?.name ?? null
      return place(
        node.arrays.map((array, at) => ({
          table,
          name: names[at] ?? `_col${at}`,
          key: null,
          reads: readsOf(array, before, (query) => this.query(query, { ctes, outer: before })),
        })),
      )
    }
    const table = node.alias?.name ?? node.name
    const cte = node.schema === null ? ctes.find(({ name }) => same(name, node.name)) : undefined
    if (cte !== undefined) return place(renamedOrigins(cte.columns, table, node.alias?.columns))
    const known = this.#tables.find(({ name }) => same(name, node.name))
    const columns = known?.columns ?? []
    const source = this.source(axesOf(columns), known?.name ?? null)
    const origins = columns.map(({ name }) => originIn(source, table, name))
    return { columns: renamedOrigins(origins, table, node.alias?.columns), open: [{ table, source }], outer: null }
  }

  #join(node: Join, before: Places, ctes: readonly Named[]): Places {
    const left = this.#relation(node.left, before, ctes)
    const right = this.#relation(node.right, joined(before, left), ctes)
    const both = joined(left, right)
    if (node.on !== null) {
      // A row of an outer join's kept side stays whatever ON says of it.
      const kept = { INNER: null, CROSS: null, LEFT: left, RIGHT: right, FULL: both }[node.type]
      const stays = (key: Key): boolean => kept !== null && keysOf(kept).has(key)
      this.held.hold(equalitiesOf(node.on, both).filter((one) => one.kind !== 'value' || !stays(one.key)))
      for (const query of queriesIn(node.on)) this.query(query, { ctes, outer: both })
    }
    for (const name of node.using) {
      const [a, b] = [left, right].map((side) => originOf({ kind: 'column', table: null, name }, side)?.key ?? null)
      if (a !== null && a !== undefined && b !== null && b !== undefined) this.held.hold([{ kind: 'same', a, b }])
    }
    return both
  }
}

const joined = (a: Places, b: Places): Places => ({
  columns: [...a.columns, ...b.columns],
  open: [...a.open, ...b.open],
  outer: a.outer,
})

const keysOf = ({ columns }: Places): ReadonlySet<Key> => new Set(columns.flatMap(({ key }) => key ?? []))

const axesOf = (columns: WarnedTable['columns']): readonly string[] =>
  columns
    .filter(({ name }) => name.endsWith('_code') && !/^(region|.*_parent)_code$/.test(name))
    .map(({ name }) => name.slice(0, -'_code'.length))

/** Queries directly inside an expression, not those inside them, nor those of FROM. */
function* queriesIn(root: unknown): Generator<Query> {
  if (typeof root !== 'object' || root === null) return
  for (const [field, value] of Object.entries(root)) {
    if (field === 'from') continue
    if (typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'query') yield value as Query
    else yield* queriesIn(value)
  }
}

function outputs(
  item: SelectItem,
  at: number,
  places: Places,
  ofQuery: (query: Query) => readonly Origin[],
): readonly Origin[] {
  if (item.kind === 'star') {
    const { table } = item
    return places.columns
      .filter((column) => table === null || same(column.table ?? '', table))
      .map((column) => ({ ...column, table: null }))
  }
  const name = item.alias ?? (item.of.kind === 'column' ? item.of.name : `_col${at}`)
  return [{ table: null, name, key: ownKey(item.of, places), reads: readsOf(item.of, places, ofQuery) }]
}

/** A grouping by column, by its place in the SELECT list, or in every set of GROUPING SETS. */
function groupKeys(item: GroupItem, select: Select, places: Places): readonly Key[] {
  const keyed = (node: Expr): Key | null => {
    if (node.kind !== 'literal') return ownKey(node, places)
    const placed = select.items[Number(node.text) - 1]
    return placed?.kind === 'item' ? ownKey(placed.of, places) : null
  }
  if (item.kind === 'by') return [keyed(item.of) ?? []].flat()
  if (item.kind !== 'sets') return []
  const [first = [], ...others] = item.sets.map((set) => set.map(keyed))
  return first.flatMap((key) => (key !== null && others.every((set) => set.includes(key)) ? key : []))
}

function partitionOf({ over }: Call, { windows }: Select): readonly Expr[] {
  if (over === null) return []
  const base = windows.find(({ name }) => over.base !== null && same(name, over.base))
  return [...over.partitionBy, ...(base?.window.partitionBy ?? [])]
}

type Value = Extract<Equality, { kind: 'value' }>

/** Columns that the call itself holds: by FILTER, or by the one WHEN of the CASE that it takes. */
function ownCases({ args, filter }: Call, places: Places): readonly Value[] {
  const conditions = args.flatMap((arg): readonly Expr[] => {
    if (arg.kind !== 'case' || arg.whens.length !== 1 || (arg.otherwise ?? LITERAL).kind !== 'literal') return []
    const when = arg.whens.map(([condition]) => condition)
    return arg.operand === null
      ? when
      : when.map((right) => ({ kind: 'binary', op: '=', left: arg.operand ?? right, right }))
  })
  return [...conditions, ...(filter === null ? [] : [filter])].flatMap((condition) =>
    equalitiesOf(condition, places).flatMap((one) => (one.kind === 'value' ? one : [])),
  )
}
const LITERAL = { kind: 'literal' } as const
