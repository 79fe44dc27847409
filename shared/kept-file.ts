/**
 * Kept files as both halves name them over HTTP: `/files/<key>`, each part of the key percent-encoded once. Pure.
 */
import { contentDisposition } from './content-disposition.ts'

const PREFIX = '/files/'
/** S3's limit for a key in UTF-8 (User Guide, "Naming Amazon S3 objects"). */
const KEY_BYTES = 1024

/** What is handed out of a tenant's own folders, by the end of the name. Jobs, side files and results of queries are not. */
const KEPT: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  csv: { csv: 'text/csv; charset=utf-8' },
  parquet: { parquet: 'application/vnd.apache.parquet' },
  iceberg: {
    parquet: 'application/vnd.apache.parquet',
    json: 'application/json',
    avro: 'application/octet-stream',
  },
}

export interface KeptFile {
  /** Object key without bucket: `estat/csv/人口.csv`. */
  readonly key: string
  /** Whose it is: the first part of the key. */
  readonly tenant: string
  /** The last part of the key. */
  readonly name: string
  readonly contentType: string
}

/** The kept file behind an object key; null for every key that is none. */
export function keptFile(key: string): KeptFile | null {
  const parts = key.split('/')
  const [tenant = '', folder = '', ...rest] = parts
  const name = rest.at(-1) ?? ''
  const contentType = own(own(KEPT, folder) ?? {}, name.slice(name.lastIndexOf('.') + 1).toLowerCase())
  const whole = parts.every((part) => part !== '' && part !== '.' && part !== '..') && !/[\p{Cc}\\]/u.test(key)
  if (!whole || !key.isWellFormed() || !name.includes('.') || contentType === undefined) return null
  return new TextEncoder().encode(key).length > KEY_BYTES ? null : { key, tenant, name, contentType }
}

const own = <T>(table: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined

/**
 * The kept file that a path means; null for a path that means none. Decoded exactly once: `%252e%252e` is a name with
 * percent signs in it, and `%2F` within a part is no separator but an error.
 *
 * @param pathname As `URL.pathname` has it, still encoded.
 */
export function fileOfPath(pathname: string): KeptFile | null {
  if (!pathname.startsWith(PREFIX)) return null
  const parts = pathname.slice(PREFIX.length).split('/').map(decoded)
  if (parts.some((part) => part === null || part.includes('/'))) return null
  return keptFile(parts.join('/'))
}

/** The path of a key; the same one for the same key. */
export const pathOfFile = (key: string): string => PREFIX + key.split('/').map(encodeURIComponent).join('/')

/**
 * What every answer with the file's bytes says beside its validators: a download, never a page, kept by no cache on the
 * way and changed by none (a proxy that compresses would break ranges).
 *
 * @param name The name that it is saved under.
 */
export const downloadHeaders = ({ contentType }: KeptFile, name: string): Readonly<Record<string, string>> => ({
  'content-type': contentType,
  'content-disposition': contentDisposition(name),
  'cache-control': 'private, no-store, no-transform',
  'x-content-type-options': 'nosniff',
})

function decoded(part: string): string | null {
  try {
    return decodeURIComponent(part)
  } catch {
    return null
  }
}
