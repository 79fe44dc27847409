/** Plans of merging: rows by key, and small manifests into one. */
import { describe, expect, it } from 'vitest'
import { columnNamed } from '../../../../origin/lake/columns.ts'
import { dataFileOf } from '../../../../origin/lake/iceberg/data-file.ts'
import { KEY_COLUMNS, mayShareKeys } from '../../../../origin/lake/iceberg/key-bounds.ts'
import { ADDED, DELETED, EXISTING } from '../../../../origin/lake/iceberg/manifest.ts'
import { evolve, schemaOf } from '../../../../origin/lake/iceberg/schema.ts'
import type { ColumnStats, LakeColumn, ParquetFile } from '../../../../origin/lake/ports.ts'
import { A, after, append, B, carriedOut, columns, fileOf, plan } from '../support/plans.ts'

const column = (name: string): LakeColumn => columnNamed(name) as LakeColumn

describe('rows merged by key', () => {
  const merge = { kind: 'merge', datasetId: A, files: [fileOf(A, 5)], properties: {} } as const
  const state = after(append(fileOf(A, 10), fileOf(A, 7), fileOf(B, 2)))
  const rests = new Map([
    ['/l/t/data/1-0.parquet', { file: fileOf(A, 6), path: '/l/t/data/rest.parquet' }],
    ['/l/t/data/1-1.parquet', null],
  ])

  it('take out the files they touch, and put in what is left of them beside what is loaded', () => {
    const { newManifests, keptManifests, metadata } = plan(state, merge, 2, { rests })
    expect(keptManifests).toEqual([])
    expect(
      newManifests.map(({ entries }) => entries.map(({ status, data_file: file }) => [status, file.file_path])),
    ).toEqual([
      [
        [DELETED, '/l/t/data/1-0.parquet'],
        [DELETED, '/l/t/data/1-1.parquet'],
        [EXISTING, '/l/t/data/1-2.parquet'],
      ],
      [
        [ADDED, '/l/t/data/2-0.parquet'],
        [ADDED, '/l/t/data/rest.parquet'],
      ],
    ])
    expect(metadata.snapshots?.at(-1)?.summary).toMatchObject({ operation: 'overwrite', 'total-records': '13' })
  })

  it('leave files alone that are not named', () => {
    const { keptManifests, metadata } = plan(state, merge, 2, { rests: new Map() })
    expect(keptManifests).toEqual(state.manifests)
    expect(metadata.snapshots?.at(-1)?.summary).toMatchObject({ operation: 'append', 'total-records': '24' })
  })

  it('need to know what they leave, files to load, and files of that dataset alone', () => {
    expect(() => plan(state, merge, 2)).toThrow('needs what it leaves')
    expect(() => plan(state, { ...merge, files: [] }, 2, { rests })).toThrow('no file to load')
    expect(() => plan(state, { ...merge, datasetId: B }, 2, { rests })).toThrow('which is to be merged')
  })
})

describe('files that a merge must open', () => {
  const stats = (name: string, lower: string | null, upper: string | null, nulls = 0): ColumnStats => {
    return { fieldId: column(name).fieldId, sizeBytes: 1, valueCount: 10, nullCount: nulls, lower, upper }
  }
  const file = (...all: readonly ColumnStats[]): ParquetFile => ({ ...fileOf(A, 10), stats: all })
  const share = (old: ParquetFile, ...fresh: readonly ParquetFile[]) => mayShareKeys(dataFileOf(old, '/x'), fresh)
  const time = (lower: string, upper: string) => stats('time_code', lower, upper)

  it('have all axes for a key', () => {
    expect(KEY_COLUMNS.map(({ name }) => name)).toEqual([
      'tab_code',
      ...Array.from({ length: 15 }, (_, at) => `cat${String(at + 1).padStart(2, '0')}_code`),
      'area_code',
      'time_code',
    ])
  })

  it('overlap on every axis', () => {
    const old = file(time('2000', '2010'), stats('area_code', '01', '20'))
    expect(share(old, file(time('2010', '2020'), stats('area_code', '20', '47')))).toBe(true)
    expect(share(old, file(time('2011', '2020'), stats('area_code', '01', '47')))).toBe(false)
    expect(share(old, file(time('2000', '2010'), stats('area_code', '21', '47')))).toBe(false)
    expect(share(old, file(time('1990', '1999')))).toBe(false)
    expect(share(old, file(time('1990', '1999')), file(time('2005', '2005'), stats('area_code', '05', '05')))).toBe(
      true,
    )
  })

  it('lack what would tell them apart', () => {
    expect(share(file(), file(time('1', '2')))).toBe(true)
    expect(share(file(stats('time_code', null, null)), file(time('1', '2')))).toBe(true)
    const long = 'x'.repeat(20)
    expect(share(file(time(`${long}1`, `${long}2`)), file(time(`${long}3`, `${long}4`)))).toBe(true)
  })

  it('hold nulls where the new ones do, for a null is a code like others', () => {
    const some = file(stats('time_code', '1', '2', 3))
    const none = file(stats('time_code', '1', '2'))
    const all = file(stats('time_code', null, null, 10))
    expect([share(some, all), share(all, some), share(all, all)]).toEqual([true, true, true])
    expect([share(none, all), share(all, none)]).toEqual([false, false])
    expect(share(none, file())).toBe(false)
    expect(share(some, file(stats('time_code', '7', '8', 1)))).toBe(true)
  })
})

