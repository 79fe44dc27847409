/**
 * Copies of immutable objects on this machine, bounded in bytes, least recently used out. A copy is whole or absent:
 * it is written beside its place, synced and renamed. Any number of processes may share the folder.
 *
 * The engine opens a file by its path some time after it was handed out, so one that was asked for lately is never
 * taken away (`graceMs`, longer than any query may run): the bound then fails the newcomer, not the running query.
 */
import { createHash, randomUUID } from 'node:crypto'
import { mkdir, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fault } from '../../shared/fault.ts'
import { hasCode } from './store-local-faults.ts'
import { syncFile } from './store-local-write.ts'

export interface FileCacheOptions {
  readonly folder: string
  readonly maxBytes: number
  /** Milliseconds; 2 minutes where absent. */
  readonly graceMs?: number
  /** Milliseconds since the epoch. */
  readonly now?: () => number
}

/** What a miss fetches. */
export interface Incoming {
  readonly size: number
  readonly chunks: AsyncIterable<Uint8Array>
  /** Called where it is not read to its end. */
  readonly close: () => void
}

export interface FileCache {
  /** The path of the copy, fetched where there is none; null where `fetch` finds nothing. Askers of one name share a fetch. */
  path(name: string, fetch: () => Promise<Incoming | null>): Promise<string | null>
  /** Takes a finished file over as the copy: it is moved. False, and the file stays, where it cannot be kept. */
  adopt(name: string, path: string): Promise<boolean>
}

const TEMP = '.part-'
const GOING = '.going-'
/** What a killed process left unfinished is cleared after this time, milliseconds. */
const STALE_MS = 3_600_000

/** A name for the copy of one version of an object. It keeps the ending, by which engines know a file's kind. */
export function copyName(key: string, version = ''): string {
  const ending = /(\.[a-z0-9]{1,8}){1,2}$/.exec(basename(key))?.[0] ?? ''
  return `${createHash('sha256').update(`${key}\n${version}`).digest('hex')}${ending}`
}

export function fileCache(options: FileCacheOptions): FileCache {
  const { folder, now = Date.now } = options
  const flights = new Map<string, Promise<string | null>>()

  /** True where the copy is there; it counts as used now. */
  const touch = async (path: string): Promise<boolean> => {
    try {
      const at = now() / 1000
      await utimes(path, at, at)
      await stat(path)
      return true
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return false
      throw error
    }
  }

  const keep = async (path: string, fetch: () => Promise<Incoming | null>): Promise<string | null> => {
    if (await touch(path)) return path
    const incoming = await fetch()
    if (incoming === null) return null
    const temp = join(folder, `${TEMP}${randomUUID()}`)
    try {
      await mkdir(folder, { recursive: true })
      await makeRoom(options, incoming.size)
      await writeWhole(temp, incoming).catch(fullFault)
      await rename(temp, path)
      await touch(path)
      return path
    } finally {
      incoming.close()
      await rm(temp, { force: true })
    }
  }

  return {
    path(name, fetch) {
      const path = join(folder, name)
      const flight = flights.get(name) ?? keep(path, fetch).finally(() => flights.delete(name))
      flights.set(name, flight)
      return flight
    },

    async adopt(name, path) {
      try {
        await mkdir(folder, { recursive: true })
        await makeRoom(options, (await stat(path)).size)
        await syncFile(path)
        await rename(path, join(folder, name))
        return await touch(join(folder, name))
      } catch {
        // Another disk, or no room: the copy is fetched when it is asked for.
        return false
      }
    },
  }
}

/** @throws Error of the file system; whatever the chunks throw; Fault AWS_SERVICE_ERROR where they come short. */
async function writeWhole(path: string, { size, chunks }: Incoming): Promise<void> {
  const file = await open(path, 'wx')
  try {
    await file.writeFile(chunks)
    await file.sync()
    if ((await file.stat()).size !== size) throw fault('AWS_SERVICE_ERROR', 'An object of the lake came short.')
  } finally {
    await file.close()
  }
}

function noneYet(error: unknown): string[] {
  if (hasCode(error, 'ENOENT')) return []
  throw error
}

function fullFault(error: unknown): never {
  if (!hasCode(error, 'ENOSPC', 'EDQUOT')) throw error
  throw fault('INTERNAL_ERROR', 'The disk that holds copies of the lake is full.', {
    hint: 'Ask the operator for more disk, or for a smaller ESTAT_CACHE_MB.',
    cause: error,
  })
}

/**
 * Takes copies away, longest unused first, until `size` more bytes fit.
 * @throws Fault TOO_LARGE where those in use leave no room.
 */
async function makeRoom({ folder, maxBytes, graceMs = 120_000, now = Date.now }: FileCacheOptions, size: number) {
  const files = await filesIn(folder)
  let held = 0
  for (const file of files) {
    const left = file.name.startsWith(TEMP) || file.name.startsWith(GOING)
    if (left && file.used < now() - STALE_MS) await rm(join(folder, file.name), { force: true })
    else held += file.bytes
  }
  const idle = files
    .filter(({ name, used }) => !name.startsWith('.') && used < now() - graceMs)
    .toSorted((a, b) => a.used - b.used)
  for (const { name, bytes, used } of idle) {
    if (held + size <= maxBytes) return
    if (await takeAway(folder, name, used)) held -= bytes
  }
  if (held + size > maxBytes)
    throw fault('TOO_LARGE', 'The tables of this query are larger than what the server keeps of them at hand.', {
      hint: 'Ask smaller tables, or try again in some minutes; the operator can raise ESTAT_CACHE_MB.',
    })
}

/** Renamed first: another process that asks for it in that moment either misses it and fetches, or has marked it as used. */
async function takeAway(folder: string, name: string, used: number): Promise<boolean> {
  const path = join(folder, name)
  const going = join(folder, `${GOING}${randomUUID()}`)
  try {
    await rename(path, going)
    if ((await stat(going)).mtimeMs > used + 1) {
      await rename(going, path)
      return false
    }
    await rm(going, { force: true })
    return true
  } catch (error) {
    // Another process was first.
    if (hasCode(error, 'ENOENT')) return true
    throw error
  }
}

/** What the copies take. A folder that is not there yet holds nothing. */
export async function cacheSize(folder: string): Promise<{ readonly files: number; readonly bytes: number }> {
  const files = (await filesIn(folder)).filter(({ name }) => !name.startsWith('.'))
  return { files: files.length, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0) }
}

/** Takes every copy away that nobody asked for lately. @returns what went. */
export async function clearCache({ folder, graceMs = 120_000, now = Date.now }: Omit<FileCacheOptions, 'maxBytes'>) {
  const gone = { files: 0, bytes: 0 }
  for (const { name, bytes, used } of await filesIn(folder)) {
    if (name.startsWith('.') || used >= now() - graceMs || !(await takeAway(folder, name, used))) continue
    gone.files += 1
    gone.bytes += bytes
  }
  return gone
}

async function filesIn(folder: string) {
  const files: { readonly name: string; readonly bytes: number; readonly used: number }[] = []
  for (const name of await readdir(folder).catch(noneYet)) {
    const found = await stat(join(folder, name)).catch(() => null)
    if (found?.isFile()) files.push({ name, bytes: found.size, used: found.mtimeMs })
  }
  return files
}
