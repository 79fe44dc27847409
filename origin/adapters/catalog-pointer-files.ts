/**
 * TablePointer by names alone, as Iceberg's file system tables have it: `metadata/v<N>.metadata.json`, the highest N is
 * the table, and a commit is the exclusive creation of the next one: link(2) on a disk, `If-None-Match: *` on S3.
 *
 * Whoever deletes old metadata files must leave those that a writer may still build on: N+1 is free again once its
 * file is gone, and a writer that slept since would take it.
 */
import { printJson } from '../lake/iceberg/json.ts'
import type { TableMetadata } from '../lake/iceberg/metadata.ts'
import type { TablePlace } from '../lake/iceberg/table-view.ts'
import type { ObjectStore } from '../ports.ts'
import { outcomeUnknown } from './aws-faults.ts'
import { type TablePointer, UnknownOutcome } from './catalog-pointer.ts'

export interface FilePointerOptions {
  readonly store: ObjectStore
  /** What other engines put before a key to find the object: the bucket's absolute folder, or `s3://<bucket>`. */
  readonly root: string
}

const folderOf = ({ prefix }: TablePlace): string => `${prefix}/metadata`
const keyOfVersion = (place: TablePlace, version: number): string => `${folderOf(place)}/v${version}.metadata.json`

export function filePointer({ store, root }: FilePointerOptions): TablePointer {
  const create = async (place: TablePlace, version: number, metadata: TableMetadata): Promise<boolean> => {
    const created = await createOnce(store, keyOfVersion(place, version), encode(printJson(metadata)))
    // Only saves readers some probing: the table is right without it.
    if (created) await store.put(`${folderOf(place)}/version-hint.text`, encode(String(version))).catch(() => false)
    return created
  }

  return {
    async list(tenant) {
      const objects = await store.list(`${tenant}/iceberg/`)
      const names = objects.flatMap(
        ({ key }) => /^[^/]+\/iceberg\/([^/]+)\/metadata\/v\d+\.metadata\.json$/.exec(key)?.[1] ?? [],
      )
      return [...new Set(names)].toSorted()
    },

    async current(place) {
      const version = await latestVersion(store, place)
      if (version === 0) return null
      const key = keyOfVersion(place, version)
      return { key, location: `${root}/${key}`, swap: (metadata) => create(place, version + 1, metadata) }
    },

    create: (place, metadata) => create(place, 1, metadata),
  }
}

/** The hint may be old, missing or nonsense: versions after it are probed, and without a good one they are listed. */
async function latestVersion(store: ObjectStore, place: TablePlace): Promise<number> {
  const has = async (version: number): Promise<boolean> => (await store.head(keyOfVersion(place, version))) !== null
  const hint = Number(text(await store.get(`${folderOf(place)}/version-hint.text`)) ?? 0)
  let version = Number.isSafeInteger(hint) && hint > 0 && (await has(hint)) ? hint : 0
  if (version === 0) {
    const objects = await store.list(`${folderOf(place)}/v`)
    for (const { key } of objects) version = Math.max(version, Number(/\/v(\d+)\.metadata\.json$/.exec(key)?.[1] ?? 0))
  }
  while (await has(version + 1)) version += 1
  return version
}

/**
 * Creates the file; false where another writer's is there. A failed write is looked up, and sent again only as the very
 * same bytes: whichever of the two arrives, one file comes of it.
 */
async function createOnce(store: ObjectStore, key: string, bytes: Uint8Array): Promise<boolean> {
  const put = () => store.put(key, bytes, { ifAbsent: true })
  try {
    return await put()
  } catch (first) {
    const isOurs = async (): Promise<boolean | null> => {
      const found = await store.get(key).catch((): never => {
        throw new UnknownOutcome(first)
      })
      return found === null ? null : Buffer.compare(found, bytes) === 0
    }
    const known = await isOurs()
    if (known !== null) return known
    const created = await put().catch(() => false)
    const now = created || (await isOurs())
    if (now !== null) return now
    // A request that nobody answered may still be on its way.
    throw outcomeUnknown(first) ? new UnknownOutcome(first) : first
  }
}

const encode = (content: string): Uint8Array => new TextEncoder().encode(content)
const text = (bytes: Uint8Array | null): string | null =>
  bytes === null ? null : new TextDecoder().decode(bytes).trim()
