/** The account as the steps need it: the product's own adapters, its tools, and plain statements on Athena. */
import { callTool } from '../../../origin/call-tool.ts'
import { homePorts } from '../../../origin/home.ts'
import { athenaPlace } from '../../../origin/adapters/query-athena.ts'
import { readRows } from '../../../origin/adapters/query-athena-results.ts'
import { runStatement } from '../../../origin/adapters/query-athena-run.ts'
import type { LakeTable, Ports, QueryAnswer } from '../../../origin/ports.ts'
import { TOOLS } from '../../../origin/tools/registry.ts'
import type { VerifySettings } from './settings.ts'

export interface Account {
  readonly ports: Ports
  readonly database: string
  /** One tool, as a caller of the tenant calls it. */
  call(tool: string, args: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>>
  /** A statement of Athena's own, whatever it is; its rows. */
  athena(sql: string): Promise<QueryAnswer['rows']>
  /** As it is now. @throws Error where it is not there. */
  table(name: string): Promise<LakeTable>
  /** One SELECT, by DuckDB over copies. */
  duckdb(sql: string, name: string): Promise<QueryAnswer['rows']>
}

/** One statement on a service that is slow to begin: far beyond what a query here takes. */
const STATEMENT_MS = 180_000

export async function openAccount(settings: VerifySettings, signal: AbortSignal): Promise<Account> {
  const { config, tenant, database, workgroup, outputLocation } = settings
  const now = (): number => Date.now()
  const common = { appId: null, now }
  const ports = await homePorts(config, common)
  const small = await homePorts({ ...config, ATHENA_SMALL_MB: 1_000 }, common)
  const limits = { fetchRows: 100_000, millis: config.ESTAT_CALL_SECONDS * 1000 }
  const deps = { tools: TOOLS, ports, limits, now, newId: () => `${tenant}-${crypto.randomUUID().slice(0, 8)}` }
  const caller = { id: 'verify', tenant, scopes: ['read', 'lake'] as ('read' | 'lake')[] }
  const endpoint = config.AWS_ENDPOINT_URL_ATHENA
  const place = athenaPlace({
    region: config.AWS_REGION ?? '',
    ...(endpoint === undefined ? {} : { endpoint }),
    workgroup,
    outputLocation,
  })
  const table = async (name: string): Promise<LakeTable> => {
    const found = await ports.tables.load(tenant, name)
    if (found === null) throw new Error(`the table ${name} is not there`)
    return found
  }
  return {
    ports,
    database,
    table,
    call: async (name, args) => (await callTool(deps, { name, args, caller, signal })).result,
    async athena(sql) {
      const capped = AbortSignal.any([signal, AbortSignal.timeout(STATEMENT_MS)])
      const { id } = await runStatement(place, { sql, database, reuseMinutes: 0 }, capped)
      const { rows } = await readRows(place.client, { id, maxRows: 1000, json: new Set() }, capped)
      return rows
    },
    async duckdb(sql, name) {
      const tables = { [name]: await table(name) }
      const answer = await small.engine.query({ sql, tables, database: tenant, maxRows: 100, offset: 0 }, signal)
      if (answer.engine !== 'duckdb') throw new Error('DuckDB was not asked')
      return answer.rows
    },
  }
}
