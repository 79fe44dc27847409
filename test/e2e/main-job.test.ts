/** The main job through the front door: real clients, the production Worker in workerd, the origin in its own process. */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSession } from '../../infra/scripts/tour/session.ts'
import { STEPS } from '../../infra/scripts/tour/steps.ts'
import { TOOLS } from '../../origin/tools/registry.ts'
import { newSigningKey, type RunningEdge, startEdge } from '../platform/workerd.ts'
import { type OriginProcess, startOrigin } from './origin-process.ts'

let origin: OriginProcess
let edge: RunningEdge
let key: string

beforeAll(async () => {
  const signingKey = await newSigningKey()
  const { d: _secret, ...publicKey } = signingKey
  origin = await startOrigin({ edgeKeys: [publicKey] })
  edge = await startEdge({ originUrl: origin.url, signingKey, vars: { RATE_LIMIT_PER_MINUTE: '1000' } })
  key = (await edge.issueKey()).text
})
afterAll(async () => {
  await edge?.close()
  await origin?.close()
})

/** `npm run tour` as a person runs it. */
function tour(...args: string[]): Promise<{ code: number | null; output: string }> {
  const script = fileURLToPath(new URL('../../infra/scripts/tour.ts', import.meta.url))
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [script, '--url', edge.url, ...args])
    let output = ''
    child.stdout.on('data', (text: Buffer) => (output += text.toString()))
    child.stderr.on('data', (text: Buffer) => (output += text.toString()))
    child.on('exit', (code) => resolve({ code, output }))
  })
}

describe.each([
  ['2', '@modelcontextprotocol/client, 2026-07-28'],
  ['1', '@modelcontextprotocol/sdk 1.x, 2025-11-25'],
])('the tour with the SDK line %s', (sdk, about) => {
  it('holds through the edge', async () => {
    const { code, output } = await tour('--key', key, '--sdk', sdk)
    expect([code, output]).toEqual([0, expect.stringContaining(`The tour holds: ${STEPS.length} steps`)])
    expect(output).toContain(about)
    expect(output).toContain('1920: 3,699,428 人')
    expect(output).toContain('2020: 14,047,594 人')
    expect(output).toMatch(/now [\d.]+ ms \(HIT\)/)
  })
})

it('the tour falls short, and says why, without a valid key', async () => {
  const { code, output } = await tour('--key', 'nokey')
  expect(code).toBe(1)
  expect(output).toMatch(/The tour fell short: /)
})

describe('through the edge', () => {
  const session = async (scopes: readonly ('read' | 'lake' | 'admin')[]) => {
    const issued = await edge.issueKey({ scopes })
    return openSession({ url: edge.url, key: issued.text, sdk: '2' })
  }

  it('a key with all scopes sees every tool, one with read alone those that read', async () => {
    const all = await session(['read', 'lake', 'admin'])
    expect(await all.toolNames()).toEqual(TOOLS.map(({ name }) => name))
    const reader = await session(['read'])
    const reading = TOOLS.filter(({ scope }) => scope === 'read').map(({ name }) => name)
    expect(await reader.toolNames()).toEqual(reading)
    await all.close()
    await reader.close()
  })

  it('a reader gets its rows and is told that they were not kept', async () => {
    const reader = await session(['read'])
    const reply = await reader.call('fetch_dataset_auto', { dataset_id: '0003280145' }, () => {})
    expect(reply.result).toMatchObject({ counts: { matched: 27, returned: 27 }, kept: false, s3_json_path: null })
    expect(reply.text).toContain('scope "lake"')
    await reader.close()
  })

  it('one tenant does not see what another keeps', async () => {
    const keep = async (tenant: string) => {
      const issued = await edge.issueKey({ tenant, scopes: ['read', 'lake'] })
      return openSession({ url: edge.url, key: issued.text, sdk: '2' })
    }
    const [ours, theirs] = [await keep('ours'), await keep('theirs')]
    const saved = await ours.call('transform_to_parquet', { dataset_id: '0003280145' }, () => {})
    const s3_parquet_path = String(saved.result['s3_parquet_path'])
    expect(s3_parquet_path).toContain('/ours/parquet/')
    const load = { table_name: 'coffee', s3_parquet_path }
    expect((await ours.call('load_to_iceberg', load, () => {})).result).toMatchObject({ rows_after: 27 })
    const stolen = await theirs.call('load_to_iceberg', load, () => {})
    expect([stolen.isError, stolen.text]).toEqual([true, expect.stringMatching(/^NOT_FOUND/)])
    const peeked = await theirs.call('analyze_with_athena', { table_name: 'coffee' }, () => {})
    expect([peeked.isError, peeked.text]).toEqual([true, expect.stringMatching(/^NOT_FOUND/)])
    const query = { table_name: 'coffee', analysis_type: 'custom', custom_query: 'SELECT count(*) FROM ours.coffee' }
    expect((await theirs.call('analyze_with_athena', query, () => {})).text).toMatch(/^NOT_FOUND/)
    expect((await ours.call('analyze_with_athena', query, () => {})).result['rows']).toEqual([[27]])
    await ours.close()
    await theirs.close()
  })

  it('a cached answer is the origin’s own, field by field', async () => {
    const one = await session(['read'])
    const args = { query: '国内総生産', max_results: 3 }
    const [miss, hit] = [
      await one.call('search_estat_data', args, () => {}),
      await one.call('search_estat_data', args, () => {}),
    ]
    expect([miss.cache, hit.cache]).toEqual(['MISS', 'HIT'])
    const direct = await openSession({ url: origin.url, key: origin.adminKey, sdk: '2' })
    const own = await direct.call('search_estat_data', args, () => {})
    expect([hit.result, hit.text, miss.result, miss.text]).toEqual([own.result, own.text, own.result, own.text])
    await one.close()
    await direct.close()
  })
})
