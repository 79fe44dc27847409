import type { Query } from './tree.ts'
export const warningsOf = (_query: Query, _tables: readonly string[]): readonly string[] => []
