/** Progress of the long calls as clients of both SDK lines hear it: rising, and at its total in the end. */
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { Client as ClientOne } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport as TransportOne } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rising } from '../../origin/progress.ts'
import { fakeStats, fakeTable } from '../fakes/stats-source.ts'
import { openOrigin, type TestOrigin } from './support/origin.ts'

const ID = '0001234567'
const ROWS = 60_000
const PAGED = { dataset_id: ID, chunk_size: 1_000 }

let small: TestOrigin
let large: TestOrigin
beforeAll(async () => {
  small = await openOrigin({ ports: { stats: fakeStats(fakeTable(ID, 4_500)) } })
  large = await openOrigin({ ports: { stats: fakeStats(fakeTable(ID, ROWS)) }, limits: { fetchRows: 1_000_000 } })
})
afterAll(async () => {
  await small.close()
  await large.close()
})

interface Heard {
  readonly progress: number
  readonly total?: number | undefined
  readonly message?: string | undefined
}
type Call = (name: string, args: object, heard: Heard[]) => Promise<Record<string, unknown>>

const endpoint = new URL('http://origin/mcp')
const waysTo = (origin: TestOrigin) => ({
  fetch: (input: string | URL | Request, init?: RequestInit) => origin.fetch(new Request(input, init)),
  requestInit: { headers: { 'x-api-key': origin.adminKey } },
})

async function lineTwo(origin: TestOrigin): Promise<Call> {
  const client = new Client({ name: 'test', version: '0' }, { versionNegotiation: { mode: 'auto' } })
  await client.connect(new StreamableHTTPClientTransport(endpoint, waysTo(origin)))
  return async (name, args, heard) => {
    const reply = await client.callTool({ name, arguments: { ...args } }, { onprogress: (one) => void heard.push(one) })
    return reply.structuredContent as Record<string, unknown>
  }
}

async function lineOne(origin: TestOrigin): Promise<Call> {
  const client = new ClientOne({ name: 'test', version: '0' })
  await client.connect(new TransportOne(endpoint, waysTo(origin)))
  return async (name, args, heard) => {
    const call = { name, arguments: { ...args } }
    const reply = await client.callTool(call, undefined, { onprogress: (one) => void heard.push(one) })
    return reply.structuredContent as Record<string, unknown>
  }
}

function expectRising(heard: readonly Heard[], total: number, least: number): void {
  const values = heard.map(({ progress }) => progress)
  expect(values).toEqual([...new Set(values)].toSorted((a, b) => a - b))
  expect(heard.length).toBeGreaterThanOrEqual(least)
  expect(heard.every(({ message }) => message !== undefined && message !== '')).toBe(true)
  expect(heard.at(-1)).toMatchObject({ progress: total, total })
}

describe.each([
  ['2.x', lineTwo],
  ['1.x', lineOne],
])('a client of the line %s hears', (_line, connect) => {
  it('of a fetch that becomes a job within the call', async () => {
    const call = await connect(small)
    const heard: Heard[] = []
    const kept = await call('fetch_large_dataset_complete', PAGED, heard)
    expect(kept).toMatchObject({ kept: true, complete: true })
    expectRising(heard, 4_500, 1)
  })

  it('of rows fetched and then written, as one way', async () => {
    const call = await connect(large)
    const heard: Heard[] = []
    expect(await call('save_dataset_as_csv', { dataset_id: ID }, heard)).toMatchObject({ rows: ROWS })
    expect(heard.map(({ progress }) => progress)).toContain(ROWS)
    expectRising(heard, 2 * ROWS, 2)
  })

  it('of a job that it waits for, file and all', async () => {
    const own = await openOrigin({ ports: { stats: fakeStats(fakeTable(ID, ROWS)) }, limits: { fetchRows: 1_000 } })
    const call = await connect(own)
    const { job_id } = await call('save_dataset_as_csv', { dataset_id: ID }, [])
    const heard: Heard[] = []
    const { job } = await call('get_job', { job_id, wait_seconds: 20 }, heard)
    expect(job).toMatchObject({ state: 'done', csv: { rows: ROWS } })
    expectRising(heard, 2 * ROWS, 2)
    await own.close()
  })
})

it('what is not more than before is not told', () => {
  const told: number[] = []
  const tell = rising((done) => void told.push(done))
  for (const done of [0, 2, 2, 1, 0, 3]) tell(done, null, '')
  expect(told).toEqual([0, 2, 3])
})
