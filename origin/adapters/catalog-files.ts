/** Objects that a commit writes before the one that makes it real. Until then nobody sees them. */
import { fault } from '../../shared/fault.ts'
import { encodeManifest, encodeManifestList, type ManifestFile } from '../lake/iceberg/manifest.ts'
import type { ChangePlan } from '../lake/iceberg/plan-change.ts'
import { dataFileKey, type TablePlace } from '../lake/iceberg/table-view.ts'
import type { ParquetFile, TableChange } from '../lake/ports.ts'
import type { ObjectStore } from '../ports.ts'
import type { Entropy } from './catalog-entropy.ts'
import { abortFault } from './abort-fault.ts'

export interface Placing {
  readonly store: ObjectStore
  readonly place: TablePlace
  readonly entropy: Entropy
  readonly signal: AbortSignal
}

export interface Placed {
  /** Where the change's files lie in the table, in its order. */
  readonly keys: readonly string[]
  /** Those among them that were copied: deleted where the commit fails. */
  readonly copies: readonly string[]
}

/** A staged file older than this is copied like any other: the upkeep may take it for an orphan while it is committed. */
const STAGED_MS = 24 * 60 * 60 * 1000

/** Parquet files under the table's `data/`: copied there, or left where they are `staged`. @throws Fault NOT_FOUND. */
export async function placeDataFiles(
  { store, place, entropy, signal }: Placing,
  { files, staged = false }: TableChange,
  now: number,
): Promise<Placed> {
  const uuid = entropy.uuid()
  const keys: string[] = []
  const copies: string[] = []
  try {
    for (const [at, file] of files.entries()) {
      if (signal.aborted) throw abortFault(signal)
      if (staged && (await isInPlace(store, place, file, now))) {
        keys.push(file.key)
        continue
      }
      const body = await store.stream(file.key)
      if (body === null) throw fault('NOT_FOUND', 'There is no such Parquet file in the lake.')
      const key = dataFileKey(place, file.datasetId, `${uuid}-${String(at).padStart(5, '0')}`)
      copies.push(key)
      keys.push(key)
      await store.put(key, body)
    }
    return { keys, copies }
  } catch (error) {
    await deleteQuietly(store, copies)
    throw error
  }
}

async function isInPlace(
  store: ObjectStore,
  { prefix }: TablePlace,
  { key }: ParquetFile,
  now: number,
): Promise<boolean> {
  if (!key.startsWith(`${prefix}/data/`)) return false
  const found = await store.head(key)
  return found !== null && now - found.modified < STAGED_MS
}

/** Writes manifests and manifest list. @returns the keys written. */
export async function writePlan(
  store: ObjectStore,
  plan: ChangePlan,
  keyOf: (path: string) => string,
  entropy: Entropy,
): Promise<readonly string[]> {
  const lines: ManifestFile[] = [...plan.keptManifests]
  const keys: string[] = []
  const put = async (path: string, bytes: Uint8Array): Promise<void> => {
    keys.push(keyOf(path))
    await store.put(keyOf(path), bytes)
  }
  try {
    for (const { entries, line } of plan.newManifests) {
      const bytes = await encodeManifest(entries, plan.metadata, entropy.sync())
      await put(line.manifest_path, bytes)
      lines.push({ ...line, manifest_length: BigInt(bytes.length) })
    }
    await put(plan.listPath, await encodeManifestList(lines, plan.listHeader, entropy.sync()))
    return keys
  } catch (error) {
    await deleteQuietly(store, keys)
    throw error
  }
}

/** Tidying up: what stays behind is an orphan that no reader sees, so a failure here fails nothing. */
export async function deleteQuietly(store: ObjectStore, keys: readonly string[]): Promise<void> {
  await Promise.allSettled(keys.map((key) => store.delete(key)))
}
