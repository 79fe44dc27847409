/**
 * Names that callers chose for CSV files, held from the beginning of the work: whoever comes second is told at once,
 * and not after an hour of work. A hold is a numbered record, so that one of any number of askers has it; it ends with
 * its job, or with its call's time. The file itself never takes another's place either (`putCsv`).
 */
import * as z from 'zod'
import { fault } from '../../shared/fault.ts'
import type { ObjectStore } from '../ports.ts'
import { isOver, type Job } from './job.ts'
import { newestRecord, replaceRecord } from './numbered-records.ts'
import type { JobStore } from './ports.ts'
import { csvFileOf, nameTaken } from './put-csv.ts'

export interface NamePorts {
  readonly store: ObjectStore
  readonly jobs: Pick<JobStore, 'get'>
}

export interface FileName {
  readonly tenant: string
  readonly filename: string
}

const Hold = z.object({
  /** The job that will write the file; null for a call. */
  job: z.string().nullable(),
  /** Milliseconds since the epoch: a call's end, or by when the job's record must be there. */
  until: z.number(),
})
type Hold = z.infer<typeof Hold>

/** Milliseconds that a job's record may take to be written after the hold. */
const RECORD_MS = 60_000

/** Of all holds. No tenant is called so (`shared/keys.ts`). */
export const NAMES = 'jobs/names/'
const folderOf = ({ tenant, filename }: FileName): string => `${NAMES}${tenant}/${filename}/`
const encode = (hold: Hold): Uint8Array => new TextEncoder().encode(JSON.stringify(hold))
const decode = (bytes: Uint8Array): Hold => Hold.parse(JSON.parse(new TextDecoder().decode(bytes)))

/**
 * Holds the name for a job that is about to be created.
 *
 * @returns Null, or the job under way that has it already.
 * @throws Fault INVALID_PARAMETER where a file of that name is there, or a call is writing one.
 */
export async function holdForJob(ports: NamePorts, name: FileName, id: string, now: number): Promise<Job | null> {
  const holder = await hold(ports, name, { job: id, until: now + RECORD_MS }, now)
  if (holder !== 'call') return holder
  throw fault('INVALID_PARAMETER', 'A call is writing a file of that name.', { hint: CHOOSE })
}

/**
 * Holds the name while `work` runs within a call. @param until When the call's time is over, milliseconds since the epoch.
 * @throws Fault INVALID_PARAMETER where a file of that name is there, or somebody is writing one.
 */
export async function holdForCall<T>(
  ports: NamePorts,
  name: FileName,
  { now, until }: { readonly now: number; readonly until: number },
  work: () => Promise<T>,
): Promise<T> {
  const holder = await hold(ports, name, { job: null, until }, now)
  if (holder === 'call')
    throw fault('INVALID_PARAMETER', 'Another call is writing a file of that name.', { hint: CHOOSE })
  if (holder !== null) throw heldByJob(holder)
  try {
    return await work()
  } finally {
    await letGo(ports.store, name)
  }
}

const CHOOSE = 'Choose another output_filename, or leave it out.'

export const heldByJob = ({ id }: Pick<Job, 'id'>) =>
  fault('INVALID_PARAMETER', `Job ${id} is writing a file of that name.`, {
    hint: `${CHOOSE} get_job shows how far that job is.`,
  })

/** @returns Null where the name is held now; else who has it. */
async function hold(ports: NamePorts, name: FileName, wanted: Hold, now: number): Promise<Job | 'call' | null> {
  const { store } = ports
  for (;;) {
    const newest = await newestRecord(store, folderOf(name))
    const holder = newest === null ? null : await holderOf(ports, name.tenant, decode(newest.bytes), now)
    if (holder !== null) return holder
    if (await replaceRecord(store, folderOf(name), (newest?.revision ?? 0) + 1, encode(wanted))) break
  }
  // Looked at with the name in hand: the one who had it before may have written the file.
  if ((await store.head(csvFileOf(name.tenant, name.filename, '').key)) === null) return null
  await letGo(store, name)
  throw nameTaken()
}

/** Who still has the name; null for a hold that is over. */
async function holderOf(
  { jobs }: Pick<NamePorts, 'jobs'>,
  tenant: string,
  { job, until }: Hold,
  now: number,
): Promise<Job | 'call' | null> {
  const found = job === null ? null : await jobs.get({ tenant, id: job })
  if (found !== null) return isOver(found.job) ? null : found.job
  return now < until ? 'call' : null
}

async function letGo(store: ObjectStore, name: FileName): Promise<void> {
  for (const { key } of await store.list(folderOf(name))) await store.delete(key)
}

/** Takes away the record at `key` where its hold is over. */
export async function sweepHold(ports: NamePorts, key: string, now: number): Promise<void> {
  const tenant = key.slice(NAMES.length).split('/')[0] ?? ''
  const bytes = await ports.store.get(key)
  if (bytes !== null && (await holderOf(ports, tenant, decode(bytes), now)) === null) await ports.store.delete(key)
}
