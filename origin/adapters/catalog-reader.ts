/** Reading one table: its current metadata, manifest lists and manifests. */
import { fault } from '../../shared/fault.ts'
import { parseJson } from '../lake/iceberg/json.ts'
import {
  decodeManifest,
  decodeManifestList,
  holdsDeletes,
  type ManifestEntry,
  type ManifestFile,
} from '../lake/iceberg/manifest.ts'
import { assertReadable, currentSnapshot, type Snapshot, type TableMetadata } from '../lake/iceberg/metadata.ts'
import { assertNoDeletes, hasDeletes } from '../lake/iceberg/row-deletes.ts'
import { keyOf, type TablePlace, tableView } from '../lake/iceberg/table-view.ts'
import { snapshotAt } from '../lake/iceberg/time-travel.ts'
import type { LakeTable, TableMoment } from '../lake/ports.ts'
import type { ObjectStore } from '../ports.ts'
import type { CurrentMetadata, TablePointer } from './catalog-pointer.ts'

/** A table as one look at its pointer found it. */
export interface TableState {
  readonly pointed: CurrentMetadata
  readonly metadata: TableMetadata
}

export interface TableReader {
  readonly place: TablePlace
  /** Null where the table does not exist. */
  current(): Promise<TableState | null>
  /** A snapshot's manifest list: the current one's where none is named. */
  manifests(metadata: TableMetadata, snapshot?: Snapshot | null): Promise<readonly ManifestFile[]>
  /** Entries of the given manifests, by path. */
  entries(
    metadata: TableMetadata,
    manifests: readonly ManifestFile[],
  ): Promise<ReadonlyMap<string, readonly ManifestEntry[]>>
  /** The table as it is, or as it was. @throws Fault NOT_FOUND where it has no such snapshot. */
  view(metadata: TableMetadata, at?: TableMoment): Promise<LakeTable>
}

/** Other writers may commit, and tidy the old metadata away, between a look at the pointer and one at the file. */
const LOOKS = 5

/** @param tellsDeletes Says of a table with delete files that it has some, instead of refusing it. */
export function tableReader(
  store: ObjectStore,
  pointer: TablePointer,
  place: TablePlace,
  tellsDeletes = false,
): TableReader {
  const fetched = async (path: string, metadata: TableMetadata): Promise<Uint8Array> => {
    const bytes = await store.get(keyOf(path, metadata, place))
    if (bytes === null) throw fault('DATA_TRANSFORM_ERROR', 'A metadata file of the table is missing.')
    return bytes
  }

  const reader: TableReader = {
    place,

    async current() {
      for (let look = 1; look <= LOOKS; look += 1) {
        const pointed = await pointer.current(place)
        if (pointed === null) return null
        const bytes = await store.get(pointed.key)
        if (bytes === null) continue
        const metadata = readMetadata(bytes)
        assertReadable(metadata)
        return { pointed, metadata }
      }
      throw fault('DATA_TRANSFORM_ERROR', 'The metadata of the table is missing.')
    },

    async manifests(metadata, snapshot = currentSnapshot(metadata)) {
      return snapshot === null ? [] : decodeManifestList(await fetched(snapshot['manifest-list'], metadata))
    },

    async entries(metadata, manifests) {
      const read = async (line: ManifestFile) =>
        [line.manifest_path, await decodeManifest(await fetched(line.manifest_path, metadata), line)] as const
      return new Map(await Promise.all(manifests.map(read)))
    },

    async view(metadata, at) {
      const snapshot = snapshotAt(metadata, at)
      const manifests = await reader.manifests(metadata, snapshot)
      if (!tellsDeletes) assertNoDeletes(manifests, snapshot)
      const data = manifests.filter((line) => !holdsDeletes(line))
      const entries = await reader.entries(metadata, data)
      const view = tableView(metadata, data, [...entries.values()].flat(), place, snapshot)
      return hasDeletes(manifests) ? { ...view, rowsDeleted: true } : view
    },
  }
  return reader
}

/** @throws Fault DATA_TRANSFORM_ERROR where the bytes are no JSON. */
export function readMetadata(bytes: Uint8Array): TableMetadata {
  try {
    return parseJson(new TextDecoder().decode(bytes)) as TableMetadata
  } catch (error) {
    throw fault('DATA_TRANSFORM_ERROR', 'The metadata of the table is damaged.', { cause: error })
  }
}
