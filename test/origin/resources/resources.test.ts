/** Resources by clients of both lines: every kind, its list, its completion, its errors, and whose it is. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fileLinks } from '../../../origin/adapters/file-links.ts'
import type { Caller } from '../../../shared/server-info.ts'
import { newSigningKey } from '../../platform/workerd.ts'
import { execute } from '../support/origin.ts'
import { type AnyClient, connect, LINES, openForCallers, type OriginForCallers } from '../support/mcp-clients.ts'

const OWNER: Caller = { id: 'owner', tenant: 'estat', scopes: ['lake'] }
const READER: Caller = { id: 'reader', tenant: 'estat', scopes: ['read'] }
const STRANGER: Caller = { id: 'stranger', tenant: 'other', scopes: ['lake'] }
const COFFEE = '0003280145'
const LONG_CSV = `﻿年,値\n${Array.from({ length: 9_000 }, (_, at) => `${at},${at * 7}`).join('\n')}\n`

let origin: OriginForCallers
beforeAll(async () => {
  const links = fileLinks({
    signingKey: await newSigningKey(),
    publicUrl: 'https://edge.test',
    newId: () => crypto.randomUUID(),
  })
  origin = await openForCallers({ ports: { links } })
  const kept = await execute(origin, 'save_dataset_as_csv', { dataset_id: COFFEE, output_filename: '珈琲 100%.csv' })
  const loaded = await execute(origin, 'ingest_dataset', { dataset_id: COFFEE })
  if (!kept.success || !loaded.success) throw new Error('nothing was kept')
  const { store } = origin.ports
  await store.put('estat/csv/long.csv', new TextEncoder().encode(LONG_CSV))
  await store.put('estat/parquet/big.parquet', new Uint8Array(30_000))
  await store.put('estat/parquet/small.parquet', Uint8Array.of(80, 65, 82, 49))
  await store.put('other/csv/theirs.csv', new TextEncoder().encode('a\n1\n'))
}, 20_000)
afterAll(() => origin.close())

interface Part {
  readonly uri: string
  readonly mimeType?: string
  readonly text?: string
  readonly blob?: string
}
async function read(client: AnyClient, uri: string): Promise<Part[]> {
  return (await client.readResource({ uri })).contents as Part[]
}
const failure = (client: AnyClient, uri: string): Promise<{ code: number; message: string; data: unknown }> =>
  client.readResource({ uri }).then(
    () => Promise.reject(new Error(`${uri} was read`)),
    (error: unknown) => error as { code: number; message: string; data: unknown },
  )
const complete = async (client: AnyClient, uri: string, name: string, value: string): Promise<string[]> =>
  (await client.complete({ ref: { type: 'ref/resource', uri }, argument: { name, value } })).completion.values

describe.each(LINES)('a client of %s', (line) => {
  let owner: AnyClient
  let stranger: AnyClient
  let reader: AnyClient
  beforeAll(async () => {
    ;[owner, stranger, reader] = await Promise.all([
      origin.client(line, OWNER),
      origin.client(line, STRANGER),
      origin.client(line, READER),
    ])
  })
  afterAll(() => Promise.all([owner, stranger, reader].map((client) => client.close())))

  it('reads a table, in Japanese and in English, and completes its id', async () => {
    const uri = `estat://dataset/${COFFEE}`
    const [part, ...more] = await read(reader, uri)
    expect(more).toEqual([])
    expect(part).toMatchObject({ uri, mimeType: 'application/json' })
    const described = JSON.parse(part?.text ?? '')
    const told = await execute(origin, 'describe_dataset', { dataset_id: COFFEE })
    expect({ ...described, source: null }).toEqual({ ...told.result, source: null })
    const english = await read(reader, `${uri}?lang=E`)
    expect(JSON.parse(english[0]?.text ?? '').dataset_id).toBe(COFFEE)
    const asked = 'estat://dataset/{id}'
    expect(await complete(reader, asked, 'id', '00032801')).toEqual([COFFEE])
    expect(await complete(reader, asked, 'id', '国民経済計算')).toContain('0003109741')
    expect(await complete(reader, asked, 'other', '0')).toEqual([])
  })

  it('reads a lake table of its own and completes its name', async () => {
    const [part] = await read(owner, `estat://lake/d_${COFFEE}`)
    const { tables, table } = JSON.parse(part?.text ?? '')
    expect(tables).toMatchObject([{ table_name: `d_${COFFEE}`, rows: 27 }])
    expect(table.columns.map(({ name }: { name: string }) => name)).toContain('value')
    expect(table.snapshots).toHaveLength(1)
    expect(table.sources[0].citation).toContain('出典')
    expect(table.axes[0].dictionary.length).toBeGreaterThan(0)
    const asked = 'estat://lake/{table}'
    expect(await complete(owner, asked, 'table', '')).toEqual([`d_${COFFEE}`])
    expect(await complete(owner, asked, 'table', COFFEE)).toEqual([`d_${COFFEE}`])
    expect(await complete(stranger, asked, 'table', '')).toEqual([])
  })

  it('reads a kept CSV file with its source, whatever its name', async () => {
    const uri = 'estat://file/estat/csv/%E7%8F%88%E7%90%B2%20100%25.csv'
    const [lines, note, ...more] = await read(owner, uri)
    expect(more).toEqual([])
    expect(lines?.mimeType).toBe('text/csv; charset=utf-8')
    expect(lines?.text?.trimEnd().split('\n')).toHaveLength(28)
    expect(note?.text).toContain('出典')
    expect(note?.text).not.toContain('estat://')
    const asked = 'estat://file/{+key}'
    expect(await complete(owner, asked, 'key', '珈琲')).toEqual(['estat/csv/珈琲 100%.csv'])
    expect(await complete(owner, asked, 'key', 'estat/parquet/s')).toEqual(['estat/parquet/small.parquet'])
    expect(await complete(stranger, asked, 'key', '')).toEqual(['other/csv/theirs.csv'])
  })

  it('reads a long CSV file page by page to its end', async () => {
    let uri: string | undefined = 'estat://file/estat/csv/long.csv?lang=E'
    let whole = ''
    let pages = 0
    while (uri !== undefined) {
      const [lines, note]: Part[] = await read(owner, uri)
      whole += pages === 0 ? lines?.text : lines?.text?.replace(/^年,値\n/, '')
      pages += 1
      const next: string | undefined = /The rest: (\S+)|続きは (\S+) に/
        .exec(note?.text ?? '')
        ?.slice(1)
        .find(Boolean)
      uri = next
    }
    expect(pages).toBeGreaterThan(2)
    expect(whole).toBe(LONG_CSV.slice(1))
  })

  it('gets a small Parquet file itself and a link to a large one', async () => {
    const [small] = await read(owner, 'estat://file/estat/parquet/small.parquet')
    expect(small).toMatchObject({ mimeType: 'application/vnd.apache.parquet', blob: 'UEFSMQ==' })
    const [big] = await read(owner, 'estat://file/estat/parquet/big.parquet?lang=E')
    expect(big?.text).toContain('30,000 bytes')
    expect(big?.text).toContain('https://edge.test/files/estat/parquet/big.parquet?')
  })

  it('reads the guides in both languages', async () => {
    const topics = await complete(reader, 'estat://guide/{topic}', 'topic', '')
    expect(topics).toEqual(['search', 'time-codes', 'area-codes', 'symbols'])
    for (const topic of topics) {
      const [[japanese], [english]] = [
        await read(reader, `estat://guide/${topic}`),
        await read(reader, `estat://guide/${topic}?lang=E`),
      ]
      expect(japanese?.text).toMatch(/^# [^A-Za-z]/)
      expect(english?.text).toMatch(/^# [A-Z]/)
    }
  })

  it('sees what its scope and its tenant allow, in one order', async () => {
    const listed = async (client: AnyClient) => (await client.listResources()).resources.map(({ uri }) => uri)
    const guides = ['search', 'time-codes', 'area-codes', 'symbols'].map((topic) => `estat://guide/${topic}`)
    expect(await listed(reader)).toEqual(guides)
    expect(await listed(stranger)).toEqual([...guides, 'estat://file/other/csv/theirs.csv'])
    const own = await listed(owner)
    expect(own.slice(0, 5)).toEqual([...guides, `estat://lake/d_${COFFEE}`])
    expect(new Set(own.slice(5))).toContain('estat://file/estat/csv/%E7%8F%88%E7%90%B2%20100%25.csv')
    expect(await listed(owner)).toEqual(own)
    for (const uri of own.slice(5)) expect((await read(owner, uri)).length).toBeGreaterThan(0)
    const templates = async (client: AnyClient) =>
      (await client.listResourceTemplates()).resourceTemplates.map(({ name }) => name)
    expect(await templates(reader)).toEqual(['guide', 'dataset'])
    expect(await templates(owner)).toEqual(['guide', 'dataset', 'lake', 'file'])
  })

  it.each([
    ['estat://dataset/12', 'INVALID_PARAMETER'],
    ['estat://dataset/9999999999', 'NOT_FOUND'],
    ['estat://dataset/%E0%A4', 'NOT_FOUND'],
    [`estat://dataset/${COFFEE}?lang=F`, 'INVALID_PARAMETER'],
    [`estat://dataset/${COFFEE}?axis=area`, 'INVALID_PARAMETER'],
    ['estat://guide/nothing', 'NOT_FOUND'],
    ['estat://guide/constructor', 'NOT_FOUND'],
    ['estat://lake/none', 'NOT_FOUND'],
    ["estat://lake/x';--", 'INVALID_PARAMETER'],
    ['estat://file/estat/csv/none.csv', 'NOT_FOUND'],
    ['estat://file/other/csv/theirs.csv', 'NOT_FOUND'],
    ['estat://file/estat/csv/../../other/csv/theirs.csv', 'NOT_FOUND'],
    ['estat://file/estat%2Fcsv%2Flong.csv', 'NOT_FOUND'],
    ['estat://file/estat/jobs/job.json', 'NOT_FOUND'],
    ['estat://file/raw/0003280145/x/page-00001.json.gz', 'NOT_FOUND'],
    ['estat://file/estat/csv/long.csv?cursor=abc', 'INVALID_PARAMETER'],
  ])('%s is %s', async (uri, code) => {
    const { code: number, message, data } = await failure(owner, uri)
    expect(number).toBe(-32_602)
    expect(data).toMatchObject({ uri: new URL(uri).href, code, hint: expect.stringMatching(/./) })
    expect(message).toContain((data as { hint: string }).hint)
  })

  it.each([`estat://lake/d_${COFFEE}`, 'estat://file/estat/csv/long.csv', 'estat://nothing/x', 'https://e.test/x'])(
    '%s is not there for a reader',
    async (uri) => {
      expect(await failure(reader, uri)).toMatchObject({ code: -32_602, data: { uri } })
    },
  )

  it('finds nothing of another tenant', async () => {
    const { code, data } = await failure(stranger, `estat://lake/d_${COFFEE}`)
    expect([code, JSON.stringify(data)]).toEqual([-32_602, expect.not.stringContaining('Tables:')])
    expect((await failure(stranger, 'estat://file/estat/csv/long.csv')).data).toMatchObject({ code: 'NOT_FOUND' })
  })
})

it('a store that fails is told without its words, and reported', async () => {
  const broken = await openForCallers()
  const client = await broken.client('2.x', OWNER)
  Object.assign(broken.ports.store, {
    list: () => Promise.reject(new Error('EACCES /srv/secret')),
  })
  const error = (await client.listResources().catch((one: unknown) => one)) as Error & { data: object }
  expect(error.data).toMatchObject({ code: 'INTERNAL_ERROR' })
  expect(JSON.stringify([error.message, error.data])).not.toContain('secret')
  expect(broken.reported).toHaveLength(1)
  await client.close()
  await broken.close()
})

it('says how long each may be kept, and by whom', async () => {
  const client = await origin.client('2.x', OWNER)
  const told = ({ ttlMs, cacheScope }: Record<string, unknown>) => [ttlMs, cacheScope]
  const of = async (uri: string) => told(await client.readResource({ uri }))
  expect(told(await client.listResources())).toEqual([5_000, 'private'])
  expect(told(await client.listResourceTemplates())).toEqual([3_600_000, 'private'])
  expect(told(await client.listPrompts())).toEqual([3_600_000, 'private'])
  expect(await of('estat://guide/search')).toEqual([3_600_000, 'public'])
  expect(await of(`estat://dataset/${COFFEE}`)).toEqual([600_000, 'public'])
  expect(await of(`estat://lake/d_${COFFEE}`)).toEqual([5_000, 'private'])
  expect(await of('estat://file/estat/csv/long.csv')).toEqual([5_000, 'private'])
  await client.close()
})

it('what an application ID of the caller’s own was answered with is nobody else’s to keep', async () => {
  const withId: typeof fetch = (input, init) => {
    const request = new Request(input, init)
    request.headers.set('x-estat-app-id', 'a'.repeat(40))
    return origin.as(READER)(request)
  }
  const client = await connect('2.x', withId)
  expect(await client.readResource({ uri: 'estat://guide/search' })).toMatchObject({ cacheScope: 'private' })
  await client.close()
})
