/** ObjectStore in memory that keeps the promises of the real ones: conditional puts, whole writes, order, refused keys. */
import { mkdtemp, rm, writeFile, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compareKeys, keyProblem } from '../../origin/lake/object-key.ts'
import type { ObjectStore } from '../../origin/ports.ts'
import { fault } from '../../shared/fault.ts'

export interface FakeObjectStore extends ObjectStore {
  /** What was asked of it, in order: `put a/b`, `get a/b`, ... */
  readonly calls: readonly string[]
  /** Removes the copies that `localPath` made. */
  dispose(): Promise<void>
}

export function fakeObjectStore(bucket = 'estat-lake', clock: () => number = Date.now): FakeObjectStore {
  const objects = new Map<string, { bytes: Uint8Array; modified: number; version: string }>()
  const calls: string[] = []
  let copies: Promise<string> | null = null
  let written = 0
  const version = (): string => `v${(written += 1)}`
  const ask = (what: string, key: string): void => {
    calls.push(`${what} ${key}`)
    const problem = keyProblem(key)
    if (problem !== null) throw fault('INVALID_PARAMETER', problem)
  }

  return {
    bucket,
    calls,
    async get(key) {
      ask('get', key)
      return objects.get(key)?.bytes.slice() ?? null
    },
    async stream(key, from = 0, wanted) {
      ask('stream', key)
      const found = objects.get(key)
      if (found === undefined || (wanted !== undefined && wanted !== found.version)) return null
      return new Blob([found.bytes.slice(from)]).stream()
    },
    async head(key) {
      ask('head', key)
      const found = objects.get(key)
      if (found === undefined) return null
      return { key, size: found.bytes.length, modified: found.modified, version: found.version }
    },
    async put(key, body, { ifAbsent = false } = {}) {
      ask('put', key)
      const bytes = body instanceof Uint8Array ? body.slice() : await drain(body)
      // Looked at after the body was read, with nothing awaited in between: exactly one of two racing writers wins.
      if (ifAbsent && objects.has(key)) return false
      objects.set(key, { bytes, modified: clock(), version: version() })
      return true
    },
    async list(prefix) {
      if (prefix !== '') ask('list', prefix.replace(/\/$/, ''))
      return [...objects]
        .filter(([key]) => key.startsWith(prefix))
        .map(([key, { bytes, modified }]) => ({ key, size: bytes.length, modified }))
        .toSorted((a, b) => compareKeys(a.key, b.key))
    },
    async delete(key) {
      ask('delete', key)
      objects.delete(key)
    },
    async localPath(key) {
      ask('localPath', key)
      const found = objects.get(key)
      if (found === undefined) throw fault('NOT_FOUND', 'There is no such file in the lake.')
      copies ??= mkdtemp(join(tmpdir(), 'fake-store-'))
      const path = join(await copies, encodeURIComponent(key).slice(-200))
      await writeFile(path, found.bytes)
      return path
    },
    async putFile(key, path) {
      ask('putFile', key)
      objects.set(key, { bytes: new Uint8Array(await readFile(path)), modified: clock(), version: version() })
      await rm(path)
    },
    async dispose() {
      if (copies !== null) await rm(await copies, { recursive: true, force: true })
    },
  }
}

async function drain(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of body) chunks.push(chunk)
  return new Uint8Array(Buffer.concat(chunks))
}
