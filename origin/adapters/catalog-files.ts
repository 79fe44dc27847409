/** Objects that a commit writes before the one that makes it real. Until then nobody sees them. */
import { fault } from '../../shared/fault.ts'
import { encodeManifest, encodeManifestList, type ManifestFile } from '../lake/iceberg/manifest.ts'
import type { ChangePlan } from '../lake/iceberg/plan-change.ts'
import type { TablePlace } from '../lake/iceberg/table-view.ts'
import type { ParquetFile } from '../lake/ports.ts'
import type { ObjectStore } from '../ports.ts'
import type { Entropy } from './catalog-entropy.ts'
import { abortFault } from './abort-fault.ts'

/** Copies Parquet files under the table's `data/`. @returns the copies' keys, in order. @throws Fault NOT_FOUND. */
export async function copyDataFiles(
  store: ObjectStore,
  { prefix }: TablePlace,
  files: readonly ParquetFile[],
  entropy: Entropy,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const uuid = entropy.uuid()
  const keys: string[] = []
  try {
    for (const [at, file] of files.entries()) {
      if (signal.aborted) throw abortFault(signal)
      const body = await store.stream(file.key)
      if (body === null) throw fault('NOT_FOUND', 'There is no such Parquet file in the lake.')
      const key = `${prefix}/data/dataset_id=${file.datasetId}/${uuid}-${String(at).padStart(5, '0')}.parquet`
      keys.push(key)
      await store.put(key, body)
    }
    return keys
  } catch (error) {
    await deleteQuietly(store, keys)
    throw error
  }
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
