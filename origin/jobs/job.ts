/**
 * A job: rows that take longer to fetch than one call may. This is the record and every change it can go through,
 * pure: a change is a new record, written only where nobody wrote another in between (`JobStore.replace`).
 *
 * What was fetched is not in the record: the pages that lie in the lake are (`job-pages.ts`), so a killed process
 * loses nothing but the pages that were on their way.
 */
import type { FaultCode } from '../../shared/fault.ts'
import type { Narrowing, SymbolNote } from '../estat/model.ts'
import type { LakeResult, LakeWork } from './lake-work.ts'

export type JobState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled' | 'needs_application_id'

/** How rows are written as a CSV file. */
export interface CsvPlan {
  /** The caller's own name, checked; null: ours, which names what is in it. */
  readonly filename: string | null
  readonly layout: 'long' | 'wide'
  /** Axis that becomes columns, where the caller named it. */
  readonly spread: string | null
  readonly raw: boolean
}

/** A CSV file that is wanted of the rows. */
export interface CsvWork extends CsvPlan {
  /** The earlier fetch that it is written of; null where the job fetches the rows first. */
  readonly kept: Pick<JobResult, 'fetchId' | 'rows' | 'matched' | 'note'> | null
}

export interface CsvResult {
  readonly key: string
  readonly filename: string
  /** Axis whose codes are columns; null in layout "long". */
  readonly spread: string | null
  /** Lines without the heading. */
  readonly rows: number
  readonly cells: number
  readonly bytes: number
  /** The first headings. */
  readonly columns: readonly string[]
  readonly columnCount: number
}

/** What is to be fetched: the arguments as they were understood. Never a secret. */
export interface FetchWork {
  readonly datasetId: string
  readonly lang: 'J' | 'E'
  /** Queries whose union, in this order, is the selection. */
  readonly queries: readonly (readonly Narrowing[])[]
  /** What was narrowed, in words, for the manifest. */
  readonly filters: Readonly<Record<string, string>>
  /** Rows at most; what lies beyond is left out, and the result says so. */
  readonly maxRecords: number
  /** Rows of one page, 1 to 100,000. */
  readonly pageRows: number
  /** Absent: the rows are kept, and that is all. */
  readonly csv?: CsvWork
  /** The table that the rows are loaded into; absent: none. */
  readonly lake?: LakeWork
}

/** How the work is done: made once, with the first page in hand, and again where the table changed. */
export interface FetchOutline {
  /** Folder of the pages. */
  readonly fetchId: string
  /** The table's update date; a page with another one belongs to another table. */
  readonly updatedDate: string | null
  /** Rows that match each query. */
  readonly totals: readonly number[]
  /** Rows that are fetched: the sum of `totals`, or `maxRecords` where that is less. */
  readonly rows: number
  /** What the symbols mean, over the pages so far. */
  readonly notes: readonly SymbolNote[]
}

export interface JobResult {
  readonly fetchId: string
  readonly rows: number
  /** e-Stat's own count. */
  readonly matched: number
  /** True where `rows` equals `matched`. */
  readonly complete: boolean
  /** Why it is not complete, in plain words; null where it is. */
  readonly note: string | null
  /** The file that was written of the rows; absent where none was, or not yet. */
  readonly csv?: CsvResult
  /** The load into a table; absent where none was wanted, or it has not landed. */
  readonly lake?: LakeResult
}

export interface JobError {
  readonly code: FaultCode
  readonly message: string
  readonly hint: string
}

export interface Lease {
  /** The process that works on it. */
  readonly holder: string
  /** Milliseconds since the epoch; anyone may take over afterwards. */
  readonly until: number
}

export interface Job {
  readonly version: 1
  readonly id: string
  readonly tenant: string
  /** The tool that started it. */
  readonly tool: string
  readonly work: FetchWork
  readonly state: JobState
  /** True where the caller brought the application ID: it is in no record, so another process cannot go on without it. */
  readonly callersId: boolean
  readonly outline: FetchOutline | null
  /** How often the table changed under way. */
  readonly restarts: number
  /** Rows in the lake when the record was written. */
  readonly done: number
  /** Rows written to the file so far, where one is wanted; a file that is begun again begins at 0. */
  readonly written?: number
  /** Key of the rows' Parquet file in the folder of the table that is wanted, once it is whole. */
  readonly staged?: string
  readonly lease: Lease | null
  /** Failures and lost processes in a row without one more page. */
  readonly attempts: number
  /** Rows in the lake at the last failure. */
  readonly doneAtFailure: number
  /** Not taken up before this moment: the wait after a failure. */
  readonly notBefore: number
  readonly result: JobResult | null
  readonly error: JobError | null
  readonly created: number
  readonly updated: number
}

