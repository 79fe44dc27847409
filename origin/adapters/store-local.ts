/** ObjectStore over a folder of this machine: `<dataDir>/<bucket>/<key>`. */
import type { BigIntStats } from 'node:fs'
import { copyFile, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import type { ObjectStore } from '../ports.ts'
import { keyProblem } from '../lake/object-key.ts'
import { fault } from '../../shared/fault.ts'
import { diskFault, hasCode } from './store-local-faults.ts'
import { linkIfAbsent, syncFile, syncFolder, tempName, writeSynced } from './store-local-write.ts'
import { assertInside, clearTempFiles, listFiles } from './store-local-walk.ts'

export interface LocalStoreOptions {
  readonly dataDir: string
  readonly bucket: string
}

/**
 * Writes go to a temporary file beside the target, are synced, and then renamed (or linked, for `ifAbsent`:
 * link(2) is the one call that is exclusive and shows whole contents). A process killed at any point leaves
 * at most a temporary file, which `list` does not show.
 *
 * @throws Fault INVALID_PARAMETER for a key outside the store; INTERNAL_ERROR in plain words for a full or read-only disk.
 */
export function localStore({ dataDir, bucket }: LocalStoreOptions): ObjectStore {
  const root = join(dataDir, bucket)

  /** The file of a key, after both walls: the key's own form, and no symbolic link on the way that leads out. */
  const pathOf = async (key: string): Promise<string> => {
    const problem = keyProblem(key)
    if (problem !== null) throw fault('INVALID_PARAMETER', problem)
    const path = join(root, key)
    await assertInside(root, path)
    return path
  }

  return {
    bucket,

    get: (key) =>
      guarded(async () => {
        const path = await pathOf(key)
        return absentAsNull(async () => new Uint8Array(await readFile(path)))
      }),

    stream: (key, from = 0, version) =>
      guarded(async () => {
        const path = await pathOf(key)
        const file = await absentAsNull(() => open(path))
        if (file === null) return null
        // What is open stays what it is, whoever writes a new one under the same name.
        const found = await file.stat({ bigint: true })
        if (found.isFile() && (version === undefined || version === versionOf(found)))
          return Readable.toWeb(file.createReadStream({ start: from })) as ReadableStream<Uint8Array>
        await file.close()
        return null
      }),

    head: (key) =>
      guarded(async () => {
        const path = await pathOf(key)
        const found = await absentAsNull(() => stat(path, { bigint: true }))
        if (!found?.isFile()) return null
        return { key, size: Number(found.size), modified: Number(found.mtimeMs), version: versionOf(found) }
      }),

    put: (key, body, { ifAbsent = false } = {}) =>
      guarded(async () => {
        const path = await pathOf(key)
        const temp = tempName(path)
        await mkdir(dirname(path), { recursive: true })
        try {
          await writeSynced(temp, body)
          if (ifAbsent) return await linkIfAbsent(temp, path)
          await rename(temp, path)
          await syncFolder(dirname(path))
          return true
        } finally {
          await rm(temp, { force: true })
        }
      }),

    list: (prefix) =>
      guarded(async () => {
        const problem = prefix === '' ? null : keyProblem(prefix.replace(/\/$/, ''))
        if (problem !== null) throw fault('INVALID_PARAMETER', problem)
        return listFiles(root, prefix)
      }),

    delete: (key) =>
      guarded(async () => {
        const path = await pathOf(key)
        await absentAsNull(() => rm(path))
      }),

    localPath: (key) =>
      guarded(async () => {
        const path = await pathOf(key)
        const found = await absentAsNull(() => stat(path))
        if (!found?.isFile()) throw fault('NOT_FOUND', 'There is no such file in the lake.')
        return path
      }),

    putFile: (key, from) =>
      guarded(async () => {
        const path = await pathOf(key)
        await mkdir(dirname(path), { recursive: true })
        await syncFile(from)
        await rename(from, path).catch(async (error: unknown) => {
          if (!hasCode(error, 'EXDEV')) throw error
          await moveAcrossDisks(from, path)
        })
        await syncFolder(dirname(path))
      }),

    clearUnfinished: (before) => guarded(() => clearTempFiles(root, before)),
  }
}

/** Every write makes a new file: its inode, and the time and size that tell it from an older file of the same number. */
const versionOf = ({ ino, mtimeNs, size }: BigIntStats): string =>
  [ino, mtimeNs, size].map((part) => part.toString(36)).join('-')

/** rename(2) cannot cross file systems: copy beside the target first, so that the target is never half. */
async function moveAcrossDisks(from: string, path: string): Promise<void> {
  const temp = tempName(path)
  try {
    await copyFile(from, temp)
    await syncFile(temp)
    await rename(temp, path)
    await rm(from, { force: true })
  } finally {
    await rm(temp, { force: true })
  }
}

async function absentAsNull<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read()
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR', 'EISDIR')) return null
    throw error
  }
}

/** Every method ends here, so that no path of the machine leaves with an error. */
async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw diskFault(error)
  }
}
