/** External tables over Parquet, by name, and columns that were added to a table of the lake and have no rows yet. */
import { columnNamed } from '../../../origin/lake/columns.ts'
import type { LakeColumn } from '../../../origin/lake/ports.ts'
import type { ObjectStore } from '../../../origin/ports.ts'
import { StatementError } from './executor.ts'

export interface ExternalTables {
  /** CREATE EXTERNAL TABLE, DROP TABLE and ALTER TABLE ADD COLUMNS. */
  define(sql: string): void
  /** Of the external tables that a statement names: local paths by quoted name. */
  named(sql: string): Promise<ReadonlyMap<string, readonly string[]>>
  /** Columns that `"database"."name"` was given besides those that it has. */
  added(table: string): readonly LakeColumn[]
  /** Names of those that are there. */
  names(): readonly string[]
}

export function externalTables(store: ObjectStore): ExternalTables {
  const prefixes = new Map<string, string>()
  const columns = new Map<string, readonly LakeColumn[]>()
  return {
    define(sql) {
      const [, database = '', name = ''] = /`([^`]+)`\.`([^`]+)`/.exec(sql) ?? []
      const table = `"${database}"."${name}"`
      const location = new RegExp(`LOCATION 's3://${store.bucket}/([^']+/)'$`).exec(sql)?.[1]
      if (sql.startsWith('DROP TABLE')) prefixes.delete(table)
      else if (sql.startsWith('ALTER TABLE')) columns.set(table, [...(columns.get(table) ?? []), ...columnsOf(sql)])
      else if (location === undefined || !sql.includes('STORED AS PARQUET'))
        throw new StatementError('SYNTAX_ERROR: line 1:1: no place')
      else prefixes.set(table, location)
    },
    async named(sql) {
      const found = [...prefixes].filter(([table]) => sql.includes(table))
      const paths = found.map(async ([table, prefix]) => {
        const objects = await store.list(prefix)
        return [table, await Promise.all(objects.map(({ key }) => store.localPath(key)))] as const
      })
      return new Map(await Promise.all(paths))
    },
    added: (table) => columns.get(table) ?? [],
    names: () => [...prefixes.keys()],
  }
}

/** `(\`name\` type, ...)`, as DDL of Hive has it; the names are the lake's. */
const columnsOf = (sql: string): readonly LakeColumn[] =>
  Array.from(sql.slice(sql.indexOf('(')).matchAll(/`([^`]+)` (\w+)/g), ([, name = '']) => {
    const column = columnNamed(name)
    if (column === null || column.type === 'timestamptz') throw new StatementError(`NOT_SUPPORTED: column ${name}`)
    return column
  })
