/** e-Stat answers at most this many rows a request (manual, getStatsData, `limit`). */
export const PAGE_ROWS = 100_000

export interface PlannedPage {
  /** Index of the query it belongs to. */
  readonly query: number
  /** 1-based, as e-Stat counts. */
  readonly start: number
  readonly limit: number
}

/** Which requests fetch every row, given the count of each query. The plan is data: the caller runs it, a test reads it. */
export function planPages(totals: readonly number[], pageRows = PAGE_ROWS): readonly PlannedPage[] {
  return totals.flatMap((total, query) => {
    const pages = Math.ceil(total / pageRows)
    return Array.from({ length: pages }, (_, page) => {
      const start = page * pageRows + 1
      return { query, start, limit: Math.min(pageRows, total - start + 1) }
    })
  })
}
