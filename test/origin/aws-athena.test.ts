/** The home on AWS with Athena: who answers, by the settings alone, over stand-ins that speak the services' protocols. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { homePorts } from '../../origin/home.ts'
import { callTool } from '../../origin/call-tool.ts'
import { TOOLS } from '../../origin/tools/registry.ts'
import { OriginConfig, parseConfig } from '../../shared/config.ts'
import { WIRE_KEYS } from '../support/wire-s3/server.ts'
import { type WireAwsHome, wireAwsHome } from '../support/wire-aws-home.ts'

let folder = ''
let aws: WireAwsHome
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aws-athena-'))
  aws = await wireAwsHome({ folder, bucket: 'lake-athena', databasePrefix: 'test_' })
  process.env['AWS_ACCESS_KEY_ID'] = WIRE_KEYS.accessKeyId
  process.env['AWS_SECRET_ACCESS_KEY'] = WIRE_KEYS.secretAccessKey
})
afterAll(async () => {
  delete process.env['AWS_ACCESS_KEY_ID']
  delete process.env['AWS_SECRET_ACCESS_KEY']
  await aws.close()
  await rm(folder, { recursive: true, force: true })
})

const now = (): number => Date.now()
async function origin(settings: Readonly<Record<string, string>>) {
  const env = { ...aws.env, ESTAT_DATA_DIR: join(folder, 'origin'), ...settings }
  const ports = await homePorts(parseConfig(OriginConfig, env), { appId: null, now })
  const deps = {
    tools: TOOLS,
    ports,
    limits: { fetchRows: 100_000, millis: 20_000 },
    now,
    newId: () => crypto.randomUUID(),
  }
  const caller = { id: 'tester', tenant: 'estat', scopes: ['read', 'lake'] as const }
  return async (name: string, args: Record<string, unknown>) => {
    const signal = new AbortController().signal
    return (await callTool(deps, { name, args, caller: { ...caller, scopes: [...caller.scopes] }, signal })).result
  }
}

const SQL = 'SELECT count(*) AS n, max(value) AS most FROM estat.people'

describe('AWS by configuration', () => {
  it('loads in Glue what Athena and DuckDB then answer alike', async () => {
    const large = await origin({ ATHENA_SMALL_MB: '0' })
    const kept = await large('fetch_dataset_filtered', {
      dataset_id: '0003410379', filters: { area: '東京都' }, save_to_s3: true,
    }) // biome-ignore format: one call
    const { s3_parquet_path } = await large('transform_to_parquet', { s3_json_path: kept['s3_json_path'] })
    await large('load_to_iceberg', { table_name: 'people', s3_parquet_path })
    const ask = { table_name: 'people', analysis_type: 'custom', custom_query: SQL }
    const byAthena = await large('analyze_with_athena', ask)
    expect(byAthena).toMatchObject({ engine: 'athena', rows: [[21, 14_047_594]] })
    expect(byAthena['cost_usd']).toBeCloseTo(0.00005, 9)
    expect(aws.athena.executions().at(-1)).toMatchObject({ database: 'test_estat', state: 'SUCCEEDED' })

    const before = aws.athena.executions().length
    const byDuckdb = await (await origin({}))('analyze_with_athena', ask)
    expect(byDuckdb).toMatchObject({
      engine: 'duckdb',
      rows: byAthena['rows'],
      columns: byAthena['columns'],
      cost_usd: 0,
    })
    expect(aws.athena.executions()).toHaveLength(before)
  })

  it("loads by Athena's own statements where only those may commit", async () => {
    const call = await origin({ LAKE_WRITER: 'athena', ATHENA_SMALL_MB: '0' })
    const { s3_json_path } = await call('fetch_dataset_filtered', {
      dataset_id: '0003410379', filters: { area: '沖縄県' }, save_to_s3: true,
    }) // biome-ignore format: one call
    const { s3_parquet_path } = await call('transform_to_parquet', { s3_json_path })
    const load = { table_name: 'okinawa', s3_parquet_path }
    const first = await call('load_to_iceberg', load)
    expect(await call('load_to_iceberg', load)).toMatchObject({
      rows_before: first['rows_after'],
      rows_after: first['rows_after'],
    })
    const ask = { table_name: 'okinawa', analysis_type: 'custom', custom_query: 'SELECT count(*) AS n FROM okinawa' }
    const answer = await call('analyze_with_athena', ask)
    expect(answer).toMatchObject({ engine: 'athena', rows: [[first['rows_loaded']]] })
    expect(JSON.stringify(answer['sources'])).toContain('出典：')
    expect(aws.athena.executions().some(({ sql }) => sql.startsWith('MERGE INTO'))).toBe(true)
    await expect(origin({ LAKE_WRITER: 'athena', ATHENA_WORKGROUP: '' })).rejects.toThrow(/LAKE_WRITER: athena needs/)
  })

  it('needs no Athena', async () => {
    const alone = await origin({ ATHENA_WORKGROUP: '', ATHENA_SMALL_MB: '0' })
    const ask = { table_name: 'people', analysis_type: 'custom', custom_query: SQL }
    expect(await alone('analyze_with_athena', ask)).toMatchObject({ engine: 'duckdb', rows: [[21, 14_047_594]] })
  })

  it('refuses Athena where it would find no table', async () => {
    await expect(origin({ ESTAT_TABLES: 'files' })).rejects.toThrow(/ATHENA_WORKGROUP: needs ESTAT_TABLES=glue/)
  })
})
