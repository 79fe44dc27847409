/**
 * Which fetches below `raw/` are no longer kept. Every save makes a new copy of the pages, whole and by itself; of the
 * same selection the newest stays for ever, others for seven days. What is in a table, a Parquet or a CSV file does not
 * need its raw pages any more. Pure; `upkeep.ts` carries it out.
 */
import { compareKeys } from '../lake/object-key.ts'
import type { ObjectInfo } from '../ports.ts'
import type { FetchManifest } from './manifest.ts'

/** Within it, a path that an answer gave still works. */
export const RAW_AGE_MS = 7 * 24 * 60 * 60 * 1000

/** Everything below `raw/<datasetId>/<fetchId>/`. */
export interface KeptFetch {
  readonly datasetId: string
  readonly fetchId: string
  /** The manifest first: without it the fetch does not exist, so that one that is half deleted is never read. */
  readonly keys: readonly string[]
  readonly bytes: number
  /** When its last object was written, milliseconds. */
  readonly modified: number
  readonly finished: boolean
}

export function fetchesAmong(objects: readonly ObjectInfo[]): readonly KeptFetch[] {
  const folder = ({ key }: ObjectInfo): string => /^raw\/\d{10}\/[^/]+\//.exec(key)?.[0] ?? ''
  return [...Map.groupBy(objects, folder)].flatMap(([prefix, all]) => {
    const [, datasetId, fetchId] = prefix.split('/')
    if (datasetId === undefined || fetchId === undefined) return []
    const manifest = all.filter(({ key }) => key === `${prefix}manifest.json`)
    const keys = [...manifest, ...all.filter((object) => !manifest.includes(object))].map(({ key }) => key)
    return [
      {
        datasetId,
        fetchId,
        keys,
        bytes: all.reduce((sum, { size }) => sum + size, 0),
        modified: Math.max(...all.map(({ modified }) => modified)),
        finished: manifest.length > 0,
      },
    ]
  })
}

/**
 * @param inUse Fetch ids of jobs that are not over.
 * @returns those that go whatever they hold, and those whose manifests have to be read to tell which is the newest.
 */
export function planRawExpiry(
  fetches: readonly KeptFetch[],
  inUse: ReadonlySet<string>,
  now: number,
): { readonly unfinished: readonly KeptFetch[]; readonly toCompare: readonly (readonly KeptFetch[])[] } {
  const isDue = ({ modified, fetchId }: KeptFetch): boolean => now - modified > RAW_AGE_MS && !inUse.has(fetchId)
  const byDataset = Map.groupBy(
    fetches.filter(({ finished }) => finished),
    ({ datasetId }) => datasetId,
  )
  return {
    unfinished: fetches.filter((fetch) => !fetch.finished && isDue(fetch)),
    toCompare: [...byDataset.values()].filter((all) => all.length > 1 && all.some(isDue)),
  }
}

/** Of fetches of one dataset those that go: older than the newest of the same selection, and due. */
export function supersededAmong(
  fetches: readonly (readonly [
    KeptFetch,
    Pick<FetchManifest, 'filters' | 'lang' | 'rows' | 'matched' | 'retrieved_at'>,
  ])[],
  inUse: ReadonlySet<string>,
  now: number,
): readonly KeptFetch[] {
  const selections = Map.groupBy(fetches, ([, { filters, lang, rows, matched = rows }]) =>
    // What was cut short is no newer copy of what is whole.
    JSON.stringify([
      Object.entries(filters).toSorted(([a], [b]) => compareKeys(a, b)),
      lang,
      matched === rows ? null : rows,
    ]),
  )
  return [...selections.values()].flatMap((same) => {
    const newestFirst = same.toSorted(([, a], [, b]) => (a.retrieved_at < b.retrieved_at ? 1 : -1))
    return newestFirst
      .slice(1)
      .map(([fetch]) => fetch)
      .filter(({ modified, fetchId }) => now - modified > RAW_AGE_MS && !inUse.has(fetchId))
  })
}
