/** Writing files so that they are whole or absent, also after a crash. */
import { randomUUID } from 'node:crypto'
import { link, open } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { TEMP_MARK } from '../lake/object-key.ts'
import { hasCode } from './store-local-faults.ts'

/** A name beside `path` that no other writer uses. Short: the target's own name may already be 255 bytes long. */
export const tempName = (path: string): string => join(dirname(path), `${TEMP_MARK}${randomUUID()}`)

export const isTempName = (path: string): boolean => basename(path).includes(TEMP_MARK)

/** Writes and syncs a new file. */
export async function writeSynced(path: string, body: Uint8Array | AsyncIterable<Uint8Array>): Promise<void> {
  const file = await open(path, 'wx')
  try {
    // FileHandle.writeFile drains an async iterable chunk by chunk, so a stream is never held whole.
    await file.writeFile(body)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Gives `path` the contents of `temp` if nobody was first. link(2) fails with EEXIST, never overwrites. */
export async function linkIfAbsent(temp: string, path: string): Promise<boolean> {
  try {
    await link(temp, path)
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false
    throw error
  }
  await syncFolder(dirname(path))
  return true
}

export async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}

/** A new name survives a power cut only once its folder is synced. Some file systems refuse to; that is no failure. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } catch (error) {
    if (!hasCode(error, 'EINVAL', 'ENOTSUP', 'EPERM')) throw error
  } finally {
    await folder.close()
  }
}
