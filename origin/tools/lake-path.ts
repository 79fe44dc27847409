import { fault } from '../../shared/fault.ts'
import type { ObjectStore } from '../ports.ts'

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
  if (key.startsWith(`${tenant}/`) || key.startsWith('raw/')) return key
  throw fault('NOT_FOUND', `There is nothing at that path (${argument}).`, {
    hint: 'Use the path that an earlier call returned.',
  })
}
