/** Finding files below the store's root without being led out of it. */
import { lstat, readdir, realpath, rm, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { fault } from '../../shared/fault.ts'
import { compareKeys } from '../lake/object-key.ts'
import type { ObjectInfo } from '../ports.ts'
import { hasCode } from './store-local-faults.ts'
import { isTempName } from './store-local-write.ts'

/**
 * Follows `path` from `root` down to the deepest part that exists.
 * @throws Fault INVALID_PARAMETER where a symbolic link leads out of the store.
 */
export async function assertInside(root: string, path: string): Promise<void> {
  const parts = relative(root, path).split(sep)
  const home = await realpath(root).catch(() => null)
  if (home === null) return
  let at = root
  for (const part of parts) {
    at = join(at, part)
    const found = await lstat(at).catch((error: unknown) => {
      if (hasCode(error, 'ENOENT', 'ENOTDIR')) return null
      throw error
    })
    if (found === null) return
    if (!found.isSymbolicLink()) continue
    const target = await realpath(at).catch(() => null)
    if (target === null || !`${target}${sep}`.startsWith(`${home}${sep}`))
      throw fault('INVALID_PARAMETER', 'The key leads out of the lake.')
  }
}

/** Objects whose key starts with `prefix`, in order of key. Links and temporary files are not objects. */
export async function listFiles(root: string, prefix: string): Promise<readonly ObjectInfo[]> {
  const found: ObjectInfo[] = []
  const visit = async (folder: string): Promise<void> => {
    for (const entry of await readFolder(join(root, folder))) {
      const key = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (entry.isDirectory() && reaches(`${key}/`, prefix)) await visit(key)
      if (!entry.isFile() || !key.startsWith(prefix) || isTempName(key)) continue
      const info = await stat(join(root, key)).catch(() => null)
      if (info !== null) found.push({ key, size: info.size, modified: Math.floor(info.mtimeMs) })
    }
  }
  await visit('')
  return found.toSorted((a, b) => compareKeys(a.key, b.key))
}

/** Takes away temporary files below `root` that were last written before that moment, milliseconds since the epoch. */
export async function clearTempFiles(root: string, before: number): Promise<void> {
  const visit = async (folder: string): Promise<void> => {
    for (const entry of await readFolder(folder)) {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) await visit(path)
      if (!entry.isFile() || !isTempName(path)) continue
      const info = await stat(path).catch(() => null)
      if (info !== null && info.mtimeMs < before) await rm(path, { force: true })
    }
  }
  await visit(root)
}

/** True where keys that start with `folder` may start with `prefix`. */
const reaches = (folder: string, prefix: string): boolean => folder.startsWith(prefix) || prefix.startsWith(folder)

async function readFolder(path: string) {
  try {
    return await readdir(path, { withFileTypes: true })
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return []
    throw error
  }
}
