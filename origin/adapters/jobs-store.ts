/**
 * JobStore over any ObjectStore. The records of a job are numbered objects, `jobs/records/<tenant>/<id>/<n>.json`, and
 * the highest is the newest: taking over is one exclusive create of the next number (`put` with `ifAbsent`), which is
 * the same on a disk (link) and on S3 (If-None-Match). `jobs/open/<tenant>/<id>` marks those that are not over, so
 * that a loop reads no finished job.
 */
import * as z from 'zod'
import { fault } from '../../shared/fault.ts'
import { isOver, type Job } from '../jobs/job.ts'
import type { JobKey, JobStore } from '../jobs/ports.ts'
import type { ObjectStore } from '../ports.ts'

const RECORDS = 'jobs/records/'
const OPEN = 'jobs/open/'
/** A reader may find the record it chose replaced and swept away; this often in a row is no accident. */
const READS = 20

const Shape = z.object({ version: z.literal(1), id: z.string(), tenant: z.string(), state: z.string() })
const isId = (id: string): boolean => /^[A-Za-z0-9][A-Za-z0-9-]{0,79}$/.test(id)

const folderOf = ({ tenant, id }: JobKey): string => `${RECORDS}${tenant}/${id}/`
const recordKey = (job: JobKey, revision: number): string => `${folderOf(job)}${String(revision).padStart(8, '0')}.json`
const openKey = ({ tenant, id }: JobKey): string => `${OPEN}${tenant}/${id}`
const revisionOf = (key: string): number => Number(/(\d{8})\.json$/.exec(key)?.[1] ?? 0)
const encode = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value))

/** @throws Fault DATA_TRANSFORM_ERROR from reads where a record is damaged. */
export function jobStore(store: ObjectStore): JobStore {
  const revisions = async (key: JobKey): Promise<readonly number[]> =>
    (await store.list(folderOf(key))).map((object) => revisionOf(object.key))

  return {
    async create(job) {
      // The mark comes first: without a record it is swept away, and a record without it would never be taken up.
      await store.put(openKey(job), encode({ created: job.created }))
      if (await store.put(recordKey(job, 1), encode(job), { ifAbsent: true })) return { job, revision: 1 }
      throw fault('INTERNAL_ERROR', 'The id of a new job is taken.', { hint: 'Call again.' })
    },

    async get(key) {
      if (!isId(key.id)) return null
      for (let read = 0; read < READS; read++) {
        const revision = Math.max(0, ...(await revisions(key)))
        if (revision === 0) return null
        const bytes = await store.get(recordKey(key, revision))
        if (bytes !== null) return { job: decode(bytes), revision }
      }
      throw fault('INTERNAL_ERROR', 'The job changed each time it was read.', { hint: 'Call again.' })
    },

    async replace(current, next) {
      const revision = current.revision + 1
      const mine = recordKey(next, revision)
      if (!(await store.put(mine, encode(next), { ifAbsent: true }))) return null
      // The number may have been free because it was swept away long ago: then a higher one is there, and we are late.
      const known = await revisions(next)
      if (known.some((other) => other > revision)) {
        await store.delete(mine)
        return null
      }
      for (const old of known) if (old < revision) await store.delete(recordKey(next, old))
      if (isOver(next)) await store.delete(openKey(next))
      return { job: next, revision }
    },

    close: (key) => store.delete(openKey(key)),

    async list(tenant) {
      const objects = await store.list(`${RECORDS}${tenant}/`)
      return [...new Set(objects.map(({ key }) => key.split('/')[3] ?? ''))].toReversed()
    },

    async open(tenant) {
      const marks = await store.list(tenant === undefined ? OPEN : `${OPEN}${tenant}/`)
      return marks.map(({ key }) => {
        const [, , owner = '', id = ''] = key.split('/')
        return { tenant: owner, id }
      })
    },
  }
}

function decode(bytes: Uint8Array): Job {
  const parsed = Shape.safeParse(JSON.parse(new TextDecoder().decode(bytes)))
  if (!parsed.success) throw fault('DATA_TRANSFORM_ERROR', 'The record of that job is damaged.')
  return JSON.parse(new TextDecoder().decode(bytes)) as Job
}
