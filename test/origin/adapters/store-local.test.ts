import { chmod, mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { localStore } from '../../../origin/adapters/store-local.ts'
import { diskFault } from '../../../origin/adapters/store-local-faults.ts'
import { TEMP_MARK } from '../../../origin/lake/object-key.ts'
import { Fault } from '../../../shared/fault.ts'
import { smallDisk } from '../lake/support/small-disk.ts'
import { objectStoreContract } from '../../contracts/object-store.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
let base = ''
let count = 0
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'store-local-'))
})
afterAll(() => rm(base, { recursive: true, force: true }))

const fresh = () => {
  count += 1
  const dataDir = join(base, String(count))
  return { dataDir, root: join(dataDir, 'lake'), store: localStore({ dataDir, bucket: 'lake' }) }
}

describe('the local store keeps the contract', () => {
  objectStoreContract(async () => fresh().store)
})

describe('the local store', () => {
  it('lays objects out as files under the bucket', async () => {
    const { store, root } = fresh()
    await store.put('raw/0003/page-00001.json.gz', bytes('x'))
    expect(await readdir(join(root, 'raw/0003'))).toEqual(['page-00001.json.gz'])
  })

  it('clears what a killed writer left and nobody touched since, and nothing else', async () => {
    const { store, root } = fresh()
    await store.put('estat/csv/a.csv', bytes('a'))
    const folder = join(root, 'estat', 'csv')
    for (const [name, age] of [
      [`${TEMP_MARK}old`, 10_000],
      [`${TEMP_MARK}new`, 0],
    ] as const) {
      await writeFile(join(folder, name), 'half')
      const at = (Date.now() - age) / 1000
      await utimes(join(folder, name), at, at)
    }
    await store.clearUnfinished?.(Date.now() - 5_000)
    expect((await readdir(folder)).toSorted()).toEqual([`${TEMP_MARK}new`, 'a.csv'])
    await localStore({ dataDir: join(root, 'none'), bucket: 'lake' }).clearUnfinished?.(Date.now())
  })

  it('does not follow a symbolic link out of the lake', async () => {
    const { store, root, dataDir } = fresh()
    await mkdir(root, { recursive: true })
    await writeFile(join(dataDir, 'secret'), 'not yours')
    await symlink('..', join(root, 'up'))
    await symlink('../secret', join(root, 'file'))
    for (const key of ['up/secret', 'file']) {
      await expect(store.get(key)).rejects.toMatchObject({ code: 'INVALID_PARAMETER' })
      await expect(store.put(key, bytes('x'))).rejects.toMatchObject({ code: 'INVALID_PARAMETER' })
      await expect(store.localPath(key)).rejects.toMatchObject({ code: 'INVALID_PARAMETER' })
    }
    expect(await store.list('')).toEqual([])
  })

  it('hides what a killed writer left behind', async () => {
    const { store, root } = fresh()
    await store.put('a/b', bytes('x'))
    await writeFile(join(root, 'a', '.~tmp-00000000'), 'half')
    expect((await store.list('a')).map(({ key }) => key)).toEqual(['a/b'])
    await expect(store.get('a/.~tmp-00000000')).rejects.toMatchObject({ code: 'INVALID_PARAMETER' })
  })

  it('says that one object cannot lie inside another', async () => {
    const { store } = fresh()
    await store.put('a', bytes('x'))
    await expect(store.put('a/b', bytes('y'))).rejects.toMatchObject({ code: 'INVALID_PARAMETER' })
  })

  it('says that the folder is read-only, without its path', async () => {
    const { store, root } = fresh()
    await store.put('a/b', bytes('x'))
    await chmod(join(root, 'a'), 0o500)
    const asRoot = process.getuid?.() === 0
    if (asRoot) say('store-local: running as root, which may write anywhere; only the mapping is checked')
    const failure = asRoot
      ? diskFault(Object.assign(new Error('EROFS: /srv/x'), { code: 'EROFS' }))
      : await store.put('a/c', bytes('x')).catch((error: unknown) => error)
    await chmod(join(root, 'a'), 0o700)
    expect(failure).toBeInstanceOf(Fault)
    expect(failure).toMatchObject({ code: 'INTERNAL_ERROR', message: expect.stringContaining('cannot be written') })
    expect((failure as Fault).message).not.toContain('/')
    expect(await readdir(join(root, 'a'))).toEqual(['b'])
  })

  it('says that the disk is full, and leaves nothing behind', async () => {
    const { store, root } = fresh()
    const disk = await smallDisk(root)
    if (disk === null) say('store-local: no tmpfs may be mounted here; a failing stream stands for the full disk')
    async function* full() {
      yield bytes('x'.repeat(1_000_000))
      if (disk === null) throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' })
      yield bytes('x'.repeat(1_000_000))
    }
    const failure = await store.put('a/b', full()).catch((error: unknown) => error)
    const left = await readdir(join(root, 'a'))
    disk?.unmount()
    expect(failure).toMatchObject({ code: 'INTERNAL_ERROR', message: expect.stringContaining('full') })
    expect(left).toEqual([])
  })
})

/** A reason why a check was made in a weaker form. */
const say = (reason: string): void => {
  process.stderr.write(`${reason}\n`)
}
