/** SharedDisk over the data folder: what is kept is read there, downloads go to `downloads/<tenant>/` in it. */
import { isAbsolute, join, relative, resolve, sep } from 'node:path'
import { keyProblem } from '../lake/object-key.ts'
import type { SharedDisk } from '../ports.ts'
import { localStore } from './store-local.ts'

export interface LocalDiskOptions {
  /** Absolute. */
  readonly dataDir: string
  readonly bucket: string
  /** Whether the callers are on this machine. */
  readonly shared: boolean
}

const DOWNLOADS = 'downloads'

/** The walls are the store's own: the form of a key, and no symbolic link that leads out (`store-local.ts`). */
export function localDisk({ dataDir, bucket, shared }: LocalDiskOptions): SharedDisk {
  const downloads = localStore({ dataDir, bucket: DOWNLOADS })
  return {
    shared,
    keyOf: (path) => (shared ? keyInside(join(dataDir, bucket), resolve(dataDir, path)) : null),
    async save(tenant, path, body) {
      const folder = join(dataDir, DOWNLOADS, tenant)
      const key = shared ? keyInside(folder, isAbsolute(path) ? path : join(folder, path)) : null
      if (key === null) return { outcome: 'outside' }
      const isNew = await downloads.put(`${tenant}/${key}`, body, { ifAbsent: true })
      return isNew ? { outcome: 'saved', path: join(folder, key) } : { outcome: 'taken' }
    },
  }
}

/** The path below a folder as a key; null where it is elsewhere or no key. */
function keyInside(folder: string, path: string): string | null {
  const key = relative(folder, path).split(sep).join('/')
  return isAbsolute(key) || keyProblem(key) !== null ? null : key
}
