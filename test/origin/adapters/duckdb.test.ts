import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Duck, openDuck, sqlText } from '../../../origin/adapters/duckdb.ts'

const calm = new AbortController().signal
let base = ''
let duck: Duck
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'duck-'))
  await writeFile(join(base, 'outside.csv'), 'a\n1\n')
  await writeFile(join(base, 'allowed.csv'), 'a\n2\n')
  const files = [join(base, 'allowed.csv')]
  duck = await openDuck({ memoryMb: 100, threads: 1, tempDir: join(base, 'spill'), folders: [join(base, 'in')], files })
})
afterAll(async () => {
  duck.close()
  await rm(base, { recursive: true, force: true })
})

describe('a DuckDB of ours', () => {
  it('reads the files it was given, and no other', async () => {
    const read = (name: string) => duck.rows(`SELECT a FROM read_csv(${sqlText(join(base, name))})`, calm)
    expect(await read('allowed.csv')).toEqual([{ a: 2n }])
    await expect(read('outside.csv')).rejects.toThrow('Permission Error')
  })

  it.each([
    ['settings', "SET memory_limit = '9GB'"],
    ['external access', 'SET enable_external_access = true'],
    ['extensions', 'INSTALL httpfs'],
    ['attaching', "ATTACH '/etc/passwd' AS p"],
    ['the network', "SELECT * FROM read_csv('https://example.com/x.csv')"],
  ])('keeps %s locked', async (_, sql) => {
    await expect(duck.rows(sql, calm)).rejects.toThrow(/Error/)
  })

  it('cannot write a file outside its folders', async () => {
    const target = sqlText(join(base, 'outside.csv'))
    await expect(duck.rows(`COPY (SELECT 1 AS a) TO ${target}`, calm)).rejects.toThrow('Permission Error')
    expect(await readFile(join(base, 'outside.csv'), 'utf8')).toBe('a\n1\n')
  })

  it('spills to its own folder when memory is short', async () => {
    const sql =
      'SELECT count(*) AS n FROM (SELECT i, hash(i)::VARCHAR || repeat($1, 40) AS h FROM range(1500000) t(i) ORDER BY h)'
    expect(await duck.rows(sql, calm, ['x'])).toEqual([{ n: 1500000n }])
  })

  it('stops when the caller goes, and says which of the two it was', async () => {
    const forever = 'SELECT count(*) FROM range(100000000) a, range(1000000) b WHERE (a.range * b.range) % 7 = 3'
    const left = new AbortController()
    const running = duck.rows(forever, left.signal)
    setTimeout(() => left.abort(), 50)
    await expect(running).rejects.toMatchObject({ code: 'CANCELLED' })
    await expect(duck.rows(forever, AbortSignal.timeout(50))).rejects.toMatchObject({ code: 'TIMEOUT_ERROR' })
    expect(await duck.rows('SELECT 1 AS one', calm)).toEqual([{ one: 1 }])
  })
})
