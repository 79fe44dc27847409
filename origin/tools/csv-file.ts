import { csvFileOf, nameTaken } from '../jobs/put-csv.ts'
import type { ObjectStore } from '../ports.ts'
import { fileNameOf } from './lake-path.ts'

/**
 * The caller's own name for a CSV file, or null. It is checked before anything is fetched, so that a refused call
 * writes nothing.
 *
 * @throws Fault INVALID_PARAMETER as `fileNameOf` says, and where the name is taken.
 */
export async function chosenName(
  store: ObjectStore,
  tenant: string,
  wanted: string | undefined,
): Promise<string | null> {
  if (wanted === undefined) return null
  const filename = fileNameOf(wanted, 'csv')
  if ((await store.head(csvFileOf(tenant, filename, '').key)) !== null) throw nameTaken()
  return filename
}
