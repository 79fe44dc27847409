import { UriTemplate } from '@modelcontextprotocol/server'
import type { ResourceKind } from './define-resource.ts'
import { lastPart, queryOf } from './uri.ts'

/** Tables of `resources/list`; lake_tables lists all of them. */
const LISTED = 10

/** A lake table's schema, snapshots, sources and dictionary of codes, as `lake_tables` has them. */
export const lakeResource: ResourceKind = {
  name: 'lake',
  title: 'レイクのテーブル · A table of your lake',
  description: 'Columns, codes, snapshots and sources of a table of your lake, as lake_tables answers.',
  mimeType: 'application/json',
  template: new UriTemplate('estat://lake/{table}'),
  variable: 'table',
  scope: 'lake',
  // The tenant's next load changes it.
  keep: { ttlMs: 5_000, cacheScope: 'private' },
  async complete(typed, { ports, caller }) {
    const wanted = typed.normalize('NFKC').trim().toLowerCase()
    const names = (await ports.tables.list(caller.tenant)).toSorted()
    const first = names.filter((name) => name.startsWith(wanted))
    return [...first, ...names.filter((name) => !name.startsWith(wanted) && name.includes(wanted))]
  },
  async list({ ports, caller }) {
    const names = (await ports.tables.list(caller.tenant)).toSorted()
    return names.slice(0, LISTED).map((name) => ({ uri: `estat://lake/${name}`, name, mimeType: 'application/json' }))
  },
  async read(uri, { call }) {
    const { lang } = queryOf(uri)
    const described = await call('lake_tables', { table_name: lastPart(uri), lang })
    return [{ mimeType: 'application/json', text: JSON.stringify(described) }]
  },
}
