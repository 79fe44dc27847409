import { fault } from '../../shared/fault.ts'
import type { ObjectStore } from '../ports.ts'

/** What the tenants share: pages of public statistics and their manifests, and nothing else under `raw/`. */
const RAW = /^raw\/\d{10}\/[^/]+\/(manifest\.json|page-\d{5}\.json\.gz)$/

/** How a key is shown: the same on a disk and on S3. */
export const lakePath = (store: Pick<ObjectStore, 'bucket'>, key: string): string => `s3://${store.bucket}/${key}`

/**
 * The key behind `s3://<bucket>/<key>` (or a bare key), where the caller may read it: its own tenant's, or the shared
 * raw pages of public statistics.
 *
 * @throws Fault INVALID_PARAMETER for a path outside the lake; NOT_FOUND for another tenant's, as if it were not there.
 */
export function keyOf(path: string, store: Pick<ObjectStore, 'bucket'>, tenant: string, argument: string): string {
  const [, bucket, key] = /^(?:s3:\/\/([^/]+)\/)?(.+)$/s.exec(path.trim()) ?? []
  const plain = key !== undefined && !/^\/|\\|\0|(^|\/)\.{1,2}(\/|$)|\/\/|^[a-z]+:/i.test(key)
  if (!plain || (bucket !== undefined && bucket !== store.bucket))
    throw fault('INVALID_PARAMETER', `${argument} must be a path in this lake.`, {
      hint: `Paths look like s3://${store.bucket}/...; use the one that an earlier call returned.`,
    })
  if (key.startsWith(`${tenant}/`) || RAW.test(key)) return key
  throw fault('NOT_FOUND', `There is nothing at that path (${argument}).`, {
    hint: 'Use the path that an earlier call returned.',
  })
}

/**
 * A file name of the caller's, with the extension it must have.
 *
 * @throws Fault INVALID_PARAMETER for a name that holds a folder, a control character or more than 200 bytes.
 */
export function fileNameOf(wanted: string, extension: string, argument = 'The file name'): string {
  const name = wanted.normalize('NFC').trim()
  const whole = name.toLowerCase().endsWith(`.${extension}`) ? name : `${name}.${extension}`
  const bytes = new TextEncoder().encode(whole).length
  // oxlint-disable-next-line no-control-regex -- control characters are what is refused
  if (name === '' || /[/\\:*?"<>|\u0000-\u001f\u007f]/.test(whole) || whole.startsWith('.') || bytes > 200)
    throw fault('INVALID_PARAMETER', `${argument} must be a plain name without folders.`, {
      hint: `E.g. "人口_東京都.${extension}"; the folder is chosen for you.`,
    })
  return whole
}
