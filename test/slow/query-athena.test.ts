/** Amazon Athena over the wire: the real SDK client, a server that checks signatures, DuckDB behind it. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe } from 'vitest'
import { queryAthena } from '../../origin/adapters/query-athena.ts'
import type { LakeTable } from '../../origin/lake/ports.ts'
import { type QueryEngineFixture, queryEngineContract } from '../contracts/query-engine.ts'
import { type DuckdbExecutor, duckdbExecutor } from '../support/wire-athena/duckdb-executor.ts'
import { type WireAthena, wireAthena } from '../support/wire-athena/server.ts'
import { WIRE_KEYS, WIRE_REGION } from '../support/wire-s3/server.ts'
import { writePopulation } from '../origin/adapters/population-files.ts'

/** As other engines write them: beyond 2^53. */
const SNAPSHOT = '8195106785550123751'

let folder = ''
let executor: DuckdbExecutor
let athena: WireAthena
let fixture: QueryEngineFixture

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'athena-'))
  const written = await writePopulation(folder)
  const tables: Record<string, LakeTable> = {}
  for (const [name, table] of Object.entries(written))
    tables[name] = { ...table, snapshotId: table.files.length === 0 ? null : SNAPSHOT }
  executor = duckdbExecutor({
    tables: async (database, name, id) =>
      database === 'lake_estat' && id === SNAPSHOT ? (tables[name] ?? null) : null,
    localPath: async (key) => join(folder, key),
    tempDir: join(folder, 'tmp'),
  })
  athena = await wireAthena({ execute: executor.execute })
  const engine = queryAthena({
    region: WIRE_REGION,
    endpoint: athena.url,
    credentials: WIRE_KEYS,
    workgroup: 'primary',
    databaseOf: (tenant) => `lake_${tenant}`,
    pauses: { first: 1, most: 20 },
  })
  fixture = { engine, tables }
})
afterAll(async () => {
  executor.close()
  await athena.close()
  await rm(folder, { recursive: true, force: true })
})

describe('QueryEngine by Athena', () => {
  queryEngineContract(async () => fixture)
})
