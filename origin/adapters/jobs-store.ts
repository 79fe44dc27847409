/**
 * JobStore over any ObjectStore. The records of a job are numbered ones, `jobs/records/<tenant>/<id>/<n>.json`.
 * `jobs/open/<tenant>/<id>` marks those that are not over, so that a loop reads no finished job.
 */
import * as z from 'zod'
import { fault } from '../../shared/fault.ts'
import { isOver, type Job } from '../jobs/job.ts'
import { newestRecord, replaceRecord } from '../jobs/numbered-records.ts'
import type { JobKey, JobStore } from '../jobs/ports.ts'
import type { ObjectStore } from '../ports.ts'

const RECORDS = 'jobs/records/'
const OPEN = 'jobs/open/'

const Shape = z.object({ version: z.literal(1), id: z.string(), tenant: z.string(), state: z.string() })
const isId = (id: string): boolean => /^[A-Za-z0-9][A-Za-z0-9-]{0,79}$/.test(id)

const folderOf = ({ tenant, id }: JobKey): string => `${RECORDS}${tenant}/${id}/`
const openKey = ({ tenant, id }: JobKey): string => `${OPEN}${tenant}/${id}`
const encode = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value))

/** @throws Fault DATA_TRANSFORM_ERROR from reads where a record is damaged. */
export function jobStore(store: ObjectStore): JobStore {
  return {
    async create(job) {
      // The mark comes first: without a record it is swept away, and a record without it would never be taken up.
      await store.put(openKey(job), encode({ created: job.created }))
      if (await replaceRecord(store, folderOf(job), 1, encode(job))) return { job, revision: 1 }
      throw fault('INTERNAL_ERROR', 'The id of a new job is taken.', { hint: 'Call again.' })
    },

    async get(key) {
      if (!isId(key.id)) return null
      const found = await newestRecord(store, folderOf(key))
      return found && { job: decode(found.bytes), revision: found.revision }
    },

    async replace(current, next) {
      const revision = current.revision + 1
      if (!(await replaceRecord(store, folderOf(next), revision, encode(next)))) return null
      if (isOver(next)) await store.delete(openKey(next))
      return { job: next, revision }
    },

    close: (key) => store.delete(openKey(key)),

    async list(tenant) {
      const objects = await store.list(`${RECORDS}${tenant}/`)
      return [...new Set(objects.map(({ key }) => key.split('/')[3] ?? ''))].toReversed()
    },

    async idle(before) {
      const newest = new Map<string, number>()
      for (const folder of [RECORDS, OPEN])
        for (const { key, modified } of await store.list(folder)) {
          const job = key.slice(folder.length).split('/').slice(0, 2).join('/')
          newest.set(job, Math.max(newest.get(job) ?? 0, modified))
        }
      return [...newest].flatMap(([job, modified]) => {
        const [tenant = '', id = ''] = job.split('/')
        return modified < before ? [{ tenant, id }] : []
      })
    },

    async forget(key) {
      // The records first: a mark without one is found again.
      for (const { key: record } of await store.list(folderOf(key))) await store.delete(record)
      await store.delete(openKey(key))
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
