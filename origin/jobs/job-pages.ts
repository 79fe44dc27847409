/** Which pages a job consists of, which are there, and which are still to be fetched. Pure. */
import type { FetchOutline } from './job.ts'
import { pageKey, rawPrefix } from './manifest.ts'
import { type PlannedPage, planPages } from './plan-pages.ts'

export interface JobPage extends PlannedPage {
  readonly key: string
}

/** Folder of the pages of a job that was begun anew so often: rows of two versions never lie in one. */
export const fetchIdOf = (jobId: string, restarts: number): string =>
  restarts === 0 ? jobId : `${jobId}-${restarts + 1}`

/** Every page, in order; `limit` is the exact number of rows that it must hold. */
export function jobPages(datasetId: string, outline: FetchOutline, pageRows: number): readonly JobPage[] {
  const prefix = rawPrefix(datasetId, outline.fetchId)
  const pages = planPages(capped(outline.totals, outline.rows), pageRows)
  return pages.map((page, at) => ({ ...page, key: pageKey(prefix, at + 1) }))
}

/** The first `rows` rows of the queries, one after the other. */
function capped(totals: readonly number[], rows: number): readonly number[] {
  let left = rows
  return totals.map((total) => {
    const taken = Math.min(total, left)
    left -= taken
    return taken
  })
}

/** What is there, by the keys in the lake. A page is whole or absent (`ObjectStore.put`). */
export function splitPages(
  pages: readonly JobPage[],
  keys: ReadonlySet<string>,
): { readonly present: readonly JobPage[]; readonly missing: readonly JobPage[] } {
  return { present: pages.filter(({ key }) => keys.has(key)), missing: pages.filter(({ key }) => !keys.has(key)) }
}

export const rowsOf = (pages: readonly JobPage[]): number => pages.reduce((sum, { limit }) => sum + limit, 0)
