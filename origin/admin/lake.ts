/** `GET /admin/lake`: who keeps what, and the tables of one tenant. */
import type { Context } from 'hono'
import * as z from 'zod'
import { Fault } from '../../shared/fault.ts'
import type { AdminOptions } from './deps.ts'
import type { Inventory } from './inventory.ts'
import { readQuery } from './read-query.ts'

const Query = z.object({
  /** Its tables are listed; those of all tenants where absent. */
  tenant: z.string().optional(),
  /** Tables; the state of each is read. */
  limit: z.coerce.number().int().min(1).max(100).default(50),
  /** `<tenant>/<table>` of the last table. */
  cursor: z.string().optional(),
})

export interface LakeDeps extends Pick<AdminOptions, 'ports'> {
  readonly inventory: () => Promise<Inventory>
}

export function adminLake({ ports: { store, tables }, inventory }: LakeDeps) {
  async function namesOf(tenant: string): Promise<readonly string[]> {
    return (await tables.list(tenant)).map((name) => `${tenant}/${name}`)
  }

  async function view(path: string) {
    const [tenant = '', name = ''] = path.split('/')
    try {
      const table = await tables.load(tenant, name)
      if (table === null) return []
      const last = table.snapshots.at(-1)
      return [
        {
          tenant,
          name,
          rows: table.rows,
          files: table.files.length,
          bytes: table.files.reduce((sum, { bytes }) => sum + bytes, 0),
          snapshots: table.snapshots.length,
          updated_at: last === undefined ? null : new Date(last.at).toISOString(),
          problem: null,
        },
      ]
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      return [{ tenant, name, rows: 0, files: 0, bytes: 0, snapshots: 0, updated_at: null, problem: error.message }]
    }
  }

  return async (c: Context): Promise<Response> => {
    const { tenant, limit, cursor = '' } = readQuery(Query, c)
    const found = await inventory()
    const owners = found.tenants.filter((one) => tenant === undefined || one.tenant === tenant)
    const names = (await Promise.all(owners.map((one) => namesOf(one.tenant)))).flat().toSorted()
    const due = names.filter((path) => path > cursor)
    const page = due.slice(0, limit)
    const shown = []
    for (const path of page) shown.push(...(await view(path)))
    const next = due.length > page.length ? (page.at(-1) ?? null) : null
    return c.json({ success: true, bucket: store.bucket, tenants: found.tenants, tables: shown, next_cursor: next })
  }
}
