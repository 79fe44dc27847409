/** Copies of S3's files on this machine: bounded, whole or absent, never taken from under a running query. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { copyName, fileCache, type Incoming } from '../../../origin/adapters/store-s3-cache.ts'
import { smallDisk } from '../lake/support/small-disk.ts'

const MINUTE = 60_000
let base = ''
let count = 0
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'copies-'))
})
afterAll(() => rm(base, { recursive: true, force: true }))

/** A cache of 100 bytes whose clock the test turns. */
function fresh() {
  count += 1
  const folder = join(base, String(count))
  const clock = { at: Date.UTC(2026, 10, 20) }
  const fetched: string[] = []
  const cache = fileCache({ folder, maxBytes: 100, graceMs: 2 * MINUTE, now: () => clock.at })
  const ask = (name: string, size = 40) =>
    cache.path(name, async () => {
      fetched.push(name)
      return incoming('x'.repeat(size))
    })
  return { cache, folder, clock, fetched, ask }
}

function incoming(text: string, size = text.length): Incoming {
  async function* chunks() {
    yield new TextEncoder().encode(text.slice(0, 3))
    yield new TextEncoder().encode(text.slice(3))
  }
  return { size, chunks: chunks(), close: () => {} }
}

describe('copies', () => {
  it('make room, the longest unused first', async () => {
    const { folder, clock, ask, fetched } = fresh()
    for (const name of ['a', 'b']) {
      await ask(name)
      clock.at += MINUTE
    }
    clock.at += 2 * MINUTE
    await ask('a')
    clock.at += 3 * MINUTE
    await ask('c')
    expect((await readdir(folder)).toSorted()).toEqual(['a', 'c'])
    await ask('a')
    expect(fetched).toEqual(['a', 'b', 'c'])
  })

  it('that were asked for lately stay, and a newcomer is refused instead', async () => {
    const { folder, clock, ask } = fresh()
    await ask('a')
    await ask('b')
    await expect(ask('c')).rejects.toMatchObject({ code: 'TOO_LARGE' })
    expect((await readdir(folder)).toSorted()).toEqual(['a', 'b'])
    clock.at += 3 * MINUTE
    await ask('c')
    expect((await readdir(folder)).length).toBe(2)
  })

  it('larger than the bound are refused, and nothing is taken away for them that is in use', async () => {
    const { ask, folder } = fresh()
    await ask('a', 10)
    await expect(ask('big', 101)).rejects.toMatchObject({ code: 'TOO_LARGE' })
    expect(await readdir(folder)).toEqual(['a'])
  })

  it('that come short, or whose source fails, are absent', async () => {
    const { cache, folder } = fresh()
    await expect(cache.path('a', async () => incoming('short', 40))).rejects.toMatchObject({
      code: 'AWS_SERVICE_ERROR',
    })
    const failing = async (): Promise<Incoming> => ({
      size: 40,
      chunks: (async function* () {
        yield new Uint8Array(20)
        throw new Error('the line went dead')
      })(),
      close: () => {},
    })
    await expect(cache.path('a', failing)).rejects.toThrow('the line went dead')
    expect(await cache.path('a', async () => null)).toBeNull()
    expect(await readdir(folder)).toEqual([])
  })

  it('that a killed process left unfinished are cleared, and those under way are not', async () => {
    const { folder, clock, ask } = fresh()
    await mkdir(folder)
    for (const [name, age] of [
      ['.part-old', 2 * 60],
      ['.part-new', 1],
      ['.going-old', 2 * 60],
    ] as const) {
      await writeFile(join(folder, name), '')
      const at = (clock.at - age * MINUTE) / 1000
      await utimes(join(folder, name), at, at)
    }
    await ask('a')
    expect((await readdir(folder)).toSorted()).toEqual(['.part-new', 'a'])
  })

  it('take a finished file over, and leave it where there is no room', async () => {
    const { cache, folder, ask } = fresh()
    const path = join(base, 'finished.parquet')
    await writeFile(path, 'x'.repeat(30))
    expect(await cache.adopt('f', path)).toBe(true)
    expect(await readFile((await ask('f')) as string, 'utf8')).toHaveLength(30)
    await writeFile(path, 'x'.repeat(90))
    expect(await cache.adopt('g', path)).toBe(false)
    expect([(await stat(path)).size, await readdir(folder)]).toEqual([90, ['f']])
  })

  it('have names that keep the ending, by which engines know a file', () => {
    expect(copyName('raw/1/f/page-00001.json.gz')).toMatch(/^[0-9a-f]{64}\.json\.gz$/)
    expect(copyName('estat/iceberg/t/data/dataset_id=1/x.parquet')).toMatch(/^[0-9a-f]{64}\.parquet$/)
    expect(copyName('a/b')).toMatch(/^[0-9a-f]{64}$/)
    expect(copyName('a/b', '1')).not.toBe(copyName('a/b', '2'))
  })
})

it('says that the disk is full, and leaves nothing behind', async () => {
  const folder = join(base, 'small')
  await mkdir(folder)
  const disk = await smallDisk(folder)
  if (disk === null)
    process.stderr.write('store-s3-cache: no tmpfs may be mounted here; a failing stream stands for the full disk\n')
  const cache = fileCache({ folder, maxBytes: 1e9 })
  async function* much() {
    for (let at = 0; at < 8; at += 1) yield new Uint8Array(1_000_000)
    if (disk === null) throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' })
  }
  const failure = await cache
    .path('a', async () => ({ size: 8_000_000, chunks: much(), close: () => {} }))
    .catch((error: unknown) => error)
  const left = await readdir(folder)
  disk?.unmount()
  expect(failure).toMatchObject({ code: 'INTERNAL_ERROR', message: expect.stringContaining('full') })
  expect(left).toEqual([])
})

it('is shared by processes that fetch and make room at once: nobody reads half a file', async () => {
  const folder = join(base, 'shared')
  const child = fileURLToPath(new URL('../../support/cache-reader.ts', import.meta.url))
  const children = [1, 2, 3].map(() => fork(child, [folder], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] }))
  const said = children.map((process) => once(process, 'message'))
  const ends = children.map((process) => once(process, 'close'))
  const reads = (await Promise.all(said)).map(([read]) => read as { readonly half: number; readonly whole: number })
  expect(reads.map(({ half }) => half)).toEqual([0, 0, 0])
  for (const { whole } of reads) expect(whole).toBeGreaterThan(10)
  await Promise.all(ends)
  expect((await readdir(folder)).filter((name) => name.startsWith('.'))).toEqual([])
})
