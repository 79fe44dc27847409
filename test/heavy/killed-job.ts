/** A job of many pages whose process is killed or frozen again and again: what must hold afterwards. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { localStore } from '../../origin/adapters/store-local.ts'
import { readManifest } from '../../origin/jobs/manifest.ts'
import { readPages } from '../../origin/jobs/read-pages.ts'
import { callTool, type OriginProcess, type OriginSettings, startOrigin } from '../e2e/origin-process.ts'
import { STANDIN_ID, startUpstream, type Upstream } from './upstream.ts'

export const ID = '0009000001'
const PAGE = 1000
/** Pages under way at once (`LANES` of advance-fetch.ts): what one kill may cost. */
const LANES = 2

export interface Scene {
  readonly origin: OriginProcess
  readonly upstream: Upstream
  readonly pages: number
  call(tool: string, args: object): Promise<Record<string, unknown>>
  /** Starts the fetch. @returns The job's id. */
  begin(): Promise<string>
  job(id: string, wait?: number): Promise<Record<string, unknown>>
  /** First rows of the pages that lie in the lake. */
  kept(): Promise<ReadonlySet<number>>
  /** Remembers what is there now: nothing of it may be asked for from here on. */
  mark(): Promise<void>
  /** The job is done; its rows are all rows, each once; no page was asked for that was there. */
  expectWhole(id: string, cuts: number): Promise<void>
  close(): Promise<void>
}

/** @param start The origin that works on the job; from source by default. */
export async function openScene(
  pages: number,
  env: Readonly<Record<string, string>> = {},
  start: (settings: OriginSettings) => Promise<OriginProcess> = startOrigin,
): Promise<Scene> {
  const rows = pages * PAGE - 100
  const upstream = await startUpstream({ id: ID, rows })
  const settings = {
    ESTAT_APP_ID: STANDIN_ID,
    ESTAT_BASE_URL: upstream.url,
    ESTAT_CALL_ROWS: '1',
    ESTAT_JOB_LEASE_SECONDS: '1',
  }
  const origin = await start({ env: { ...settings, ...env } })
  const marks: { readonly from: number; readonly kept: ReadonlySet<number> }[] = []

  const call = (tool: string, args: object): Promise<Record<string, unknown>> => callTool(origin, tool, args)

  async function kept(): Promise<ReadonlySet<number>> {
    const names = await readdir(join(origin.dataDir, 'estat-lake', 'raw', ID), { recursive: true }).catch(() => [])
    const numbers = names.map((name) => /page-(\d+)\.json\.gz$/.exec(name)?.[1]).filter((found) => found !== undefined)
    return new Set(numbers.map((number) => (Number(number) - 1) * PAGE + 1))
  }

  return {
    origin,
    upstream,
    pages,
    call,
    kept,
    async begin() {
      const begun = await call('fetch_large_dataset_complete', { dataset_id: ID, chunk_size: PAGE })
      return String(begun['job_id'])
    },
    job: async (job_id, wait_seconds = 0) =>
      (await call('get_job', { job_id, wait_seconds }))['job'] as Record<string, unknown>,
    async mark() {
      marks.push({ from: upstream.pages.length, kept: await kept() })
    },
    async expectWhole(id, cuts) {
      const { job } = (await call('get_job', { job_id: id })) as { job: Record<string, unknown> }
      expect(job).toMatchObject({ state: 'done', rows_done: rows, matched: rows, complete: true })
      for (const { from, kept: there } of marks)
        expect(upstream.pages.slice(from).filter((start) => there.has(start))).toEqual([])
      expect(new Set(upstream.pages).size).toBe(pages)
      expect(upstream.pages.length - pages).toBeLessThanOrEqual(cuts * LANES)
      const path = String(job['s3_json_path']).replace(/^s3:\/\/[^/]+\//, '')
      await expectRows(origin.dataDir, path, rows)
    },
    async close() {
      await origin.close()
      await upstream.close()
    },
  }
}

/** Every cell of the table, each once: the keys of the rows are told apart by their codes. */
async function expectRows(dataDir: string, path: string, rows: number): Promise<void> {
  const store = localStore({ dataDir, bucket: 'estat-lake' })
  const manifest = await readManifest(store, path)
  const seen = new Set<string>()
  let count = 0
  for await (const page of readPages(store, manifest, new AbortController().signal))
    for (const { codes } of page) {
      seen.add(Object.values(codes).join())
      count++
    }
  expect([manifest.rows, count, seen.size]).toEqual([rows, rows, rows])
}

export const sleep = (millis: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, millis))

/** Asks for the job until it is over, as a client does. */
export async function untilOver(scene: Scene, id: string, limit = 60_000): Promise<void> {
  const until = Date.now() + limit
  while (Date.now() < until) {
    const { state } = await scene.job(id, 2)
    if (state !== 'queued' && state !== 'running') return
  }
  throw new Error(`the job did not end:\n${scene.origin.log()}`)
}
