import { fault } from '../../shared/fault.ts'
import { holdForCall, type NamePorts } from '../jobs/held-name.ts'
import { csvFileOf, nameTaken } from '../jobs/put-csv.ts'
import type { ObjectStore } from '../ports.ts'
import type { CallContext } from './define-tool.ts'
import { fileNameOf } from './lake-path.ts'

/** How our own names begin: table and fetch, or table and what it is. A file under one of ours is written over by its like. */
const OURS = /^\d{10}_(?:\d{8}T\d{6}Z-|metadata)/

/**
 * The caller's own name for a CSV file, or null. It is checked before anything is fetched, so that a refused call
 * writes nothing.
 *
 * @throws Fault INVALID_PARAMETER as `fileNameOf` says, for a name of our form, and where the name is taken.
 */
export async function chosenName(
  store: ObjectStore,
  tenant: string,
  wanted: string | undefined,
): Promise<string | null> {
  if (wanted === undefined) return null
  const filename = fileNameOf(wanted, 'csv')
  if (OURS.test(filename))
    throw fault('INVALID_PARAMETER', 'Names of that form are given by the server.', {
      hint: 'Choose another output_filename, or leave it out.',
    })
  if ((await store.head(csvFileOf(tenant, filename, '').key)) !== null) throw nameTaken()
  return filename
}

/** Milliseconds that a call may still write after its time. */
const GRACE_MS = 5_000

/** Runs what writes a file under the caller's own name, with that name held; null: under ours, which need not be held. */
export function holdingName<T>(
  ports: NamePorts,
  filename: string | null,
  { caller: { tenant }, limits, now }: Pick<CallContext, 'caller' | 'limits' | 'now'>,
  work: () => Promise<T>,
): Promise<T> {
  if (filename === null) return work()
  return holdForCall(ports, { tenant, filename }, { now, until: now + limits.millis + GRACE_MS }, work)
}
