/**
 * What the lake needs once a day: snapshots of its tables expire, what nothing names is deleted, and raw pages that
 * newer ones replace go. Of any number of instances one does it: the day's mark is created exclusively.
 */
import { rawPrefix, readManifest } from './manifest.ts'
import type { JobStore } from './ports.ts'
import { fetchesAmong, type KeptFetch, planRawExpiry, supersededAmong } from './raw-expiry.ts'
import type { ObjectInfo, ObjectStore, TableCatalog } from '../ports.ts'

export interface UpkeepDeps {
  readonly store: ObjectStore
  readonly tables: TableCatalog
  readonly jobs: JobStore
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Called with failures: one table, or one tenant's list, does not keep the others from it. */
  readonly report: (error: unknown, where: string) => void
}

export interface UpkeepDone {
  readonly snapshotsExpired: number
  /** Of tables and of raw fetches. */
  readonly objectsDeleted: number
  readonly bytesFreed: number
}

export interface UpkeepLoop {
  start(): void
  stop(): Promise<void>
}

const HOUR_MS = 60 * 60 * 1000
/** After a start the callers come first. */
const FIRST_LOOK_MS = 2 * 60 * 1000

/** Looks once an hour whether today's upkeep is done: one small read where it is. */
export function upkeepLoop(deps: UpkeepDeps): UpkeepLoop {
  const ending = new AbortController()
  let timer: NodeJS.Timeout | null = null
  let running: Promise<unknown> = Promise.resolve()
  const look = (): void => {
    running = upkeepOfToday(deps, ending.signal).catch((error: unknown) => deps.report(error, 'upkeep'))
    timer = setTimeout(look, HOUR_MS).unref()
  }
  return {
    start() {
      timer ??= setTimeout(look, FIRST_LOOK_MS).unref()
    },
    async stop() {
      if (timer !== null) clearTimeout(timer)
      ending.abort()
      await running
    },
  }
}

const MARKS = 'cache/upkeep/'

/** @returns null where it is done already, by this process or another. */
export async function upkeepOfToday(deps: UpkeepDeps, signal: AbortSignal): Promise<UpkeepDone | null> {
  const { store, now } = deps
  const mark = `${MARKS}${new Date(now()).toISOString().slice(0, 10)}.json`
  if ((await store.head(mark)) !== null) return null
  if (!(await store.put(mark, new TextEncoder().encode('{}'), { ifAbsent: true }))) return null
  const objects = await store.list('')
  const earlier = objects.filter(({ key }) => key.startsWith(MARKS) && key < mark)
  for (const { key } of earlier) await store.delete(key)
  const tables = await upkeepOfTables(deps, objects, signal)
  const raw = await upkeepOfRaw(deps, objects, signal)
  return {
    snapshotsExpired: tables.snapshotsExpired,
    objectsDeleted: tables.objectsDeleted + raw.reduce((sum, { keys }) => sum + keys.length, 0),
    bytesFreed: tables.bytesFreed + raw.reduce((sum, { bytes }) => sum + bytes, 0),
  }
}

async function upkeepOfTables(
  { tables, now, report }: UpkeepDeps,
  objects: readonly ObjectInfo[],
  signal: AbortSignal,
): Promise<UpkeepDone> {
  const sum = { snapshotsExpired: 0, objectsDeleted: 0, bytesFreed: 0 }
  const tenants = new Set(objects.flatMap(({ key }) => /^([^/]+)\/iceberg\//.exec(key)?.[1] ?? []))
  for (const tenant of tenants) {
    const names = await tables.list(tenant).catch((error: unknown) => {
      report(error, 'upkeep of a lake')
      return []
    })
    for (const name of names) {
      if (signal.aborted) return sum
      try {
        const done = await tables.maintain(tenant, name, { now: now(), signal })
        for (const count of ['snapshotsExpired', 'objectsDeleted', 'bytesFreed'] as const) sum[count] += done[count]
      } catch (error) {
        report(error, 'upkeep of a table')
      }
    }
  }
  return sum
}

async function upkeepOfRaw(
  { store, jobs, now, report }: UpkeepDeps,
  objects: readonly ObjectInfo[],
  signal: AbortSignal,
): Promise<readonly KeptFetch[]> {
  const inUse = await fetchesInUse(jobs)
  const { unfinished, toCompare } = planRawExpiry(fetchesAmong(objects), inUse, now())
  const gone: KeptFetch[] = []
  const remove = async (fetches: readonly KeptFetch[]): Promise<void> => {
    for (const fetch of fetches) {
      if (signal.aborted) return
      for (const key of fetch.keys) await store.delete(key)
      gone.push(fetch)
    }
  }
  await remove(unfinished)
  for (const fetches of toCompare)
    try {
      const compared: Parameters<typeof supersededAmong>[0][number][] = []
      for (const fetch of fetches) {
        if (signal.aborted) return gone
        compared.push([fetch, await readManifest(store, rawPrefix(fetch.datasetId, fetch.fetchId))])
      }
      await remove(supersededAmong(compared, inUse, now()))
    } catch (error) {
      report(error, 'upkeep of raw pages')
    }
  return gone
}

/** Ids of fetches that jobs which are not over read or write. */
export async function fetchesInUse(jobs: JobStore): Promise<ReadonlySet<string>> {
  const used = new Set<string>()
  for (const key of await jobs.open()) {
    const { outline, work, result } = (await jobs.get(key))?.job ?? {}
    for (const id of [outline?.fetchId, result?.fetchId, work?.csv?.kept?.fetchId]) if (id !== undefined) used.add(id)
  }
  return used
}
