/**
 * Tables that we wrote, read by engines that have nothing to do with us: every cell, the schema with its field ids, the
 * history, and what they leave unread. Then tables that those engines wrote to, read and continued by us.
 */
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { clickHouse } from './judges/chdb.ts'
import { pyIceberg } from './judges/pyiceberg.ts'
import { trino } from './judges/trino.ts'
import { BUCKET, type MotoLake, openMotoLake } from './lake-on-moto.ts'
import { CREDENTIALS } from './judges/moto.ts'
import { canonical } from './same-cells.ts'

const MUNICIPALITIES = '0000020201'
const CENSUS = '0003410379'
const COFFEE = '0003280145'
const LABOUR = '0003005798'

const aws = inject('aws')
const judges = inject('judges')
const trinoUrl = inject('trinoUrl')
if (aws === null) console.warn('LEFT OUT: tables on AWS, for want of moto (Python)')

const py = judges.python === null ? null : pyIceberg(judges.python, aws ?? '')
const tr = trinoUrl === null ? null : trino(trinoUrl)
const ch = judges.chdb === null ? null : clickHouse(judges.chdb)

/** Reads a whole table, with a column for each name. */
type ReadAll = (lake: MotoLake, name: string) => Promise<Parameters<typeof canonical>[1]>
const READERS: readonly (readonly [name: string, read: ReadAll | null])[] = [
  ['Trino', tr && (async (_lake, name) => tr.query(`SELECT * FROM ${name}`))],
  ['PyIceberg', py && (async (_lake, name) => py.rows({ table: `estat.${name}` }))],
  ['ClickHouse', ch && (async (lake, name) => ch.query(`SELECT * FROM ${await atClickHouse(lake, name)}`))],
]

/** ClickHouse reads by the metadata file: its own look into a folder would take the highest number for the newest. */
async function atClickHouse(lake: MotoLake, name: string): Promise<string> {
  const objects = await lake.store.list(`estat/iceberg/${name}/metadata/`)
  const newest = objects
    .filter(({ key }) => key.endsWith('.metadata.json'))
    .toSorted((a, b) => a.modified - b.modified || (a.key < b.key ? -1 : 1))
    .at(-1)
  const file = newest?.key.slice(`estat/iceberg/${name}/`.length) ?? ''
  const { accessKeyId, secretAccessKey } = CREDENTIALS
  return `icebergS3('${aws}/${BUCKET}/estat/iceberg/${name}/', '${accessKeyId}', '${secretAccessKey}', SETTINGS iceberg_metadata_file_path = '${file}')`
}

describe.runIf(aws !== null)('tables that we wrote', () => {
  let lake: MotoLake
  beforeAll(async () => {
    lake = await openMotoLake(aws ?? '')
    await lake.load('plain', COFFEE)
    // Three datasets whose axes differ, one of them loaded again, one merged, one there twice.
    await lake.load('mixed', CENSUS)
    await lake.load('mixed', COFFEE)
    await lake.load('mixed', LABOUR)
    await lake.load('mixed', CENSUS)
    await lake.load('mixed', COFFEE, 'merge')
    await lake.load('mixed', LABOUR, 'append')
    await lake.load('wide', MUNICIPALITIES)
  })
  afterAll(() => lake.close())

  describe.each(READERS.filter(([, read]) => read !== null))('read by %s', (_name, read) => {
    it.each(['plain', 'mixed', 'wide'])('every cell of %s', async (name) => {
      const { columns } = await lake.table(name)
      const ours = canonical(columns, await lake.rows(name))
      expect(ours.length).toBeGreaterThan(20)
      expect(canonical(columns, await (read as ReadAll)(lake, name))).toEqual(ours)
    })
  })

  it.runIf(py !== null)('PyIceberg sees our field ids, types, partition and history', async () => {
    const table = await lake.table('mixed')
    const facts = await py?.facts({ table: 'estat.mixed' })
    expect(facts?.schema).toEqual(table.columns.map(({ fieldId, name, type }) => [fieldId, name, type]))
    expect(facts?.partition).toEqual([[1, 'identity']])
    expect(facts?.snapshots.map(([id, operation, rows]) => [id, operation, Number(rows)])).toEqual(
      table.snapshots.map(({ id, operation, totalRows }) => [id, operation, totalRows]),
    )
    expect(facts?.history).toEqual(table.snapshots.map(({ id }) => id))
    expect(facts?.files.length).toBe(table.files.length)
  })

  it.runIf(tr !== null)('Trino sees our columns, and the history', async () => {
    const table = await lake.table('mixed')
    const described = await tr?.query('DESCRIBE mixed')
    const names = {
      string: 'varchar',
      int: 'integer',
      long: 'bigint',
      double: 'double',
      boolean: 'boolean',
      date: 'date',
      timestamptz: 'timestamp(6) with time zone',
    }
    expect(described?.rows.map(([name, type]) => [name, type])).toEqual(
      table.columns.map(({ name, type }) => [name, names[type]]),
    )
    const snapshots = await tr?.query(
      'SELECT CAST(snapshot_id AS varchar), operation FROM "mixed$snapshots" ORDER BY committed_at',
    )
    expect(snapshots?.rows).toEqual(table.snapshots.map(({ id, operation }) => [id, operation]))
  })

  it('every engine travels to each snapshot', async () => {
    const { snapshots } = await lake.table('mixed')
    expect(snapshots.map(({ totalRows }) => totalRows)).toEqual([1008, 1035, 1050, 1050, 1050, 1065])
    for (const { id, totalRows } of snapshots) {
      const counts = [
        await lake.tables.load('estat', 'mixed', { snapshotId: id }).then((table) => table?.rows),
        tr && (await tr.query(`SELECT count(*) FROM mixed FOR VERSION AS OF ${id}`)).rows[0]?.[0],
        py && (await py.rows({ table: 'estat.mixed', snapshot: id })).rows.length,
        ch &&
          (
            await ch.query(
              `SELECT toInt32(count()) FROM ${await atClickHouse(lake, 'mixed')}`,
              `iceberg_snapshot_id = ${id}`,
            )
          ).rows[0]?.[0],
      ]
      expect(counts.filter((count) => count !== null).map(Number)).toEqual(
        counts.filter((count) => count !== null).map(() => totalRows),
      )
    }
  })

  it.runIf(py !== null)('PyIceberg leaves files unread by partition and by the bounds of columns', async () => {
    const all = (await lake.table('mixed')).files
    const files = async (filter: string): Promise<number> =>
      (await py?.facts({ table: 'estat.mixed', filter }))?.files.length ?? -1
    expect(await files(`dataset_id == '${CENSUS}'`)).toBe(all.filter(({ datasetId }) => datasetId === CENSUS).length)
    expect(await files("dataset_id == '9999999999'")).toBe(0)
    // The census ends in 2020, the labour force is of 2024, coffee has no time.
    expect(await files("time_start > '2023-01-01'")).toBe(all.filter(({ datasetId }) => datasetId === LABOUR).length)
    expect(await files('value > 1000000000000')).toBe(0)
    expect(await files("area_name == '東京都'")).toBeLessThan(all.length)
  })

  it.runIf(tr !== null)('Trino reads fewer bytes and files for one dataset', async () => {
    const whole = await tr?.query('SELECT sum(value) FROM mixed')
    const one = await tr?.query(`SELECT sum(value) FROM mixed WHERE dataset_id = '${COFFEE}'`)
    const none = await tr?.query("SELECT sum(value) FROM mixed WHERE time_start > DATE '2030-01-01'")
    expect(one?.bytesRead).toBeLessThan(whole?.bytesRead ?? 0)
    expect(none?.bytesRead).toBe(0)
  })

  it.runIf(ch !== null)('ClickHouse leaves files unread by partition and by the bounds of columns', async () => {
    const from = await atClickHouse(lake, 'mixed')
    const prune = 'use_iceberg_partition_pruning = 1'
    const read = async (filter: string): Promise<number> =>
      (await ch?.query(`SELECT sum(value) FROM ${from} WHERE ${filter}`, prune))?.rowsRead ?? -1
    expect(await read("dataset_id = '9999999999'")).toBe(0)
    expect(await read(`dataset_id = '${COFFEE}'`)).toBe(27)
    expect(await read("time_start > '2023-01-01'")).toBe(30)
  })
})

