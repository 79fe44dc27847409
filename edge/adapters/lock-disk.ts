import { randomBytes } from 'node:crypto'
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

/** Work under the lock takes milliseconds: one that lies for longer belongs to a process that is gone. */
const ABANDONED_MS = 10_000
const PATIENCE_MS = 15_000
const AGAIN_MS = 5

const codeOf = (error: unknown): unknown => (error as { code?: unknown }).code

/**
 * Does `work` while no other process does its own for the same `path`; the lock is a file beside it, `<path>.lock`.
 *
 * @param work Is given a function that tells whether the lock is still its own, to be asked before anything is final.
 * @throws Error where another holds it for too long; what the system says where the folder cannot be written.
 */
export async function locked<T>(path: string, work: (stillMine: () => Promise<boolean>) => Promise<T>): Promise<T> {
  const lock = `${path}.lock`
  const token = randomBytes(12).toString('hex')
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  await take(lock, token)
  const stillMine = async (): Promise<boolean> => (await contentOf(lock)) === token
  try {
    return await work(stillMine)
  } finally {
    if (await stillMine()) await rm(lock, { force: true })
  }
}

async function take(lock: string, token: string): Promise<void> {
  const until = performance.now() + PATIENCE_MS
  for (;;) {
    try {
      await writeFile(lock, token, { flag: 'wx', mode: 0o600 })
      return
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error
    }
    if (performance.now() > until) throw new Error('the file of records is locked by another process')
    await breakAbandoned(lock)
    await wait(AGAIN_MS)
  }
}

/** Moved away before it is deleted: of two who find the same abandoned lock, one moves it, and the other finds nothing. */
async function breakAbandoned(lock: string): Promise<void> {
  try {
    // The file system's clock made the lock's time, and this process's clock is compared with it: the same machine's.
    if (Date.now() - (await stat(lock)).mtimeMs < ABANDONED_MS) return
    const away = `${lock}.${randomBytes(6).toString('hex')}`
    await rename(lock, away)
    await rm(away, { force: true })
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error
  }
}

async function contentOf(lock: string): Promise<string | null> {
  try {
    return await readFile(lock, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  }
}
