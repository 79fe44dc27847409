/** Merging by key on a real folder: rows whose codes are loaded anew are replaced, others stay. */
import { rename } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stagedKey } from '../../../origin/lake/iceberg/table-view.ts'
import type { LakeTable, ParquetFile, TableChange } from '../../../origin/lake/ports.ts'
import { calm, type Lake, openLake } from '../lake/support/lake.ts'
import { interrupted } from '../lake/support/interrupted.ts'
import { cellFile } from '../lake/support/parquet-file.ts'

const [A, B] = ['0000000001', '0000000002'] as const
let lake: Lake
beforeAll(async () => {
  lake = await openLake()
})
afterAll(() => lake.close())

const options = { create: true, now: Date.now(), signal: calm }
const change = (
  kind: 'append' | 'replace' | 'merge',
  ...files: readonly [ParquetFile, ...ParquetFile[]]
): TableChange => ({
  kind,
  datasetId: files[0].datasetId,
  files,
  properties: {},
})
const append = (...files: readonly [ParquetFile, ...ParquetFile[]]) => change('append', ...files)
const merge = (...files: readonly [ParquetFile, ...ParquetFile[]]) => change('merge', ...files)
/** A file of dataset A: area, time, value in each row. */
const cells = (...rows: readonly (readonly [string, string, string])[]) =>
  cellFile(
    lake,
    A,
    rows.map(([area, time, value]) => ({ area, time, $: value })),
  )
const commit = (name: string, what: TableChange) => lake.tables.commit('estat', name, what, options)
const load = async (name: string) => (await lake.tables.load('estat', name)) as LakeTable
async function rowsOf(name: string) {
  const { files } = await load(name)
  const rows = await lake.read(
    files.map(({ key }) => key),
    'area_code, time_code, value',
  )
  return rows
    .map(({ area_code: area, time_code: time, value }) => `${String(area)} ${String(time)} ${String(value)}`)
    .toSorted()
}
const dataOf = async (name: string) => (await lake.store.list(`estat/iceberg/${name}/data/`)).map(({ key }) => key)

