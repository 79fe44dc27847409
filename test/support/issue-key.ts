import { type KeyRecord, type NewKey, newKey } from '../../shared/keys.ts'

/** What an issued key may do, where it is other than everything in the default tenant. */
export type Grant = Partial<Omit<KeyRecord, 'hash'>>

/** Issues a key; `put` stores its record where an edge looks. */
export async function issueKeyInto(
  put: (id: string, record: KeyRecord) => Promise<void>,
  grant: Grant = {},
): Promise<NewKey> {
  const random = (count: number) => crypto.getRandomValues(new Uint8Array(count))
  const issued = await newKey(random, { tenant: 'estat', scopes: ['read', 'lake', 'admin'], ...grant })
  await put(issued.id, issued.record)
  return issued
}