describe.runIf(aws !== null)('tables that others wrote to', () => {
  let lake: MotoLake
  beforeAll(async () => {
    lake = await openMotoLake(aws ?? '')
    await lake.load('shared', COFFEE)
  })
  afterAll(() => lake.close())

  const expectAllAgree = async (): Promise<number> => {
    const { columns } = await lake.table('shared')
    const ours = canonical(columns, await lake.rows('shared'))
    for (const [name, read] of READERS)
      if (read !== null) expect([name, canonical(columns, await read(lake, 'shared'))]).toEqual([name, ours])
    return ours.length
  }

  it.runIf(tr !== null)('rows that Trino inserted are read, and loaded beside', async () => {
    await tr?.query(
      "INSERT INTO shared (dataset_id, area_code, area_name, value, unit) VALUES ('0000000009', '13206', '東京都 府中市', 1.5, 't')",
    )
    expect(await expectAllAgree()).toBe(28)
    await lake.load('shared', LABOUR)
    expect(await expectAllAgree()).toBe(43)
    // Their 64-bit snapshot ids survive our commit.
    const ids = (await tr?.query('SELECT CAST(snapshot_id AS varchar) FROM "shared$snapshots" ORDER BY committed_at'))
      ?.rows
    expect(ids?.flat()).toEqual((await lake.table('shared')).snapshots.map(({ id }) => id))
    expect(ids?.flat().some((id) => BigInt(String(id)) > BigInt(Number.MAX_SAFE_INTEGER))).toBe(true)
  })

  it.runIf(py !== null)('rows that PyIceberg appended are read, and replaced by a load', async () => {
    await py?.append({ table: 'estat.shared', filter: `dataset_id == '${COFFEE}'` })
    const before = await expectAllAgree()
    await lake.load('shared', COFFEE)
    expect(await expectAllAgree()).toBe(before - 27)
  })

  it.runIf(tr !== null)(
    'rows that Trino deleted are refused or gone, and gone for good once it has tidied up',
    async () => {
      const before = (await lake.rows('shared')).rows.length
      await tr?.query("DELETE FROM shared WHERE dataset_id = '0003280145' AND area_name = 'ブラジル'")
      const gone = (await tr?.query('SELECT count(*) FROM shared'))?.rows[0]?.[0] as number
      expect(gone).toBeLessThan(before)
      // Rows less, or a refusal that says what to run: never the deleted rows.
      const seen = await lake.rows('shared').then(
        ({ rows }) => String(rows.length),
        (error: unknown) => (error as { hint?: string }).hint ?? String(error),
      )
      expect(seen).toMatch(new RegExp(`^${gone}$|OPTIMIZE|optimize`))
      await tr?.query('ALTER TABLE shared EXECUTE optimize')
      expect(await expectAllAgree()).toBe(gone)
      await lake.load('shared', CENSUS)
      expect(await expectAllAgree()).toBe(gone + 1008)
    },
  )
})
