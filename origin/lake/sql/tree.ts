/**
 * The SQL that this service understands, as a tree: one query over tables, in Trino's meaning.
 *
 * The guard reads a parser's tree into this one and prints it again, so whatever has no place here cannot run.
 * Names keep their spelling; Trino compares them without regard to case
 * (Trino documentation, "SQL language / Reserved keywords / Identifiers").
 */

export type LiteralType =
  | 'string'
  | 'integer'
  | 'decimal'
  | 'double'
  | 'boolean'
  | 'null'
  | 'date'
  | 'timestamp'
  | 'timestamptz'
export type IntervalUnit = 'YEAR' | 'MONTH' | 'DAY' | 'HOUR' | 'MINUTE' | 'SECOND'

export const COMPARISONS = ['=', '<>', '<', '<=', '>', '>='] as const
export type Comparison = (typeof COMPARISONS)[number]
export type BinaryOperator =
  | Comparison
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '||'
  | 'AND'
  | 'OR'
  | 'IS DISTINCT FROM'
  | 'IS NOT DISTINCT FROM'

/** A type that a cast may name; `args` are length, precision or precision and scale. */
export interface SqlType {
  readonly name: string
  readonly args: readonly number[]
  /** Of an array, its elements' type. */
  readonly of: SqlType | null
}

export interface Sort {
  readonly by: Expr
  readonly descending: boolean
  /** Null where the text does not say: Trino then puts nulls last in both directions. */
  readonly nullsFirst: boolean | null
}

export type FrameBound =
  | { readonly kind: 'unbounded preceding' | 'current row' | 'unbounded following' }
  | { readonly kind: 'preceding' | 'following'; readonly offset: Expr }

export interface Frame {
  readonly unit: 'ROWS' | 'RANGE' | 'GROUPS'
  readonly start: FrameBound
  readonly end: FrameBound | null
}

export interface Window {
  /** A window of the WINDOW clause that this one starts from, or is. */
  readonly base: string | null
  readonly partitionBy: readonly Expr[]
  readonly orderBy: readonly Sort[]
  readonly frame: Frame | null
}

export interface Call {
  readonly kind: 'call'
  /** Trino's name, lower case, as the lists in `functions/` have it. */
  readonly fn: string
  /** Empty for `count(*)`. */
  readonly args: readonly Expr[]
  readonly distinct: boolean
  /** Inside the parentheses (`array_agg(x ORDER BY y)`) or in WITHIN GROUP (`listagg`). */
  readonly orderBy: readonly Sort[]
  readonly filter: Expr | null
  readonly ignoreNulls: boolean
  readonly over: Window | null
}

export type Expr =
  | Call
  | { readonly kind: 'literal'; readonly type: LiteralType; readonly text: string }
  | { readonly kind: 'interval'; readonly count: number; readonly unit: IntervalUnit }
  | { readonly kind: 'column'; readonly table: string | null; readonly name: string }
  | { readonly kind: 'unary'; readonly op: '-' | 'NOT'; readonly of: Expr }
  | { readonly kind: 'binary'; readonly op: BinaryOperator; readonly left: Expr; readonly right: Expr }
  | { readonly kind: 'like'; readonly of: Expr; readonly pattern: Expr; readonly escape: Expr | null }
  | {
      readonly kind: 'between'
      readonly of: Expr
      readonly low: Expr
      readonly high: Expr
      readonly not: boolean
    }
  | { readonly kind: 'in'; readonly of: Expr; readonly items: readonly Expr[] | Query; readonly not: boolean }
  | { readonly kind: 'is-null'; readonly of: Expr; readonly not: boolean }
  | {
      readonly kind: 'case'
      readonly operand: Expr | null
      readonly whens: readonly (readonly [when: Expr, then: Expr])[]
      readonly otherwise: Expr | null
    }
  | { readonly kind: 'cast'; readonly of: Expr; readonly to: SqlType; readonly orNull: boolean }
  | { readonly kind: 'extract'; readonly field: string; readonly of: Expr }
  | { readonly kind: 'exists'; readonly query: Query }
  | { readonly kind: 'scalar'; readonly query: Query }
  | {
      readonly kind: 'quantified'
      readonly of: Expr
      readonly op: Comparison
      readonly quantifier: 'ALL' | 'ANY'
      readonly query: Query
    }
  | { readonly kind: 'tuple'; readonly items: readonly Expr[] }
  | { readonly kind: 'array'; readonly items: readonly Expr[] }
  | { readonly kind: 'element'; readonly of: Expr; readonly index: Expr }
  | { readonly kind: 'lambda'; readonly parameters: readonly string[]; readonly body: Expr }

export interface TableAlias {
  readonly name: string
  readonly columns: readonly string[]
}

export interface TableRelation {
  readonly kind: 'table'
  readonly schema: string | null
  readonly name: string
  readonly alias: TableAlias | null
}

export type Relation =
  | TableRelation
  | { readonly kind: 'derived'; readonly query: Query; readonly alias: TableAlias | null }
  | {
      readonly kind: 'unnest'
      readonly arrays: readonly Expr[]
      readonly ordinality: boolean
      readonly alias: TableAlias | null
    }
  | Join

export interface Join {
  readonly kind: 'join'
  readonly type: 'INNER' | 'LEFT' | 'RIGHT' | 'FULL' | 'CROSS'
  readonly left: Relation
  readonly right: Relation
  readonly on: Expr | null
  readonly using: readonly string[]
}

export type SelectItem =
  | { readonly kind: 'star'; readonly table: string | null }
  | { readonly kind: 'item'; readonly of: Expr; readonly alias: string | null }

export type GroupItem =
  | { readonly kind: 'by'; readonly of: Expr }
  | { readonly kind: 'sets' | 'rollup' | 'cube'; readonly sets: readonly (readonly Expr[])[] }

export interface Select {
  readonly kind: 'select'
  readonly distinct: boolean
  readonly items: readonly SelectItem[]
  /** Comma-separated relations; none in `SELECT 1`. */
  readonly from: readonly Relation[]
  readonly where: Expr | null
  readonly groupBy: readonly GroupItem[]
  readonly having: Expr | null
  readonly windows: readonly { readonly name: string; readonly window: Window }[]
}

export type Body =
  | Select
  | { readonly kind: 'values'; readonly rows: readonly (readonly Expr[])[] }
  | {
      readonly kind: 'set'
      readonly op: 'UNION' | 'INTERSECT' | 'EXCEPT'
      readonly all: boolean
      readonly left: Query
      readonly right: Query
    }

export interface Cte {
  readonly name: string
  readonly columns: readonly string[]
  readonly query: Query
}

export interface Query {
  readonly kind: 'query'
  readonly with: readonly Cte[]
  readonly body: Body
  readonly orderBy: readonly Sort[]
  readonly offset: number | null
  readonly limit: number | null
  /** FETCH FIRST n ROWS WITH TIES. */
  readonly withTies: boolean
}
