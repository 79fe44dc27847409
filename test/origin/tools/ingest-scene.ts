/** ingest_dataset in several processes on one lake, over a made-up table. */
import { expect } from 'vitest'
import { callTool } from '../../../origin/call-tool.ts'
import type { LakePorts } from '../../../origin/jobs/load-rows.ts'
import { jobRunner, type RunnerLoop } from '../../../origin/jobs/runner.ts'
import type { LakeTable, Ports } from '../../../origin/ports.ts'
import { TOOLS } from '../../../origin/tools/registry.ts'
import { type FakeStats, fakeStats, fakeTable } from '../../fakes/stats-source.ts'
import { execute, openOrigin, type TestOrigin } from '../support/origin.ts'

/** Of the made-up table. */
export const ID = '0001234567'
export const ROWS = 1_500

interface Said {
  readonly text: string
  /** Messages of progress. */
  readonly told: readonly string[]
  readonly [name: string]: unknown
}

export interface IngestScene {
  readonly origin: TestOrigin
  readonly stats: FakeStats
  readonly call: (ports: Ports, name: string, args: object, more?: { tenant?: string; appId?: string }) => Promise<Said>
  /** A process of its own on the same lake, which asks the fake e-Stat. */
  readonly process: (
    holder: string,
    lake?: Partial<LakePorts>,
    workMs?: number,
  ) => Ports & { readonly runner: RunnerLoop }
  readonly tableOf: (name: string, tenant?: string) => Promise<LakeTable | null>
  /** Rows of a query. */
  readonly sql: (table: string, query: string) => Promise<unknown>
  /** Every cell of the made-up table, each once. */
  readonly expectWhole: (table: string) => Promise<void>
}

export async function openIngest(): Promise<IngestScene> {
  const origin = await openOrigin()
  const stats = fakeStats(fakeTable(ID, ROWS))
  const scene: IngestScene = {
    origin,
    stats,

    async call(ports, name, args, { tenant = 'estat', appId = null as string | null } = {}) {
      const limits = { fetchRows: 1000, millis: 20_000 }
      const deps = { tools: TOOLS, ports, limits, now: Date.now, newId: () => crypto.randomUUID() }
      const caller = { id: 'someone', tenant, scopes: ['read', 'lake'] as const }
      const told: string[] = []
      const progress = (_done: number, _total: number | null, message: string): void => void told.push(message)
      const { signal } = new AbortController()
      const { result, text } = await callTool(deps, { name, args, caller, appId, signal, progress })
      return { ...result, text, told }
    },

    process(holder, lake = {}, workMs = 5_000) {
      const { jobs, store, parquet, tables } = origin.ports
      const lease = { holder, leaseMs: 5_000, pollMs: 20, workMs }
      const ports = { parquet, tables, ...lake }
      // What fails shows in the job.
      const runner = jobRunner({ jobs, store, stats, lake: ports, now: Date.now, report: () => {}, ...lease })
      return { ...origin.ports, stats, runner }
    },

    tableOf: (name, tenant = 'estat') => origin.ports.tables.load(tenant, name),

    async sql(table_name, custom_query) {
      const args = { table_name, analysis_type: 'custom', custom_query }
      const { result, text, success } = await execute(origin, 'analyze_with_athena', args)
      if (!success) throw new Error(text)
      return result['rows']
    },

    async expectWhole(table) {
      const sum = (ROWS * (ROWS - 1)) / 2
      const asked = `SELECT count(*), count(DISTINCT area_code), sum(value) FROM ${table}`
      expect(await scene.sql(table, asked)).toEqual([[ROWS, ROWS, sum]])
    },
  }
  return scene
}
