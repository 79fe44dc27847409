import type { Expr, Query, Sort, TableRelation } from './tree.ts'

/** How a dialect differs from Trino's spelling, which is the default. */
export interface Dialect {
  /** The text of one expression, or null for the default. */
  readonly expr?: (node: Expr, print: Print) => string | null
  /** What stands in FROM for a table, its alias not included; null for the default. */
  readonly table?: (node: TableRelation) => string | null
  /** Says NULLS LAST where the text does not, as Trino means it ("SELECT / ORDER BY clause"). */
  readonly nullsLast?: boolean
  /** Names columns without a name `_col0`, `_col1`... as Trino does. */
  readonly nameColumns?: boolean
  /** How many of a query's columns, by their places from 1, follow in its ORDER BY: none where absent. */
  readonly ties?: (query: Query) => number
}

/** The printers, as they call one another and as a dialect's hooks call them. */
export interface Print {
  readonly dialect: Dialect
  readonly expr: (node: Expr) => string
  /** An expression that stands beside an operator. */
  readonly operand: (node: Expr) => string
  readonly query: (node: Query) => string
  readonly sort: (node: Sort) => string
}

export const TRINO: Dialect = {}

export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`
export const quoteText = (text: string): string => `'${text.replaceAll("'", "''")}'`