describe('a merge', () => {
  it('replaces the rows of its keys, adds new ones, keeps the rest', async () => {
    await commit('m1', append(await cells(['1', '2020', '1'], ['1', '2021', '2'], ['2', '2020', '3'])))
    const done = await commit('m1', merge(await cells(['1', '2021', '20'], ['2', '2021', '4'])))
    expect(done).toMatchObject({ created: false, rowsBefore: 3, rowsLoaded: 2, rowsAfter: 4 })
    expect(await rowsOf('m1')).toEqual(['1 2020 1', '1 2021 20', '2 2020 3', '2 2021 4'])
    expect(done.table.snapshots.map(({ operation }) => operation)).toEqual(['append', 'overwrite'])
  })

  it('of the same file twice gives the same table', async () => {
    const file = await cells(['1', '2020', '1'], ['2', '2020', '-'])
    expect(await commit('m2', merge(file))).toMatchObject({ created: true, rowsBefore: 0, rowsAfter: 2 })
    expect(await commit('m2', merge(file))).toMatchObject({ rowsBefore: 2, rowsLoaded: 2, rowsAfter: 2 })
    expect(await rowsOf('m2')).toEqual(['1 2020 1', '2 2020 null'])
    expect((await load('m2')).files).toHaveLength(1)
  })

  it('writes only files again that hold one of its keys', async () => {
    await commit('m3', append(await cells(['1', '2000', '1'], ['2', '2005', '2'])))
    await commit('m3', append(await cells(['1', '2006', '3'], ['9', '2010', '4'])))
    await commit('m3', append(await cells(['1', '2006', '5'], ['9', '2020', '6'])))
    const before = (await load('m3')).files.map(({ key }) => key)
    // Within the bounds of the second and the third, and a key of the third alone.
    await commit('m3', merge(await cells(['9', '2020', '60'])))
    const after = (await load('m3')).files.map(({ key }) => key)
    expect(before.filter((key) => after.includes(key))).toEqual(before.slice(0, 2))
    expect(await rowsOf('m3')).toEqual(['1 2000 1', '1 2006 3', '1 2006 5', '2 2005 2', '9 2010 4', '9 2020 60'])
  })

  it('leaves other datasets alone, which may have the same codes', async () => {
    const other = await cellFile(lake, B, [{ area: '1', time: '2020', $: '7' }])
    await commit('m4', append(await cells(['1', '2020', '1']), other))
    await commit('m4', merge(await cells(['1', '2020', '2'])))
    expect(await rowsOf('m4')).toEqual(['1 2020 2', '1 2020 7'])
  })

  it('of a dataset that has grown an axis adds cells: the old ones have no code there', async () => {
    await commit('m5', append(await cells(['1', '2020', '1'])))
    const grown = await cellFile(lake, A, [
      { cat01: 'x', area: '1', time: '2020', $: '2' },
      { cat01: 'y', area: '1', time: '2020', $: '3' },
    ])
    expect(await commit('m5', merge(grown))).toMatchObject({ rowsAfter: 3 })
    expect(await commit('m5', merge(grown))).toMatchObject({ rowsAfter: 3 })
    expect(await commit('m5', merge(await cells(['1', '2020', '10'])))).toMatchObject({ rowsAfter: 3 })
    expect(await rowsOf('m5')).toEqual(['1 2020 10', '1 2020 2', '1 2020 3'])
  })

  it('keeps the order of rows, all columns, bounds and field ids in what it writes again', async () => {
    const many = Array.from({ length: 500 }, (_, at) => [String(at).padStart(4, '0'), '2020', String(at)] as const)
    await commit('m6', append(await cells(...many)))
    await commit('m6', merge(await cells(['0250', '2020', '-'])))
    const { files } = await load('m6')
    const rest = files.find(({ rows }) => rows === 499)
    const rows = await lake.read([rest?.key ?? ''], 'area_code, value, symbol, dataset_id, area_name')
    const kept = many.filter(([area]) => area !== '0250')
    expect(rows).toEqual(
      kept.map(([area]) => ({
        area_code: area,
        value: Number(area),
        symbol: null,
        dataset_id: A,
        area_name: expect.any(String),
      })),
    )
    const inspected = await lake.parquet.inspect(rest?.key ?? '', calm)
    expect(inspected).toMatchObject({ datasetId: A, rows: 499 })
    expect(inspected.columns.map(({ name }) => name)).toEqual((await load('m6')).columns.map(({ name }) => name))
  })

  it('has an earlier state to go back to', async () => {
    const first = await commit('m7', append(await cells(['1', '2020', '1'], ['2', '2020', '2'])))
    await commit('m7', merge(await cells(['1', '2020', '10'])))
    const old = (await lake.tables.load('estat', 'm7', { snapshotId: first.snapshotId })) as LakeTable
    expect(old).toMatchObject({ rows: 2, snapshotId: first.snapshotId })
    expect(
      (
        await lake.read(
          old.files.map(({ key }) => key),
          'sum(value) AS s',
        )
      )[0],
    ).toEqual({ s: 3 })
  })
})

