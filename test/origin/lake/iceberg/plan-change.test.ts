/** The plan of a commit, asserted before anything is written. */
import { describe, expect, it } from 'vitest'
import { columnNamed } from '../../../../origin/lake/columns.ts'
import type { ManifestFile } from '../../../../origin/lake/iceberg/manifest.ts'
import { manifestsToRead } from '../../../../origin/lake/iceberg/plan-change.ts'
import type { LakeColumn, TableChange } from '../../../../origin/lake/ports.ts'
import { A, after, append, B, C, EMPTY, fileOf, plan, replace, type State } from '../support/plans.ts'

describe('the manifests that a change must read', () => {
  const paths = (state: State, change: TableChange) =>
    manifestsToRead(state.manifests, change, state.metadata).map(({ manifest_path: path }) => path)

  it('are none for an append, and those that may hold the dataset for a replace', () => {
    const state = after(append(fileOf(A, 1)), append(fileOf(C, 1)), append(fileOf(A, 1), fileOf(C, 1)))
    expect(paths(state, append(fileOf(A, 1)))).toEqual([])
    expect(paths(state, replace(fileOf(A, 1)))).toEqual(['/l/t/metadata/uuid1-m0.avro', '/l/t/metadata/uuid3-m0.avro'])
    expect(paths(state, replace(fileOf(B, 1)))).toEqual(['/l/t/metadata/uuid3-m0.avro'])
  })

  it('are all that tell no bounds', () => {
    const { manifests, metadata } = after(append(fileOf(A, 1)))
    const [line] = manifests as readonly [ManifestFile]
    expect(manifestsToRead([{ ...line, partitions: null }], replace(fileOf(B, 1)), metadata)).toHaveLength(1)
  })
})

describe('a replace', () => {
  it('keeps the manifests of others, and rewrites one that it shares', () => {
    const state = after(append(fileOf(A, 1), fileOf(B, 2)), append(fileOf(C, 3)))
    const { newManifests, keptManifests, metadata } = plan(state, replace(fileOf(A, 5)), 3)
    expect(keptManifests.map(({ manifest_path: path }) => path)).toEqual(['/l/t/metadata/uuid2-m0.avro'])
    const entries = newManifests.map((manifest) =>
      manifest.entries.map(({ status, snapshot_id: id, sequence_number: sequence, data_file: file }) => [
        status,
        id,
        sequence,
        file.partition.dataset_id,
      ]),
    )
    expect(entries).toEqual([
      [
        [2, 3n, 1n, A],
        [0, 1n, 1n, B],
      ],
      [[1, 3n, null, A]],
    ])
    expect(newManifests.map(({ line }) => [line.sequence_number, line.min_sequence_number])).toEqual([
      [3n, 1n],
      [3n, 3n],
    ])
    expect(metadata.snapshots?.at(-1)?.summary).toMatchObject({
      operation: 'overwrite',
      'deleted-records': '1',
      'added-records': '5',
      'total-records': '10',
      'total-data-files': '3',
    })
  })

  it('drops manifests that only tell of older deletions', () => {
    const state = after(replace(fileOf(A, 1)), replace(fileOf(A, 2)), replace(fileOf(A, 3)))
    expect(state.manifests.map((line) => [line.added_files_count, line.deleted_files_count])).toEqual([
      [0, 1],
      [1, 0],
    ])
    expect(state.metadata.snapshots?.at(-1)?.summary['total-records']).toBe('3')
  })

  it('of a dataset without new files deletes it', () => {
    const { metadata, newManifests } = plan(
      after(append(fileOf(A, 1), fileOf(B, 2))),
      { kind: 'replace', datasetId: A, files: [], properties: {} },
      2,
    )
    expect(metadata.snapshots?.at(-1)?.summary).toMatchObject({ operation: 'delete', 'total-records': '2' })
    expect(newManifests).toHaveLength(1)
  })
})

describe('the next metadata', () => {
  it('evolves by field id: new columns go to the end under a new schema, once', () => {
    const grown = after(
      append(fileOf(A, 1)),
      append(fileOf(B, 1, ['cat01_code'])),
      append(fileOf(B, 1, ['cat01_code'])),
    )
    const { schemas, snapshots } = grown.metadata
    expect(schemas.map((schema) => [schema['schema-id'], schema.fields.map(({ id }) => id)])).toEqual([
      [0, [1, 4]],
      [1, [1, 4, 110]],
    ])
    expect(grown.metadata['current-schema-id']).toBe(1)
    expect(snapshots?.map((snapshot) => snapshot['schema-id'])).toEqual([0, 1, 1])
  })

  it('never runs backwards when the clock does', () => {
    const state = after(append(fileOf(A, 1)))
    expect(plan(state, append(fileOf(A, 1)), 2, { now: 5 }).metadata['last-updated-ms']).toBe(1000)
  })

  it('remembers a hundred metadata files and merges properties', () => {
    const many = Array.from(
      { length: 120 },
      (): TableChange => ({ ...append(fileOf(A, 1)), properties: { 'estat.a': '1' } }),
    )
    const { metadata } = after(...many, { ...append(fileOf(A, 1)), properties: { 'estat.b': '2' } })
    expect(metadata['metadata-log']).toHaveLength(100)
    expect(metadata['metadata-log']?.at(-1)).toEqual({
      'timestamp-ms': 120_000,
      'metadata-file': '/l/t/metadata/v120.metadata.json',
    })
    expect(metadata.properties).toMatchObject({ 'estat.a': '1', 'estat.b': '2', 'write.format.default': 'parquet' })
  })

  it('refuses columns that clash', () => {
    const value = columnNamed('value') as LakeColumn
    const clashing = (column: LakeColumn) => () => plan(EMPTY, append({ ...fileOf(A, 1), columns: [column] }), 1)
    expect(clashing({ ...value, fieldId: 77 })).toThrow('clashes')
    expect(clashing({ ...value, type: 'string' })).toThrow('clashes')
  })
})