describe('small manifests', () => {
  const few = { 'commit.manifest.min-count-to-merge': '3' }
  const load = append(fileOf(A, 1), fileOf(B, 1))

  it('become one when there are enough, which lists files as they were', () => {
    const state = after({ ...load, properties: few }, load, load)
    const { newManifests, keptManifests, metadata } = plan(state, load, 4)
    expect(keptManifests).toEqual([])
    expect(newManifests.map(({ entries }) => entries.map(({ status }) => status))).toEqual([
      Array.from({ length: 6 }, () => EXISTING),
      [ADDED, ADDED],
    ])
    const [merged] = newManifests
    expect(merged?.entries.map(({ sequence_number: sequence, snapshot_id: id }) => [sequence, id])).toEqual(
      [1n, 1n, 2n, 2n, 3n, 3n].map((n) => [n, n]),
    )
    expect(merged?.line).toMatchObject({ existing_files_count: 6, sequence_number: 4n, min_sequence_number: 1n })
    expect(metadata.snapshots?.at(-1)?.summary).toMatchObject({ operation: 'append', 'total-records': '8' })
    const next = carriedOut(state, { newManifests, keptManifests, metadata, listPath: '', listHeader: {} })
    expect(plan(next, load, 5).keptManifests).toHaveLength(2)
  })

  it('stay where they are few, long, or not to be merged', () => {
    const kept = (properties: Readonly<Record<string, string>>) =>
      plan(after({ ...load, properties }, load, load), load, 4).keptManifests.length
    expect(kept({})).toBe(3)
    expect(kept({ ...few, 'commit.manifest-merge.enabled': 'false' })).toBe(3)
    expect(kept({ ...few, 'commit.manifest.target-size-bytes': '1' })).toBe(3)
  })

  it('are merged beside one that a replace writes anyway', () => {
    const other = append(fileOf(B, 1))
    const state = after({ ...other, properties: few }, other, append(fileOf(A, 1)))
    const replace = { kind: 'replace', datasetId: A, files: [fileOf(A, 9)], properties: {} } as const
    const { newManifests, keptManifests } = plan(state, replace, 4)
    expect(keptManifests).toEqual([])
    expect(newManifests.map(({ entries }) => entries.map(({ status }) => status))).toEqual([
      [EXISTING, EXISTING],
      [DELETED],
      [ADDED],
    ])
  })
})

describe('a column of another type', () => {
  const level = column('area_level')
  const schema = schemaOf(0, [column('value'), level])

  it('grows from int to long, under a new schema, and stays long', () => {
    const long = evolve(schema, [{ ...level, type: 'long' }], 1)
    expect(long).toMatchObject({ 'schema-id': 1, fields: [{ type: 'double' }, { id: level.fieldId, type: 'long' }] })
    expect(evolve(long, [level], 2)).toBe(long)
  })

  it.each([
    ['area_level', 'string', 'holds string in the file and clashes with int in the table; only int grows to long'],
    ['area_level', 'double', 'clashes with int'],
    ['value', 'long', 'clashes with double'],
  ] as const)('%s as %s is refused', (name, type, words) => {
    expect(() => evolve(schema, [{ ...column(name), type }], 1)).toThrow(words)
  })
})

it('NaN is counted where bounds prove that there is none, and left open where they do not', () => {
  const value = column('value')
  const of = (lower: number | null, nulls: number) => {
    const stats = [{ fieldId: value.fieldId, sizeBytes: 1, valueCount: 2, nullCount: nulls, lower, upper: lower }]
    return dataFileOf({ ...fileOf(A, 2), columns: columns('value'), stats }, '/x').nan_value_counts
  }
  expect([of(1, 0), of(null, 2), of(null, 0)]).toEqual([[{ key: 4, value: 0n }], [{ key: 4, value: 0n }], []])
})
