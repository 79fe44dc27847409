/**
 * Properties of tables that Athena writes, an object each under `<tenant>/athena-properties/<table>/`: written after the
 * rows, by the load that knows them. Two loads at once into one table each add their own dataset's.
 */
import type { LakeTable } from '../lake/ports.ts'
import type { ObjectStore } from '../ports.ts'

type Properties = Readonly<Record<string, string>>

export interface AthenaProperties {
  /** The table with what is kept beside it. */
  on(table: LakeTable): Promise<LakeTable>
  add(tenant: string, name: string, properties: Properties): Promise<void>
}

export function athenaProperties(store: Pick<ObjectStore, 'get' | 'put' | 'list'>): AthenaProperties {
  const prefixOf = (tenant: string, name: string): string => `${tenant}/athena-properties/${name}/`

  /** One object for each property, so that writers of different datasets never undo each other. */
  const kept = async (tenant: string, name: string): Promise<Properties> => {
    const objects = await store.list(prefixOf(tenant, name))
    const texts = await Promise.all(objects.map(async ({ key }) => store.get(key)))
    return Object.assign(
      {},
      ...texts.map((text) => (text === null ? {} : (JSON.parse(Buffer.from(text).toString()) as Properties))),
    ) as Properties
  }

  return {
    on: async (table) => ({ ...table, properties: { ...table.properties, ...(await kept(table.tenant, table.name)) } }),
    async add(tenant, name, properties) {
      for (const [property, value] of Object.entries(properties)) {
        const key = `${prefixOf(tenant, name)}${Buffer.from(property).toString('base64url')}.json`
        await store.put(key, Buffer.from(JSON.stringify({ [property]: value })))
      }
    },
  }
}
