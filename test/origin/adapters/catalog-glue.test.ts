/** What Glue itself must show after our commits, and what it may do to them. The contract is in catalogs.test.ts. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { GlueClient, UpdateTableCommand } from '@aws-sdk/client-glue'
import { parseJson, printJson } from '../../../origin/lake/iceberg/json.ts'
import type { TableMetadata } from '../../../origin/lake/iceberg/metadata.ts'
import { LAKE_COLUMNS } from '../../../origin/lake/columns.ts'
import type { ParquetFile, TableChange } from '../../../origin/lake/ports.ts'
import { glueLab, type GlueLab } from '../../support/catalog-labs.ts'
import { openS3, type S3Lab } from '../../support/s3-store.ts'
import { WIRE_KEYS, WIRE_REGION } from '../../support/wire-s3/server.ts'

const options = { create: true, now: Date.UTC(2026, 10, 20), signal: new AbortController().signal }
let s3: S3Lab
let lab: GlueLab
beforeAll(async () => {
  s3 = await openS3()
})
beforeEach(async () => {
  lab = await glueLab(s3)
  return () => lab.glue.close()
})
afterAll(() => s3.close())

async function append(rows = 1, columns = 6): Promise<TableChange> {
  const key = `estat/parquet/${rows}-${columns}.parquet`
  await lab.store.put(key, new TextEncoder().encode('PAR1'))
  const files: ParquetFile[] = [
    {
      key,
      bytes: 4,
      rows,
      columns: LAKE_COLUMNS.slice(0, columns),
      stats: [],
      datasetId: '0000000001',
      splitOffsets: [4],
      properties: {},
    },
  ]
  return { kind: 'append', files, properties: {} }
}
const commit = async (change?: TableChange) => lab.open().commit('estat', 't', change ?? (await append()), options)
const entry = () => {
  const found = lab.glue.database('lake_estat')?.get('t')
  if (found === undefined) throw new Error('no entry')
  return found
}
const locationOf = () => entry().Parameters?.['metadata_location'] ?? ''

/** A commit of another engine: metadata of its own, and the entry moved to it. */
async function commitElsewhere(name: string): Promise<void> {
  const bucket = `s3://${lab.store.bucket}/`
  const before = locationOf()
  const bytes = await lab.store.get(before.slice(bucket.length))
  const metadata = parseJson(new TextDecoder().decode(bytes ?? new Uint8Array())) as TableMetadata
  const log = [...(metadata['metadata-log'] ?? []), { 'timestamp-ms': 1, 'metadata-file': before }]
  const location = `${metadata.location}/metadata/${name}`
  const next = { ...metadata, 'metadata-log': log, properties: { ...metadata.properties, engine: 'athena' } }
  await lab.store.put(location.slice(bucket.length), new TextEncoder().encode(printJson(next)))
  lab.glue.change('lake_estat', 't', (table) => ({
    ...table,
    Parameters: { ...table.Parameters, metadata_location: location, previous_metadata_location: before },
  }))
}

describe('the entry in Glue', () => {
  it('is what Athena expects of an Iceberg table', async () => {
    await commit()
    expect(locationOf()).toMatch(/^s3:\/\/lake-\d+\/estat\/iceberg\/t\/metadata\/00000-[0-9a-f-]{36}\.metadata\.json$/)
    expect(entry()).toMatchObject({ TableType: 'EXTERNAL_TABLE', Parameters: { table_type: 'ICEBERG' } })
    const { Location, Columns } = entry().StorageDescriptor as { Location: string; Columns: Record<string, unknown>[] }
    expect(Location).toBe(`s3://${lab.store.bucket}/estat/iceberg/t`)
    expect(Columns.map(({ Name }) => Name)).toEqual(LAKE_COLUMNS.slice(0, 6).map(({ name }) => name))
    expect(Columns[0]).toMatchObject({
      Type: 'string',
      Parameters: { 'iceberg.field.id': '1', 'iceberg.field.optional': 'true', 'iceberg.field.current': 'true' },
    })
  })

  it('moves its columns and both locations together', async () => {
    await commit()
    const first = locationOf()
    await commit(await append(2, 9))
    expect(entry().Parameters).toMatchObject({ previous_metadata_location: first })
    expect(locationOf()).toMatch(/\/00001-[^/]+$/)
    expect((entry().StorageDescriptor as { Columns: unknown[] }).Columns).toHaveLength(9)
    expect(entry().VersionId).toBe('1')
  })

  it('keeps what another engine put beside ours', async () => {
    await commit()
    lab.glue.change('lake_estat', 't', (table) => ({
      ...table,
      Owner: 'analysts',
      Description: 'Population',
      Retention: 7,
      Parameters: { ...table.Parameters, vacuum_max_snapshot_age_seconds: '86400', comment: '人口' },
      StorageDescriptor: { ...table.StorageDescriptor, SerdeInfo: { SerializationLibrary: 'x' } },
    }))
    await commit()
    expect(entry()).toMatchObject({
      Owner: 'analysts',
      Description: 'Population',
      Retention: 7,
      Parameters: { vacuum_max_snapshot_age_seconds: '86400', comment: '人口' },
      StorageDescriptor: { SerdeInfo: { SerializationLibrary: 'x' } },
    })
  })

  it('is refused an update without its version, by the stand-in as by us', async () => {
    await commit()
    const client = new GlueClient({ region: WIRE_REGION, credentials: WIRE_KEYS, endpoint: lab.glue.url })
    const update = new UpdateTableCommand({ DatabaseName: 'lake_estat', TableInput: { Name: 't' }, SkipArchive: true })
    await expect(client.send(update)).rejects.toMatchObject({ name: 'InvalidInputException' })
    client.destroy()
  })
})