/** Failures in a row that end a job: e-Stat was away for half an hour. */
export const MOST_FAILURES = 12
/** Processes lost in a row, without a page more, that end a job: it may be what kills them. */
const MOST_LOSSES = 20
/** A table that changes this often under way is left alone for a while: the wait of a failure. */
export const MOST_RESTARTS = 3
const WAIT_MS = { first: 5_000, most: 300_000 }

export interface NewJob {
  readonly id: string
  readonly tenant: string
  readonly tool: string
  readonly work: FetchWork
  readonly callersId: boolean
  readonly now: number
}

export const newJob = ({ now, ...given }: NewJob): Job => ({
  version: 1,
  ...given,
  state: 'queued',
  outline: null,
  restarts: 0,
  done: 0,
  lease: null,
  attempts: 0,
  doneAtFailure: 0,
  notBefore: 0,
  result: null,
  error: null,
  created: now,
  updated: now,
})

export const isOver = ({ state }: Pick<Job, 'state'>): boolean =>
  state === 'done' || state === 'failed' || state === 'cancelled'

export interface Claim extends Lease {
  readonly now: number
  /** Rows found in the lake. */
  readonly done: number
  /** True where this process may ask e-Stat for it: the server's own ID, or the caller's at hand. */
  readonly hasId: boolean
}

/** Takes a job up, or over from a holder whose time ran out; null where it is not to be had now. */
export function claimed(job: Job, { holder, until, now, done, hasId }: Claim): Job | null {
  if (isOver(job) || (job.lease !== null && job.lease.until > now) || job.notBefore > now) return null
  if (!hasId)
    return job.state === 'needs_application_id'
      ? null
      : { ...job, state: 'needs_application_id', lease: null, done, updated: now }
  // A lease that was not handed back: the process that held it is gone.
  const lost = job.lease === null ? job : countFailure(job, done)
  if (lost.attempts > MOST_LOSSES) return failed(lost, LOST, now)
  return { ...lost, state: 'running', lease: { holder, until }, done, updated: now }
}

const LOST: JobError = {
  code: 'INTERNAL_ERROR',
  message: 'The job was lost with its process again and again.',
  hint: 'Narrow it with fetch_dataset_filtered, or ask the operator to look at the log.',
}

/** @param written Rows written to the file, where one is being written. */
export const renewed = (job: Job, until: number, done: number, now: number, written = job.written ?? 0): Job =>
  job.lease === null
    ? job
    : { ...job, lease: { ...job.lease, until }, done, ...(job.work.csv && { written }), updated: now }

export const outlined = (job: Job, outline: FetchOutline, now: number): Job => ({ ...job, outline, updated: now })

/** The Parquet file is whole: what was lost before counts no more. */
export const staged = (job: Job, key: string, now: number): Job => ({ ...job, staged: key, attempts: 0, updated: now })

/** The table changed: everything is fetched anew, into another folder. */
export const begunAnew = (job: Job, now: number): Job => ({
  ...job,
  outline: null,
  restarts: job.restarts + 1,
  done: 0,
  doneAtFailure: 0,
  updated: now,
})

/** Hands the lease back, to go on later or elsewhere. */
export const released = (job: Job, done: number, now: number): Job => ({
  ...job,
  state: 'queued',
  lease: null,
  done,
  updated: now,
})

/** After a failure that may pass: another try later, each after a longer wait; too many end the job. */
export function setBack(job: Job, error: JobError, done: number, now: number): Job {
  const counted = countFailure(job, done)
  if (counted.attempts >= MOST_FAILURES) return failed({ ...counted, done }, error, now)
  const wait = Math.min(WAIT_MS.first * 2 ** (counted.attempts - 1), WAIT_MS.most)
  return { ...released(counted, done, now), error, notBefore: now + wait }
}

const countFailure = (job: Job, done: number): Job => ({
  ...job,
  attempts: done > job.doneAtFailure ? 1 : job.attempts + 1,
  doneAtFailure: done,
})

const over = { lease: null, notBefore: 0 }

export const failed = (job: Job, error: JobError, now: number): Job => ({
  ...job,
  ...over,
  state: 'failed',
  error,
  updated: now,
})

export const finished = (job: Job, result: JobResult, now: number): Job => ({
  ...job,
  ...over,
  state: 'done',
  done: result.rows,
  result,
  error: null,
  updated: now,
})

/** @param result What was kept of it, where that is known already. */
export const cancelled = (job: Job, result: JobResult | null, now: number): Job => ({
  ...job,
  ...over,
  state: 'cancelled',
  result,
  done: result?.rows ?? job.done,
  updated: now,
})

/** The rows of an earlier fetch, where the job fetches none itself. */
export function resultOfKept({ csv }: FetchWork): JobResult | null {
  const kept = csv?.kept ?? null
  return kept === null ? null : { ...kept, complete: kept.rows === kept.matched }
}

/** True where both fetch the same: the second call need not start another. */
export const sameWork = (a: FetchWork, b: FetchWork): boolean => JSON.stringify(a) === JSON.stringify(b)
