/** Reading one table's metadata, manifest lists and manifests, and creating its next metadata file. */
import { fault } from '../../shared/fault.ts'
import { parseJson, printJson } from '../lake/iceberg/json.ts'
import { decodeManifest, decodeManifestList, type ManifestEntry, type ManifestFile } from '../lake/iceberg/manifest.ts'
import { assertSupported, currentSnapshot, type TableMetadata } from '../lake/iceberg/metadata.ts'
import { keyOf, type TablePlace, tableView } from '../lake/iceberg/table-view.ts'
import type { LakeTable } from '../lake/ports.ts'
import type { ObjectStore } from '../ports.ts'

export interface TableVersion {
  /** N of `v<N>.metadata.json`. */
  readonly version: number
  readonly key: string
  readonly metadata: TableMetadata
}

export interface TableFiles {
  /** The highest version; null where the table does not exist. */
  current(): Promise<TableVersion | null>
  read(version: number): Promise<TableVersion | null>
  /** False where that version exists already. */
  create(version: number, metadata: TableMetadata): Promise<boolean>
  /** The current snapshot's manifest list. */
  manifests(metadata: TableMetadata): Promise<readonly ManifestFile[]>
  /** Entries of the given manifests, by path. */
  entries(
    metadata: TableMetadata,
    manifests: readonly ManifestFile[],
  ): Promise<ReadonlyMap<string, readonly ManifestEntry[]>>
  view(metadata: TableMetadata): Promise<LakeTable>
}

export function tableFiles(store: ObjectStore, place: TablePlace): TableFiles {
  const folder = `${place.prefix}/metadata`
  const keyOfVersion = (version: number): string => `${folder}/v${version}.metadata.json`
  const hintKey = `${folder}/version-hint.text`

  const fetched = async (path: string, metadata: TableMetadata): Promise<Uint8Array> => {
    const bytes = await store.get(keyOf(path, metadata, place))
    if (bytes === null) throw fault('DATA_TRANSFORM_ERROR', 'A metadata file of the table is missing.')
    return bytes
  }

  /** The hint may be old, missing or nonsense: versions after it are probed, and without a good one they are listed. */
  const latestVersion = async (): Promise<number> => {
    const hint = Number(text(await store.get(hintKey)) ?? 0)
    let version = Number.isSafeInteger(hint) && hint > 0 && (await store.head(keyOfVersion(hint))) !== null ? hint : 0
    if (version === 0) {
      const keys = await store.list(`${folder}/v`)
      for (const { key } of keys) version = Math.max(version, Number(/\/v(\d+)\.metadata\.json$/.exec(key)?.[1] ?? 0))
    }
    while ((await store.head(keyOfVersion(version + 1))) !== null) version += 1
    return version
  }

  const files: TableFiles = {
    async current() {
      const version = await latestVersion()
      return version === 0 ? null : files.read(version)
    },

    async read(version) {
      const key = keyOfVersion(version)
      const bytes = await store.get(key)
      if (bytes === null) return null
      const metadata = parseMetadata(bytes)
      assertSupported(metadata)
      return { version, key, metadata }
    },

    async create(version, metadata) {
      const created = await store.put(keyOfVersion(version), encode(printJson(metadata)), { ifAbsent: true })
      // Only saves readers some probing: the table is right without it.
      if (created) await store.put(hintKey, encode(String(version))).catch(() => false)
      return created
    },

    async manifests(metadata) {
      const snapshot = currentSnapshot(metadata)
      return snapshot === null ? [] : decodeManifestList(await fetched(snapshot['manifest-list'], metadata))
    },

    async entries(metadata, manifests) {
      const read = async (line: ManifestFile) =>
        [line.manifest_path, await decodeManifest(await fetched(line.manifest_path, metadata), line)] as const
      return new Map(await Promise.all(manifests.map(read)))
    },

    async view(metadata) {
      const manifests = await files.manifests(metadata)
      const entries = await files.entries(metadata, manifests)
      return tableView(metadata, manifests, [...entries.values()].flat(), place)
    },
  }
  return files
}

function parseMetadata(bytes: Uint8Array): TableMetadata {
  try {
    return parseJson(new TextDecoder().decode(bytes)) as TableMetadata
  } catch (error) {
    throw fault('DATA_TRANSFORM_ERROR', 'The metadata of the table is damaged.', { cause: error })
  }
}

const encode = (content: string): Uint8Array => new TextEncoder().encode(content)
const text = (bytes: Uint8Array | null): string | null =>
  bytes === null ? null : new TextDecoder().decode(bytes).trim()
