/**
 * Eight processes that write to one table on S3 at once, over the wire, and a reader that runs all the while (issue 4):
 * `vitest run --config test/heavy/vitest.config.ts test/heavy/lake-contention-s3.test.ts`.
 */
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { localCatalog } from '../../origin/adapters/catalog-local.ts'
import { sqlList } from '../../origin/adapters/duckdb.ts'
import type { LakeTable } from '../../origin/lake/ports.ts'
import { cellFile } from '../origin/lake/support/parquet-file.ts'
import { openS3, type S3Lab } from '../support/s3-store.ts'
import { calm, type LakeScene, openScene, readAllTheWhile, say } from './lake-scene.ts'

const [WRITERS, COMMITS] = [8, 20]
let scene: LakeScene
let s3: S3Lab
beforeAll(async () => {
  scene = await openScene()
  s3 = await openS3()
})
afterAll(async () => {
  await s3.close()
  await scene.lake.close()
})

it(`${WRITERS} processes with ${COMMITS} appends each make ${WRITERS * COMMITS} snapshots in one unbroken chain`, async () => {
  const { lake } = scene
  const { store, options } = s3.fresh({ cacheDir: join(lake.dataDir, 's3-cache') })
  const tables = localCatalog({ store, root: `s3://${store.bucket}` })
  const row = await cellFile(lake, '0000000001', [{ area: '1', $: '1' }])
  await store.put(row.key, (await lake.store.get(row.key)) ?? new Uint8Array())
  const counted = async ({ files }: LakeTable): Promise<unknown> => {
    const paths = await Promise.all(files.map(({ key }) => store.localPath(key)))
    return (await lake.duck.rows(`SELECT sum(value)::int AS n FROM read_parquet(${sqlList(paths)})`, calm))[0]?.['n']
  }
  const began = Date.now()
  const task = { s3: options, table: 't', steps: [{ kind: 'append', file: row }], times: COMMITS } as const
  const writers = Promise.all(Array.from({ length: WRITERS }, () => scene.run(task)))
  const reads = await readAllTheWhile(
    () => tables.load('estat', 't'),
    writers,
    async (table) => {
      expect(table.rows).toBe(table.snapshots.length)
      expect(await counted(table)).toBe(table.rows)
    },
  )
  const acknowledged = (await writers).flatMap((one) => one.acknowledged)
  say(`S3: ${WRITERS * COMMITS} commits in ${Date.now() - began} ms, ${reads} whole states read meanwhile`)
  const table = (await tables.load('estat', 't')) as LakeTable
  expect(table.snapshots.map(({ totalRows }) => totalRows)).toEqual(
    Array.from({ length: WRITERS * COMMITS }, (_, at) => at + 1),
  )
  expect(table.snapshots.map(({ parentId }) => parentId)).toEqual([
    null,
    ...table.snapshots.map(({ id }) => id).slice(0, -1),
  ])
  expect(new Set(acknowledged)).toEqual(new Set(table.snapshots.map(({ id }) => id)))
  expect(acknowledged).toHaveLength(WRITERS * COMMITS)
})
