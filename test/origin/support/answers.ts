/** What the tools answer about a table, asked of an origin in front of an e-Stat of the test's own. */
import { TOY_ID } from '../standin/toy.ts'
import type { Upstream } from './upstream.ts'

export type Row = Readonly<Record<string, unknown>>
export interface Fetched {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly unknown[])[]
  readonly fixed: Row
  readonly symbols: Readonly<Record<string, string>>
  readonly counts: { readonly matched: number; readonly returned: number; readonly truncated: boolean }
  readonly s3_json_path: string | null
  readonly total_records: number
}
export interface Described {
  readonly title: string
  readonly survey_date: string | null
  readonly rows: number
  readonly axes: readonly { id: string; name: string; is_measure: boolean; codes: number; shown: readonly Row[] }[]
  readonly measures: readonly { axis: string; name: string; unit: string | null; kind: string; summable: boolean }[]
  readonly time: { readonly first: string; readonly last: string } | null
  readonly symbols: Readonly<Record<string, string>>
}

export async function resultOf<T>({ call }: Upstream, tool: string, args: object): Promise<T> {
  const { success, result, text } = await call(tool, args)
  if (!success) throw new Error(text)
  return result as T
}
export const describeTable = (at: Upstream, id = TOY_ID): Promise<Described> =>
  resultOf<Described>(at, 'describe_dataset', { dataset_id: id })
export const fetchRows = (at: Upstream, filters: object, id = TOY_ID): Promise<Fetched> =>
  resultOf<Fetched>(at, 'fetch_dataset_filtered', { dataset_id: id, filters, save_to_s3: false })
export const fetchAll = (at: Upstream): Promise<Fetched> =>
  resultOf<Fetched>(at, 'fetch_dataset_auto', { dataset_id: TOY_ID, save_to_s3: false })
export const rowsOf = ({ columns, rows, fixed }: Fetched): readonly Row[] =>
  rows.map((cells) => ({ ...fixed, ...Object.fromEntries(columns.map((name, at) => [name, cells[at]])) }))
export const sent = ({ asked }: Upstream, operation: string): readonly URLSearchParams[] =>
  asked.filter(({ pathname }) => pathname.endsWith(operation)).map(({ searchParams }) => searchParams)
