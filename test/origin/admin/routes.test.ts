/** What an administrator sees and does, over a lake with tables, files and jobs of two tenants. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { memoryRecords } from '../../../edge/adapters/records-memory.ts'
import { newJob } from '../../../origin/jobs/job.ts'
import { generationRecord } from '../../../shared/cache-generation.ts'
import { fault } from '../../../shared/fault.ts'
import { hashSecret, recordName } from '../../../shared/keys.ts'
import { readPrometheus } from '../../support/prometheus-reader.ts'
import { execute, openOrigin, type TestOrigin } from '../support/origin.ts'
import { openAdmin, type TestAdmin } from './support.ts'

const DATASET = '0003410379'
const now = (): number => Date.now()

let origin: TestOrigin
let admin: TestAdmin
beforeAll(async () => {
  origin = await openOrigin()
  admin = await openAdmin(origin)
  const loaded = await execute(origin, 'ingest_dataset', { dataset_id: DATASET })
  if (!loaded.success) throw new Error('the lake of this test was not loaded')
  for (const [at, tenant] of ['estat', 'research', 'research'].entries()) {
    const work = { datasetId: DATASET, lang: 'J', queries: [], filters: {}, maxRecords: 10, pageRows: 10 } as const
    const id = `20301120T10300${at}Z-00000000`
    await origin.ports.jobs.create(
      newJob({ id, tenant, tool: 'fetch_dataset_auto', work, callersId: true, now: now() }),
    )
  }
})
afterAll(() => origin.close())

describe('health', () => {
  const dependenciesOf = async (one: TestAdmin) =>
    (await one.call('/admin/health')).json['dependencies'] as Dependency[]
  interface Dependency {
    readonly name: string
    readonly status: string
    readonly since: string
    readonly message: string
    readonly hint: string | null
  }
  const named = (all: readonly Dependency[], name: string) => all.find((one) => one.name === name)

  it('looks at each dependency by using it', async () => {
    const all = await dependenciesOf(admin)
    expect(all.map(({ name, status }) => [name, status])).toEqual([
      ['lake', 'ok'],
      ['disk', 'ok'],
      ['e-stat', 'off'],
      ['catalogue', 'off'],
      ['duckdb', 'ok'],
      ['glue', 'off'],
      ['athena', 'off'],
    ])
    for (const { since } of all) expect(Date.parse(since)).toBeLessThanOrEqual(now())
  })

  it('says what fails, since when, and what to do; nothing of another’s error', async () => {
    let clock = Date.UTC(2026, 10, 20, 10)
    let room = 100e9
    const probes = {
      store: () =>
        Promise.resolve({ store: 'read_only', problem: { message: 'The disk is full.', hint: 'Make room.' } } as const),
      engine: () => Promise.reject(new Error('/secret/path s3cr3t')),
      disk: () => Promise.resolve({ free: room, total: 100e9 }),
      tables: () => Promise.reject(fault('AWS_SERVICE_ERROR', 'Glue said no.', { hint: 'Look at the role.' })),
      athena: () => Promise.resolve(),
    }
    const sick = await openAdmin(origin, { probes, now: () => clock })
    const first = await dependenciesOf(sick)
    expect(named(first, 'lake')).toMatchObject({ status: 'degraded', message: 'The disk is full.', hint: 'Make room.' })
    expect(named(first, 'duckdb')).toMatchObject({ status: 'failing', message: 'It does not answer.' })
    expect(named(first, 'glue')).toMatchObject({
      status: 'failing',
      message: 'Glue said no.',
      hint: 'Look at the role.',
    })
    expect(named(first, 'athena')).toMatchObject({ status: 'ok' })
    expect(JSON.stringify(first)).not.toContain('s3cr3t')
    clock += 3_600_000
    room = 1e6
    const later = await dependenciesOf(sick)
    expect(named(later, 'lake')?.since).toBe('2026-11-20T10:00:00.000Z')
    expect(named(later, 'disk')).toMatchObject({ status: 'failing', since: '2026-11-20T11:00:00.000Z' })
  })

  it('asks what costs once a minute, however often the page is refreshed', async () => {
    let asked = 0
    const engine = (): Promise<void> => Promise.resolve(void asked++)
    const disk = (): Promise<never> => Promise.reject(new Error('no statfs here'))
    const store = () => Promise.resolve({ store: 'ok', problem: null } as const)
    const other = await openAdmin(origin, { probes: { store, engine, disk, tables: null, athena: null } })
    await Promise.all([dependenciesOf(other), dependenciesOf(other)])
    expect(named(await dependenciesOf(other), 'disk')?.status).toBe('off')
    expect(asked).toBe(1)
  })
})

describe('jobs', () => {
  const jobsOf = async (query: string) => {
    const { json } = await admin.call(`/admin/jobs${query}`)
    return json as unknown as { jobs: { id: string; tenant: string; state: string }[]; next_cursor: string | null }
  }

  it('are those of all tenants, the newest first, in pages without a gap', async () => {
    const all = await jobsOf('')
    expect(all.jobs.length).toBe(4)
    expect(all.jobs.map(({ id }) => id)).toEqual(
      all.jobs
        .map(({ id }) => id)
        .toSorted()
        .toReversed(),
    )
    const paged: string[] = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page = await jobsOf(`?limit=1${cursor && `&cursor=${encodeURIComponent(cursor)}`}`)
      paged.push(...page.jobs.map(({ id }) => id))
      cursor = page.next_cursor
    }
    expect(paged).toEqual(all.jobs.map(({ id }) => id))
  })

  it('are filtered by state and tenant', async () => {
    expect((await jobsOf('?tenant=research')).jobs.map(({ tenant }) => tenant)).toEqual(['research', 'research'])
    expect((await jobsOf('?state=done')).jobs.map(({ state }) => state)).toEqual(['done'])
    expect((await jobsOf('?state=queued')).jobs).toHaveLength(3)
    expect((await jobsOf('?state=open&tenant=estat')).jobs).toHaveLength(1)
    expect((await admin.call('/admin/jobs?state=nonsense')).json.error).toMatchObject({ code: 'INVALID_PARAMETER' })
    expect((await admin.call('/admin/jobs?nonsense=1')).json.error?.message).toContain('nonsense')
  })

  it('are cancelled by an administrator, whosever they are', async () => {
    const [job] = (await jobsOf('?state=queued&tenant=research')).jobs
    const path = `/admin/jobs/research/${job?.id}/cancel`
    expect((await admin.call(path, {})).json).toMatchObject({ job: { id: job?.id, state: 'cancelled' } })
    expect((await origin.ports.jobs.get({ tenant: 'research', id: job?.id ?? '' }))?.job.state).toBe('cancelled')
    expect((await admin.call(`/admin/jobs/estat/${job?.id}/cancel`, {})).status).toBe(404)
  })
})

it('the lake: tenants, tables, rows, snapshots and sizes', async () => {
  const { json } = await admin.call('/admin/lake')
  const table = await origin.ports.tables.load('estat', `d_${DATASET}`)
  expect(json).toMatchObject({
    bucket: 'estat-lake',
    tenants: [{ tenant: 'estat', tables: { bytes: expect.any(Number) } }],
    tables: [{ tenant: 'estat', name: `d_${DATASET}`, rows: table?.rows, snapshots: 1, problem: null }],
    next_cursor: null,
  })
  expect((await admin.call('/admin/lake?tenant=nobody')).json).toMatchObject({ tables: [] })
  expect((await admin.call(`/admin/lake?cursor=estat/d_${DATASET}`)).json).toMatchObject({ tables: [] })
})

describe('cache', () => {
  it('says what is kept here', async () => {
    expect((await admin.call('/admin/cache')).json).toMatchObject({
      raw: { fetches: 1, objects: 3 },
      copies: null,
      edge: { reach: 'none' },
    })
    const copies = { size: async () => ({ files: 3, bytes: 9 }), clear: async () => ({ files: 2, bytes: 6 }) }
    const other = await openAdmin(origin, { copies })
    expect((await other.call('/admin/cache')).json).toMatchObject({ copies: { files: 3, bytes: 9 } })
    expect((await other.call('/admin/cache/purge', { what: 'copies' })).json).toMatchObject({ files: 2, bytes: 6 })
  })

  it('purges fetched pages, but for those of today’s work', async () => {
    const keys = async (): Promise<number> => (await origin.ports.store.list('raw/')).length
    expect((await admin.call('/admin/cache/purge', { what: 'raw' })).json).toMatchObject({ fetches: 0 })
    expect(await keys()).toBe(3)
    const tomorrow = await openAdmin(origin, { now: () => now() + 86_400_000 })
    expect((await tomorrow.call('/admin/cache/purge', { what: 'raw' })).json).toMatchObject({ fetches: 1 })
    expect(await keys()).toBe(0)
    expect((await tomorrow.call('/admin/cache')).json).toMatchObject({ raw: { objects: 0 } })
  })

  it('purges the edge by its records, where they are reached', async () => {
    const records = memoryRecords({ now })
    const other = await openAdmin(origin, { records })
    expect((await other.call('/admin/cache')).json).toMatchObject({ edge: { reach: 'records' } })
    expect((await other.call('/admin/cache/purge', { what: 'edge' })).json).toMatchObject({ holds_within_seconds: 60 })
    const first = await records.get(generationRecord({}))
    await other.call('/admin/cache/purge', { what: 'edge' })
    expect([first, await records.get(generationRecord({}))]).toEqual([
      expect.any(String),
      expect.not.stringMatching(first ?? ''),
    ])
  })

  it('purges the edge by asking it, and says how that went', async () => {
    const asked: (readonly [string, string, string | null])[] = []
    let status = 200
    const send = async (request: Request): Promise<Response> => {
      asked.push([request.method, request.url, request.headers.get('x-api-key')])
      if (status === 0) throw new TypeError('fetch failed: http://secret')
      return new Response('{}', { status })
    }
    const edge = { url: 'https://edge.example', key: 'id.secret', send }
    const other = await openAdmin(origin, { edge })
    expect((await other.call('/admin/cache/purge', { what: 'edge' })).status).toBe(200)
    expect(asked).toEqual([['POST', 'https://edge.example/admin/purge', 'id.secret']])
    status = 403
    const refused = await other.call('/admin/cache/purge', { what: 'edge' })
    expect([refused.status, refused.json.error?.message]).toEqual([500, 'The edge answered 403.'])
    status = 0
    const away = await other.call('/admin/cache/purge', { what: 'edge' })
    expect(away.json.error?.message).toBe('The edge could not be reached.')
    expect(JSON.stringify([refused, away])).not.toMatch(/secret/)
  })

  it('names what is missing', async () => {
    for (const what of ['edge', 'copies', 'nonsense'])
      expect((await admin.call('/admin/cache/purge', { what })).json.error).toMatchObject({ code: 'INVALID_PARAMETER' })
  })
})

describe('keys', () => {
  it('are made, shown without anything of their secret, and revoked', async () => {
    const records = memoryRecords({ now })
    const other = await openAdmin(origin, { records })
    const made = (await other.call('/admin/keys', { label: '統計課', scopes: ['lake'], days: 30 })).json
    const [id = '', secret = ''] = String(made['key']).split('.')
    expect(JSON.parse((await records.get(recordName(id))) ?? '')).toMatchObject({
      hash: await hashSecret(secret),
      tenant: 'estat',
      scopes: ['lake'],
    })
    const listed = (await other.call('/admin/keys')).json
    expect(listed).toMatchObject({ reachable: true, keys: [{ id, label: '統計課', state: 'active' }] })
    expect(JSON.stringify(listed)).not.toMatch(new RegExp(`${secret}|${await hashSecret(secret)}`))
    expect((await other.call(`/admin/keys/${id}/revoke`, {})).json).toMatchObject({ key: { id, state: 'revoked' } })
    expect((await other.call('/admin/keys')).json).toMatchObject({ keys: [{ id, state: 'revoked' }] })
    expect((await other.call('/admin/keys/ffffffff/revoke', {})).status).toBe(404)
  })

  it.each([
    [{ tenant: 'raw' }, 'tenant'],
    [{ tenant: '../x' }, 'tenant'],
    [{ scopes: ['root'] }, 'scopes'],
    [{ limit: 0 }, 'limit'],
    [{ days: -1 }, 'days'],
    [{ hash: 'x' }, 'hash'],
  ])('refuses %j', async (grant, name) => {
    const other = await openAdmin(origin, { records: memoryRecords({ now }) })
    const { status, json } = await other.call('/admin/keys', grant)
    expect([status, json.error?.message]).toEqual([400, expect.stringContaining(name)])
  })

  it('that are not reached from here: the command says what to do', async () => {
    expect((await admin.call('/admin/keys')).json).toMatchObject({ reachable: false, command: 'npm run keys -- list' })
    expect((await admin.call('/admin/keys', {})).json.error?.hint).toContain('npm run keys')
    expect((await admin.call('/admin/keys/ffffffff/revoke', {})).status).toBe(400)
  })
})

it('what is changed, or tried, is put down with who did it; what is looked at is not', async () => {
  const other = await openAdmin(origin, { records: memoryRecords({ now }) })
  await other.call('/admin/keys')
  const { json } = await other.call('/admin/keys', { label: 'x' })
  await other.call(`/admin/keys/${String(json['id'])}/revoke`, {})
  await other.call('/admin/cache/purge', { what: 'edge' })
  await other.call('/admin/jobs/estat/none/cancel', {})
  await other.fetch(new Request('http://127.0.0.1/admin/keys', { method: 'POST' }))
  const caller = other.key.split('.')[0]
  expect(other.audited).toEqual([
    { caller, path: '/admin/keys', what: null, status: 200 },
    { caller, path: `/admin/keys/${String(json['id'])}/revoke`, what: null, status: 200 },
    { caller, path: '/admin/cache/purge', what: 'edge', status: 200 },
    { caller, path: '/admin/jobs/estat/none/cancel', what: null, status: 404 },
  ])
})

it('metrics are read as Prometheus reads them', async () => {
  admin.metrics.count('estat_tool_calls_total', { tool: 'lookup', outcome: 'ok' })
  const response = await admin.fetch(
    new Request('http://127.0.0.1:8081/admin/metrics', { headers: { authorization: `Bearer ${admin.key}` } }),
  )
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
  const families = readPrometheus(await response.text())
  expect(families.get('estat_tool_calls_total')?.samples).toMatchObject([{ labels: { tool: 'lookup' }, value: 1 }])
  const open = families.get('estat_jobs_open')?.samples ?? []
  expect(open.map(({ labels, value }) => [labels['state'], value])).toEqual([
    ['queued', 2],
    ['running', 0],
    ['needs_application_id', 0],
  ])
})

it('a failure of ours is reported, and its own words stay here', async () => {
  const store = { ...origin.ports.store, list: () => Promise.reject(new Error('/secret/path')) }
  const other = await openAdmin(origin, { ports: { ...origin.ports, store } })
  const { status, json } = await other.call('/admin/lake')
  expect([status, json.error?.code, JSON.stringify(json)]).toEqual([
    500,
    'INTERNAL_ERROR',
    expect.not.stringContaining('secret'),
  ])
  expect(other.reported).toHaveLength(1)
})
