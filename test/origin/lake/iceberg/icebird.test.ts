/** Whole tables read by icebird, an Iceberg reader in JavaScript that shares no code with ours (it reads over HTTP). */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { icebergMetadata, icebergRead } from 'icebird'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { localCatalog } from '../../../../origin/adapters/catalog-local.ts'
import type { ParquetFile, TableCatalog } from '../../../../origin/lake/ports.ts'
import { calm, type Lake, openLake } from '../support/lake.ts'
import { smallFile } from '../support/parquet-file.ts'

let lake: Lake
let server: Server
let root = ''
let tables: TableCatalog
beforeAll(async () => {
  lake = await openLake()
  server = createServer((request, response) => {
    void lake.store.get(decodeURIComponent((request.url ?? '').slice(1))).then((bytes) => {
      const [, from = '0', to] = /bytes=(\d+)-(\d*)/.exec(request.headers.range ?? '') ?? []
      const end = to ? Number(to) + 1 : (bytes?.length ?? 0)
      response.writeHead(bytes === null ? 404 : request.headers.range ? 206 : 200)
      response.end(bytes?.subarray(Number(from), end))
    })
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  root = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  tables = localCatalog({ store: lake.store, root })
})
afterAll(async () => {
  await new Promise((closed) => server.close(closed))
  await lake.close()
})

const replace = (file: ParquetFile, now: number) =>
  tables.commit(
    'estat',
    't',
    { kind: 'replace', datasetId: file.datasetId, files: [file], properties: {} },
    { create: true, now, signal: calm },
  )
const read = async () => {
  const rows = (await icebergRead({ tableUrl: `${root}/estat/iceberg/t` })) as readonly Record<string, unknown>[]
  const shown = ['dataset_id', 'value', 'symbol', 'cat01_code', 'cat02_name']
  return rows.map((row) => shown.map((name) => row[name] ?? null))
}

describe('a table read by icebird', () => {
  it('holds our rows, through a replace and a new column', async () => {
    const [a, b] = ['0000000001', '0000000002'] as const
    await replace(await smallFile(lake, a, ['1', '-']), 1000)
    expect(await read()).toEqual([
      [a, 1, null, '1', null],
      [a, null, '-', '1', null],
    ])
    await replace(await smallFile(lake, b, ['7.5'], ['cat01', 'cat02']), 2000)
    await replace(await smallFile(lake, a, ['3']), 3000)
    expect(new Set(await read())).toEqual(
      new Set([
        [a, 3, null, '1', null],
        [b, 7.5, null, '1', '1 の名'],
      ]),
    )
    const metadata = await icebergMetadata({ tableUrl: `${root}/estat/iceberg/t` })
    expect(metadata.snapshots).toHaveLength(3)
  })
})