describe('other writers', () => {
  it('are built upon, and their metadata stays in the log', async () => {
    await commit()
    await commitElsewhere('00001-theirs.metadata.json')
    const { table } = await commit()
    expect([table.rows, table.properties['engine']]).toEqual([2, 'athena'])
    expect(entry().Parameters?.['previous_metadata_location']).toMatch(/00001-theirs/)
    expect(locationOf()).toMatch(/\/00002-/)
  })

  it('that were first make us start over on what they left', async () => {
    await commit()
    lab.glue.plan({
      on: 'UpdateTable',
      fault: { kind: 'refuse', status: 400, code: 'ConcurrentModificationException' },
    })
    lab.glue.plan({ on: 'UpdateTable', fault: { kind: 'refuse', status: 400, code: 'VersionMismatchException' } })
    expect((await commit()).rowsAfter).toBe(2)
    const files = await lab.store.list('estat/iceberg/t/metadata/')
    expect(files.filter(({ key }) => key.endsWith('.metadata.json'))).toHaveLength(2)
  })

  it('that followed our lost answer do not make us commit twice', async () => {
    await commit()
    lab.glue.plan({ on: 'UpdateTable', fault: { kind: 'lose-answer' } })
    const change = await append(5)
    // By the time that the answer is missed, another engine has committed on top of ours.
    const watch = setInterval(() => {
      if (lab.glue.history('lake_estat.t').length !== 2) return
      clearInterval(watch)
      void commitElsewhere('00002-theirs.metadata.json')
    }, 1)
    const done = await commit(change)
    clearInterval(watch)
    expect((await lab.open().load('estat', 't'))?.rows).toBe(6)
    expect(done.rowsAfter).toBe(6)
  })

  it('cannot be undone by a request of ours that arrives late', async () => {
    await commit()
    lab.glue.plan({ on: 'UpdateTable', fault: { kind: 'do-late', ms: 400 } })
    await lab.open({ timeoutMs: 150 }).commit('estat', 't', await append(5), options)
    await new Promise((resolve) => setTimeout(resolve, 400))
    const table = await lab.open().load('estat', 't')
    expect(table?.snapshots.map(({ totalRows }) => totalRows)).toEqual([1, 6])
    expect(lab.glue.history('lake_estat.t')).toHaveLength(2)
  })
})

describe('what is in the way is told in our words', () => {
  it('a table that is not ours', async () => {
    await commit()
    lab.glue.change('lake_estat', 't', (table) => ({ ...table, Parameters: { classification: 'csv' } }))
    await expect(commit()).rejects.toMatchObject({ code: 'DATA_TRANSFORM_ERROR' })
    expect(await lab.open().list('estat')).toEqual([])
  })

  it.each([
    ['AccessDeniedException', /Glue/, /glue:UpdateTable/],
    ['UnrecognizedClientException', /credentials/, /operator/],
  ])('%s', async (code, message, hint) => {
    await commit()
    lab.glue.plan({ on: 'UpdateTable', fault: { kind: 'refuse', status: 400, code }, times: 2 })
    const before = await lab.store.list('estat/iceberg/t/')
    const failure = await commit().catch((error: unknown) => error)
    expect(failure).toMatchObject({
      code: 'AWS_SERVICE_ERROR',
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    })
    expect(await lab.store.list('estat/iceberg/t/')).toEqual(before)
  })
})
