/** Links to kept files, as tools show them. */
import { LINK_SECONDS } from '../../shared/file-link.ts'
import { fault } from '../../shared/fault.ts'
import { type KeptFile, keptFile } from '../../shared/kept-file.ts'
import type { Caller } from '../../shared/server-info.ts'
import type { ObjectInfo, Ports } from '../ports.ts'
import { keyOf } from './lake-path.ts'
import { shellQuoted } from './shell-words.ts'

export interface StoredFile extends KeptFile {
  readonly info: ObjectInfo
}

/** @throws Fault as `keyOf` says; INVALID_PARAMETER for what is no kept file; NOT_FOUND for what is not there. */
export async function storedFile(path: string, { store }: Pick<Ports, 'store'>, tenant: string): Promise<StoredFile> {
  const file = keptFile(keyOf(path, store, tenant, 's3_path'))
  if (file === null || file.tenant !== tenant)
    throw fault('INVALID_PARAMETER', 's3_path must be a kept CSV or Parquet file.', {
      hint: 'Use the s3_path of save_dataset_as_csv or the s3_parquet_path of transform_to_parquet.',
    })
  const info = await store.head(file.key)
  if (info !== null) return { ...file, info }
  throw fault('NOT_FOUND', 'There is no file at that path.', {
    hint: 'Use the s3_path that save_dataset_as_csv or save_metadata_as_csv returned.',
  })
}

export interface MadeLink {
  /** Whole, or the path alone where the edge's address is not known. */
  readonly url: string
  readonly whole: boolean
  /** ISO 8601, whole seconds. */
  readonly expiresAt: string
  readonly command: string
}

export interface LinkWish {
  readonly file: KeptFile
  /** The name that the file is saved under. */
  readonly name: string
  readonly caller: Caller
  /** Milliseconds since the epoch. */
  readonly now: number
  /** 60 to 604,800. */
  readonly seconds?: number
}

/** Null where this server has no key to sign with. */
export async function linkTo(links: Ports['links'], wish: LinkWish): Promise<MadeLink | null> {
  const { file, name, caller, now, seconds = LINK_SECONDS.default } = wish
  if (links.sign === null) return null
  const path = await links.sign({ key: file.key, tenant: file.tenant, name, sub: caller.id }, now, seconds)
  const base = caller.base ?? links.publicUrl
  const url = `${base ?? ''}${path}`
  return {
    url,
    whole: base !== null,
    expiresAt: new Date((Math.floor(now / 1000) + seconds) * 1000).toISOString().replace('.000Z', 'Z'),
    // Nothing is written where the link is refused.
    command: `curl -f -o ${shellQuoted(name.startsWith('-') ? `./${name}` : name)} ${shellQuoted(base === null ? `https://<edge>${path}` : url)}`,
  }
}
