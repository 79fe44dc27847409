/** What every ObjectStore promises. Each adapter's test runs it; so does the fake's. */
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { ObjectStore } from '../../origin/ports.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const textOf = (body: Uint8Array | null): string | null => (body === null ? null : new TextDecoder().decode(body))

const BAD_KEYS = ['', '/a', 'a/', '../a', 'a/../b', 'a//b', './a', 'a\\b', 'a\u0000b', 'a\nb', `${'x'.repeat(256)}/a`]

export function objectStoreContract(make: () => Promise<ObjectStore>): void {
  it('answers null for what was never written', async () => {
    const store = await make()
    expect(await store.get('raw/none.json')).toBeNull()
    expect(await store.stream('raw/none.json')).toBeNull()
    expect(await store.head('raw/none.json')).toBeNull()
    expect(await store.list('raw/')).toEqual([])
    await expect(store.localPath('raw/none.json')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('reads back what it wrote, whole and as a stream, under a Japanese key too', async () => {
    const store = await make()
    expect(await store.put('raw/人口 #1.json', bytes('東京都'))).toBe(true)
    expect(textOf(await store.get('raw/人口 #1.json'))).toBe('東京都')
    const stream = await store.stream('raw/人口 #1.json')
    expect(await new Response(stream).text()).toBe('東京都')
    expect(await store.head('raw/人口 #1.json')).toMatchObject({ key: 'raw/人口 #1.json', size: 9 })
  })

  it('streams from a byte on', async () => {
    const store = await make()
    await store.put('a/b', bytes('0123456789'))
    const from = async (at: number) => new Response(await store.stream('a/b', at)).text()
    expect([await from(0), await from(4), await from(9), await from(10)]).toEqual(['0123456789', '456789', '9', ''])
  })

  it('tells one version from the next, and streams only the one that is asked for', async () => {
    const store = await make()
    await store.put('a/b', bytes('first'))
    const before = (await store.head('a/b'))?.version ?? ''
    expect(before).toMatch(/^[\x21\x23-\x7e]+$/)
    expect((await store.head('a/b'))?.version).toBe(before)
    expect(await new Response(await store.stream('a/b', 2, before)).text()).toBe('rst')
    await store.put('a/b', bytes('other'))
    expect((await store.head('a/b'))?.version).not.toBe(before)
    expect(await store.stream('a/b', 0, before)).toBeNull()
  })

  it('takes a body in chunks', async () => {
    const store = await make()
    async function* chunks() {
      for (const part of ['ab', '', 'c'.repeat(70_000)]) yield bytes(part)
    }
    await store.put('a/big', chunks())
    expect((await store.get('a/big'))?.length).toBe(70_002)
  })

  it('replaces an object, and leaves the first one alone under ifAbsent', async () => {
    const store = await make()
    await store.put('v1', bytes('first'))
    expect(await store.put('v1', bytes('second'), { ifAbsent: true })).toBe(false)
    expect(textOf(await store.get('v1'))).toBe('first')
    expect(await store.put('v1', bytes('third'))).toBe(true)
    expect(textOf(await store.get('v1'))).toBe('third')
  })

  it('lets exactly one of many racing ifAbsent writers win', async () => {
    const store = await make()
    const bodies = Array.from({ length: 12 }, (_, at) => `writer ${at} `.repeat(500))
    const won = await Promise.all(bodies.map((body) => store.put('race/v2', bytes(body), { ifAbsent: true })))
    expect(won.filter(Boolean)).toHaveLength(1)
    expect(textOf(await store.get('race/v2'))).toBe(bodies[won.indexOf(true)])
  })

  it('writes nothing when the body breaks off', async () => {
    const store = await make()
    async function* broken() {
      yield bytes('half')
      throw new Error('the line went dead')
    }
    await expect(store.put('cut/x', broken())).rejects.toThrow('the line went dead')
    expect(await store.get('cut/x')).toBeNull()
    expect(await store.list('')).toEqual([])
  })

  it('lists in order of key, by prefix and not by folder', async () => {
    const store = await make()
    for (const key of ['b/2', 'a/10', 'a/2', 'a.json', 'ab/1', '人/𠮷', '人/￥']) await store.put(key, bytes(key))
    const keys = async (prefix: string) => (await store.list(prefix)).map(({ key }) => key)
    expect(await keys('')).toEqual(['a.json', 'a/10', 'a/2', 'ab/1', 'b/2', '人/￥', '人/𠮷'])
    expect(await keys('a')).toEqual(['a.json', 'a/10', 'a/2', 'ab/1'])
    expect(await keys('a/')).toEqual(['a/10', 'a/2'])
    expect(await keys('a/1')).toEqual(['a/10'])
  })

  it('deletes, and twice is no error', async () => {
    const store = await make()
    await store.put('gone', bytes('x'))
    await store.delete('gone')
    await store.delete('gone')
    expect(await store.head('gone')).toBeNull()
  })

  it('moves a finished file in, and gives a path that engines can read', async () => {
    const store = await make()
    const folder = await mkdtemp(join(tmpdir(), 'contract-'))
    const path = join(folder, 'x.parquet')
    await writeFile(path, 'PAR1')
    await store.putFile('data/x.parquet', path)
    await expect(stat(path)).rejects.toMatchObject({ code: 'ENOENT' })
    expect(await readFile(await store.localPath('data/x.parquet'), 'utf8')).toBe('PAR1')
    await rm(folder, { recursive: true })
  })

  it.each(BAD_KEYS.map((key) => [JSON.stringify(key).slice(0, 20), key]))('refuses the key %s', async (_, key) => {
    const store = await make()
    const refused = { code: 'INVALID_PARAMETER' }
    await expect(store.get(key)).rejects.toMatchObject(refused)
    await expect(store.stream(key)).rejects.toMatchObject(refused)
    await expect(store.head(key)).rejects.toMatchObject(refused)
    await expect(store.put(key, bytes('x'))).rejects.toMatchObject(refused)
    await expect(store.delete(key)).rejects.toMatchObject(refused)
    await expect(store.localPath(key)).rejects.toMatchObject(refused)
    await expect(store.putFile(key, '/nowhere')).rejects.toMatchObject(refused)
    expect(await store.list('')).toEqual([])
  })
}
