/** One or two origin processes on the same folder, of which one fetches a table and writes it as CSV, as a job. */
import { createHash } from 'node:crypto'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { TEMP_MARK } from '../../origin/lake/object-key.ts'
import { type OriginProcess, startOrigin } from '../e2e/origin-process.ts'
import { axesOf, cellsOfCsv, cellsOfPages, type UpstreamAxis } from './csv-judge.ts'
import { STANDIN_ID, startUpstream, type Upstream } from './upstream.ts'

const ID = '0009000001'
const LEASE_SECONDS = 1

export interface CsvScene {
  readonly rows: number
  readonly upstream: Upstream
  readonly axes: readonly UpstreamAxis[]
  /** The first process; its folder is everybody's. */
  readonly origin: OriginProcess
  /** One more process on the same folder. */
  another(): Promise<OriginProcess>
  /** Starts the job that writes the file. @returns Its id. */
  begin(more: object): Promise<string>
  job(by: OriginProcess, id: string, wait?: number): Promise<JobShown>
  untilOver(by: OriginProcess, id: string, limit?: number): Promise<JobShown>
  /** Files that everybody sees, and files that are being written, or were. */
  files(): Promise<{ readonly whole: readonly string[]; readonly unfinished: readonly string[] }>
  /** The file holds every cell of the raw pages, each once. @returns Its SHA-256. */
  expectWhole(job: JobShown): Promise<string>
  close(): Promise<void>
}

export interface JobShown {
  readonly state: string
  readonly rows_done: number
  readonly s3_json_path: string | null
  readonly error: unknown
  readonly csv: {
    readonly s3_path: string | null
    readonly filename: string
    readonly spread: string | null
    readonly rows: number
    readonly rows_written: number
    readonly cells: number
    readonly bytes: number
  }
}

async function callOrigin(by: OriginProcess, tool_name: string, args: object): Promise<Record<string, unknown>> {
  const response = await fetch(`${by.url}/execute`, {
    method: 'POST',
    headers: { 'x-api-key': by.adminKey, 'content-type': 'application/json' },
    body: JSON.stringify({ tool_name, arguments: args }),
  })
  const answer = (await response.json()) as { success: boolean; result: Record<string, unknown>; text: string }
  if (!answer.success) throw new Error(answer.text)
  return answer.result
}

const jobOf = async (by: OriginProcess, job_id: string, wait_seconds: number): Promise<JobShown> =>
  (await callOrigin(by, 'get_job', { job_id, wait_seconds }))['job'] as JobShown

/** Asks until it is over, as a client does. */
async function untilOver(by: OriginProcess, id: string, limit = 240_000): Promise<JobShown> {
  const until = Date.now() + limit
  while (Date.now() < until) {
    const job = await jobOf(by, id, 2)
    if (job.state !== 'queued' && job.state !== 'running') return job
  }
  throw new Error(`the job did not end:\n${by.log()}`)
}

export async function openCsvScene(rows: number, flags: Readonly<Record<string, string>> = {}): Promise<CsvScene> {
  const upstream = await startUpstream({ id: ID, rows })
  const env = {
    ESTAT_APP_ID: STANDIN_ID,
    ESTAT_BASE_URL: upstream.url,
    ESTAT_CALL_ROWS: '1',
    ESTAT_GAP_MS: '0',
    ESTAT_JOB_LEASE_SECONDS: String(LEASE_SECONDS),
    ...flags,
  }
  const origin = await startOrigin({ env })
  const others: OriginProcess[] = []
  const bucket = join(origin.dataDir, 'estat-lake')
  const axes = await axesOf(upstream.url, STANDIN_ID, ID)

  return {
    rows,
    upstream,
    axes,
    origin,
    async another() {
      const other = await startOrigin({ env: { ...env, ESTAT_DATA_DIR: origin.dataDir } })
      others.push(other)
      return other
    },
    async begin(more) {
      const begun = await callOrigin(origin, 'save_dataset_as_csv', { dataset_id: ID, ...more })
      return String(begun['job_id'])
    },
    job: (by, id, wait = 0) => jobOf(by, id, wait),
    untilOver,
    async files() {
      const names = await readdir(join(bucket, 'estat', 'csv')).catch(() => [])
      const isUnfinished = (name: string): boolean => name.includes(TEMP_MARK)
      return { whole: names.filter((name) => !isUnfinished(name)), unfinished: names.filter(isUnfinished) }
    },
    async expectWhole({ state, rows_done, s3_json_path, csv, error }) {
      expect({ state, rows_done, error, cells: csv.cells }).toEqual({
        state: 'done',
        rows_done: rows,
        error: null,
        cells: rows,
      })
      const path = join(bucket, 'estat', 'csv', csv.filename)
      const pages = String(s3_json_path)
        .replace(/^s3:\/\/[^/]+\//, '')
        .replace(/\/manifest\.json$/, '')
      const ids = axes.map(({ id }) => id)
      const wanted = await cellsOfPages(join(bucket, pages), ids, csv.spread === null)
      const found = await cellsOfCsv(path, axes, csv.spread)
      if (csv.spread === null) expect(wanted.count).toBe(rows)
      expect(found).toEqual(csv.spread === null ? wanted : { ...wanted, first: found.first, last: found.last })
      expect((await stat(path)).size).toBe(csv.bytes)
      return createHash('sha256')
        .update(await readFile(path))
        .digest('hex')
    },
    async close() {
      for (const other of others) await other.kill('SIGKILL')
      await origin.close()
      await upstream.close()
    },
  }
}