describe('a merge is refused, with nothing written,', () => {
  it('where the file holds a key twice', async () => {
    await commit('r1', append(await cells(['1', '2020', '1'])))
    const before = await dataOf('r1')
    const twice = await cells(['1', '2020', '1'], ['2', '2021', '2'], ['2', '2021', '3'])
    await expect(commit('r1', merge(twice))).rejects.toMatchObject({
      code: 'INVALID_PARAMETER',
      message:
        'The file holds the same cell more than once, so it cannot be merged by key: 2 rows have area_code 2, time_code 2021.',
    })
    const once = await cells(['5', '2020', '1'])
    await expect(commit('r1', merge(once, once))).rejects.toThrow('2 rows have area_code 5, time_code 2020')
    expect(await dataOf('r1')).toEqual(before)
    expect(await rowsOf('r1')).toEqual(['1 2020 1'])
  })

  it('where another engine wrote a file of the dataset without column ids', async () => {
    const file = await cells(['1', '2020', '1'], ['2', '2020', '2'])
    const { table } = await commit('r3', append(file))
    const path = await lake.store.localPath(table.files[0]?.key ?? '')
    await lake.duck.rows(`COPY (SELECT * FROM read_parquet('${path}')) TO '${path}.new' (FORMAT parquet)`, calm)
    await rename(`${path}.new`, path)
    await expect(commit('r3', merge(await cells(['1', '2020', '9'])))).rejects.toMatchObject({
      code: 'DATA_TRANSFORM_ERROR',
      message: expect.stringContaining('without column ids'),
    })
    expect(await dataOf('r3')).toHaveLength(1)
  })

  it('where the table is absent and is not to be made', async () => {
    const what = merge(await cells(['1', '2020', '1']))
    await expect(lake.tables.commit('estat', 'r2', what, { ...options, create: false })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    expect(await dataOf('r2')).toEqual([])
  })
})

describe('a merge beside other writers', () => {
  const raced = (name: string, meanwhile: () => Promise<unknown>) =>
    interrupted(
      lake,
      (method, key) => method === 'put' && key === `estat/iceberg/${name}/metadata/v2.metadata.json`,
      meanwhile,
    )

  it('is planned again on what they made: their rows of its keys are replaced too', async () => {
    await commit('c1', append(await cells(['1', '2020', '1'], ['2', '2020', '2'])))
    const theirs = append(await cells(['1', '2020', '100'], ['3', '2020', '3']))
    const done = await raced('c1', () => commit('c1', theirs)).commit(
      'estat',
      'c1',
      merge(await cells(['1', '2020', '10'])),
      options,
    )
    expect(done).toMatchObject({ rowsBefore: 4, rowsAfter: 3 })
    expect(await rowsOf('c1')).toEqual(['1 2020 10', '2 2020 2', '3 2020 3'])
    // What the first try left of the first file serves the second one as well: nothing else lies there.
    expect(await dataOf('c1')).toHaveLength(5)
  })

  it('does not bring back rows of a file that they took out, and leaves none of its work behind', async () => {
    await commit('c2', append(await cells(['1', '2020', '1'], ['2', '2020', '2'])))
    const theirs = change('replace', await cells(['7', '2020', '7']))
    await raced('c2', () => commit('c2', theirs)).commit(
      'estat',
      'c2',
      merge(await cells(['1', '2020', '10'])),
      options,
    )
    expect(await rowsOf('c2')).toEqual(['1 2020 10', '7 2020 7'])
    expect(await dataOf('c2')).toHaveLength(3)
  })
})

describe('a staged file', () => {
  const staged = async (name: string, ...rows: readonly (readonly [string, string, string])[]) => {
    const file = await cells(...rows)
    const key = stagedKey('estat', name, A, 'f1-00001')
    await lake.store.putFile(key, await lake.store.localPath(file.key))
    return { ...file, key }
  }

  it('is taken as it is: no second copy', async () => {
    const file = await staged('s1', ['1', '2020', '1'])
    const done = await commit('s1', { ...change('replace', file), staged: true })
    expect(done.table.files.map(({ key }) => key)).toEqual([file.key])
    expect(await dataOf('s1')).toEqual([file.key])
  })

  it.each(['replace', 'append', 'merge'] as const)(
    'is loaded once, whatever a crash makes of the answer: %s',
    async (kind) => {
      const file = await staged(`s2_${kind}`, ['1', '2020', '1'])
      const what = { ...change(kind, file), staged: true }
      const first = await commit(`s2_${kind}`, what)
      const again = await commit(`s2_${kind}`, what)
      expect(again).toMatchObject({
        snapshotId: first.snapshotId,
        created: false,
        rowsBefore: 1,
        rowsLoaded: 1,
        rowsAfter: 1,
      })
      expect((await load(`s2_${kind}`)).snapshots).toHaveLength(1)
    },
  )

  it('stays where the load fails, and is copied like any other where it lies elsewhere', async () => {
    const file = await staged('s3', ['1', '2020', '1'], ['1', '2020', '2'])
    await expect(commit('s3', { ...change('merge', file), staged: true })).rejects.toThrow('more than once')
    expect(await dataOf('s3')).toEqual([file.key])
    const elsewhere = await cells(['1', '2020', '1'])
    await commit('s3', { ...change('replace', elsewhere), staged: true })
    expect(await lake.store.head(elsewhere.key)).not.toBeNull()
    expect((await load('s3')).files.map(({ key }) => key)).not.toContain(elsewhere.key)
  })
})
