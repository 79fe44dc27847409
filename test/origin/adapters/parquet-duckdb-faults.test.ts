/** Pages that cannot be right and disks that cannot take them: nothing is written, nothing stays. */
import { mkdir, readdir, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { duckFault } from '../../../origin/adapters/duckdb-faults.ts'
import { parquetDuckdb } from '../../../origin/adapters/parquet-duckdb.ts'
import { calm, type Lake, openLake } from '../lake/support/lake.ts'
import { axis, bodyOf, jobOf, keepPages, metaOf } from '../lake/support/page.ts'
import { smallDisk } from '../lake/support/small-disk.ts'

let lake: Lake
beforeAll(async () => {
  lake = await openLake()
})
afterAll(() => lake.close())

const ID = '0009999999'
const AREA_TIME = [
  axis('area', '地域', ['00000', '13000']),
  axis('time', '時間軸', ['2020000000', '2015100000', '2024000406']),
]
/** Nothing of a job stays in the folder for work in progress. */
const leftovers = () => readdir(join(lake.dataDir, 'tmp'))

describe('a page that cannot be right', () => {
  const cell = { '@area': '13000', '@time': '2020000000', $: '1' }
  const said = (from: number, to: number) =>
    bodyOf([cell]).replace('"FROM_NUMBER":1,"TO_NUMBER":1', `"FROM_NUMBER":${from},"TO_NUMBER":${to}`)

  it.each([
    ['holds fewer rows than it says', [said(1, 2)], 'DATA_TRANSFORM_ERROR'],
    ['breaks off', [bodyOf([cell]).slice(0, -9)], 'DATA_TRANSFORM_ERROR'],
    ['is no JSON inside', [bodyOf([cell]).replace('"13000"', '13000"')], 'DATA_TRANSFORM_ERROR'],
    ['has an axis that the metadata lacks', [bodyOf([{ ...cell, '@cat07': '1' }])], 'DATA_TRANSFORM_ERROR'],
    ['has no rows at all', [bodyOf(undefined)], 'NO_DATA'],
  ])('%s: nothing is written', async (_, bodies, code) => {
    const job = jobOf(metaOf(ID, AREA_TIME), await keepPages(lake.store, ID, bodies))
    await expect(lake.parquet.write(job, calm)).rejects.toMatchObject({ code })
    expect(await lake.store.head(job.key)).toBeNull()
    expect(await leftovers()).toEqual([])
  })

  it('is missing: nothing is written', async () => {
    const job = jobOf(metaOf(ID, AREA_TIME), ['raw/0009999999/none/page-00001.json.gz'])
    await expect(lake.parquet.write(job, calm)).rejects.toMatchObject({ code: 'DATA_TRANSFORM_ERROR' })
    expect(await leftovers()).toEqual([])
  })

  it('stops when the caller goes', async () => {
    const job = jobOf(metaOf(ID, AREA_TIME), await keepPages(lake.store, ID, [bodyOf([cell])]))
    await expect(lake.parquet.write(job, AbortSignal.abort())).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(await lake.store.head(job.key)).toBeNull()
    expect(await leftovers()).toEqual([])
  })
})

describe('the folder for work in progress', () => {
  const cells = (count: number) =>
    Array.from({ length: count }, (_, at) => ({ '@area': '13000', '@time': '2020000000', $: String(at) }))

  it('may be full: the caller is told, and nothing stays', async () => {
    const tempDir = join(lake.dataDir, 'small')
    const disk = await smallDisk(tempDir)
    if (disk === null)
      process.stderr.write('parquet-duckdb: no tmpfs may be mounted here; the full disk is not tried\n')
    const job = jobOf(metaOf(ID, AREA_TIME), await keepPages(lake.store, ID, [bodyOf(cells(30_000))]))
    const failure = await parquetDuckdb({ store: lake.store, tempDir })
      .write(job, calm)
      .catch((error: unknown) => error)
    const left = await readdir(tempDir)
    disk?.unmount()
    const full = { code: 'INTERNAL_ERROR', message: expect.stringContaining('full') }
    expect(failure).toMatchObject(disk === null ? { rows: 30_000 } : full)
    expect(left).toEqual([])
    expect((await lake.store.head(job.key)) === null).toBe(disk !== null)
  })

  it('is cleared of what a process left that was killed long ago', async () => {
    const tempDir = join(lake.dataDir, 'swept')
    for (const name of ['parquet-old', 'parquet-new', 'other']) await mkdir(join(tempDir, name), { recursive: true })
    for (const name of ['parquet-old', 'other']) await utimes(join(tempDir, name), new Date(0), new Date(0))
    await parquetDuckdb({ store: lake.store, tempDir }).write(
      jobOf(metaOf(ID, AREA_TIME), await keepPages(lake.store, ID, [bodyOf(cells(1))])),
      calm,
    )
    expect((await readdir(tempDir)).toSorted()).toEqual(['other', 'parquet-new'])
  })

  it.each([
    ['Invalid Input Error: Malformed JSON in file "/srv/x"', 'DATA_TRANSFORM_ERROR'],
    ['Out of Memory Error: could not allocate block', 'TOO_LARGE'],
    ['IO Error: Could not write file "/srv/x": No space left on device', 'INTERNAL_ERROR'],
    ['IO Error: Cannot open file "/srv/x": Permission denied', 'INTERNAL_ERROR'],
  ])('says %s in words of ours', (message, code) => {
    const failure = duckFault(new Error(message))
    expect(failure).toMatchObject({ code, message: expect.not.stringContaining('/srv') })
  })
})
