/** What lies in the lake, by what it is for, told from the keys alone (PRODUCT.md section 6, layout). Pure. */
import type { ObjectInfo } from '../ports.ts'

export interface Amount {
  readonly objects: number
  readonly bytes: number
}

export interface Inventory {
  /** Pages of public statistics that all tenants share. */
  readonly raw: Amount & { readonly fetches: number }
  readonly tenants: readonly (TenantAmounts & { readonly tenant: string })[]
  /** Records of jobs, the catalogue and marks of our own. */
  readonly own: Amount
}

export interface TenantAmounts {
  readonly parquet: Amount
  readonly csv: Amount
  readonly tables: Amount
  readonly other: Amount
}

const OWN = new Set(['jobs', 'catalogue', 'cache', 'health'])

export function inventoryOf(objects: readonly ObjectInfo[]): Inventory {
  const top = Map.groupBy(objects, ({ key }) => key.split('/')[0] ?? '')
  const raw = top.get('raw') ?? []
  const fetches = new Set(raw.map(({ key }) => key.split('/').slice(0, 3).join('/')))
  const tenants = [...top].filter(([name]) => name !== 'raw' && !OWN.has(name))
  return {
    raw: { fetches: fetches.size, ...amountOf(raw) },
    tenants: tenants
      .map(([tenant, all]) => ({ tenant, ...tenantAmounts(all) }))
      .toSorted((a, b) => (a.tenant < b.tenant ? -1 : 1)),
    own: amountOf([...OWN].flatMap((name) => top.get(name) ?? [])),
  }
}

function tenantAmounts(objects: readonly ObjectInfo[]): TenantAmounts {
  const areas = Map.groupBy(objects, ({ key }) => key.split('/')[1] ?? '')
  const take = (name: string): Amount => amountOf(areas.get(name) ?? [])
  const other = objects.filter(({ key }) => !/^[^/]+\/(parquet|csv|iceberg)\//.test(key))
  return { parquet: take('parquet'), csv: take('csv'), tables: take('iceberg'), other: amountOf(other) }
}

const amountOf = (objects: readonly ObjectInfo[]): Amount => ({
  objects: objects.length,
  bytes: objects.reduce((sum, { size }) => sum + size, 0),
})
