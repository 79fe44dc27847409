/** The rows that `save_dataset_as_csv` writes: of an earlier fetch or of one made now, within the call or by a job. */
import { fault } from '../../shared/fault.ts'
import { spreadChooser } from '../estat/csv-spread.ts'
import type { SourceInfo } from '../estat/source.ts'
import { fetchDataset } from '../jobs/fetch-dataset.ts'
import type { CsvWork, FetchWork } from '../jobs/job.ts'
import { type FetchManifest, readManifest } from '../jobs/manifest.ts'
import { PAGE_ROWS } from '../jobs/plan-pages.ts'
import { resolveSelection } from '../jobs/resolve-selection.ts'
import { sourceOfFetch } from '../jobs/source-of-fetch.ts'
import type { Ports } from '../ports.ts'
import { firstHalf } from '../progress.ts'
import type { CallContext } from './define-tool.ts'
import { keyOf } from './lake-path.ts'
import { sourceFor } from './source-for.ts'

export interface RowsArgs {
  readonly s3_json_path?: string | undefined
  readonly local_json_path?: string | undefined
  readonly filters?: Parameters<typeof resolveSelection>[2] | undefined
  readonly layout: 'long' | 'wide'
  readonly spread?: string | undefined
  readonly lang: 'J' | 'E'
}

interface RowsInCall {
  readonly inCall: true
  /** True where the rows are fetched first: two steps over the same rows. */
  readonly fetches: boolean
  readonly manifest: () => Promise<FetchManifest>
}

/** More than a call may fetch, or writes in its time. */
export interface RowsForJob {
  readonly inCall: false
  readonly work: { readonly fetch: FetchWork; readonly kept: CsvWork['kept'] }
  readonly matched: number
  readonly source: SourceInfo
}

/** Rows that are surely written within a call. */
const WRITE_ROWS = 1_000_000

type RowsPorts = Pick<Ports, 'stats' | 'store' | 'disk'>

/** @throws Fault INVALID_PARAMETER, NOT_FOUND, NO_DATA, and as `StatsSource` says; what is refused fetches nothing. */
export async function rowsFor(
  args: RowsArgs,
  id: string,
  ports: RowsPorts,
  context: CallContext,
): Promise<RowsInCall | RowsForJob> {
  if (args.filters !== undefined && Object.keys(args.filters).length === 0)
    throw fault('INVALID_PARAMETER', 'filters is empty.', { hint: 'Name at least one axis, or leave filters out.' })
  const kept = keptFetch(args, ports, context.caller.tenant)
  if (kept === null) return rowsToFetch(args, id, ports, context)
  const manifest = await readManifest(ports.store, kept.key)
  if (manifest.dataset_id !== id)
    throw fault('INVALID_PARAMETER', `${kept.argument} holds table ${manifest.dataset_id}, not ${id}.`)
  return rowsKept(args, manifest, context)
}

function rowsKept(args: RowsArgs, manifest: FetchManifest, { limits }: CallContext): RowsInCall | RowsForJob {
  const { dataset_id: datasetId, fetch_id: fetchId, lang, rows, matched = rows, filters, meta } = manifest
  if (rows <= (limits.writeRows ?? WRITE_ROWS)) return { inCall: true, fetches: false, manifest: async () => manifest }
  if (args.layout === 'wide') spreadChooser(meta, args.spread)
  const fetch = { datasetId, lang, queries: [], filters, maxRecords: rows, pageRows: PAGE_ROWS }
  const note = rows === matched ? null : (meta.extent?.note ?? null)
  const source = sourceOfFetch(manifest)
  return { inCall: false, work: { fetch, kept: { fetchId, rows, matched, note } }, matched, source }
}

async function rowsToFetch(
  args: RowsArgs,
  id: string,
  { stats, store }: RowsPorts,
  context: CallContext,
): Promise<RowsInCall | RowsForJob> {
  const { now, newId, limits, progress, signal } = context
  const { lang } = args
  const ask = { lang, signal }
  const meta = await stats.describe(id, ask)
  // What can be refused without the rows is refused before they are fetched.
  if (args.layout === 'wide') spreadChooser(meta, args.spread)
  const selection =
    args.filters === undefined ? { queries: [[]], filters: {} } : await resolveSelection(stats, meta, args.filters, ask)
  let matched = 0
  for (const narrow of selection.queries) matched += await stats.count({ id, narrow }, ask)
  const maxRows = Math.min(limits.fetchRows, limits.writeRows ?? WRITE_ROWS)
  if (matched > maxRows) {
    const fetch = { datasetId: id, lang, ...selection, maxRecords: Number.MAX_SAFE_INTEGER, pageRows: PAGE_ROWS }
    return { inCall: false, work: { fetch, kept: null }, matched, source: sourceFor(meta, stats, now, { lang }) }
  }
  const request = { meta, ...selection, fetchId: newId(), now, maxRows, progress: firstHalf(progress) }
  return { inCall: true, fetches: true, manifest: () => fetchDataset({ stats, store }, request, ask) }
}

/** The key of the earlier fetch that was named, by its path in the lake or on this machine; null where none was. */
function keptFetch(
  { s3_json_path, local_json_path, filters: narrowed }: RowsArgs,
  { store, disk }: Pick<RowsPorts, 'store' | 'disk'>,
  tenant: string,
): { readonly key: string; readonly argument: string } | null {
  const given = { s3_json_path, local_json_path, filters: narrowed }
  const named = Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [name]))
  if (named.length > 1)
    throw fault('INVALID_PARAMETER', `${named.join(' and ')} exclude each other.`, {
      hint: 'Give one path of an earlier fetch, or filters alone to fetch with them.',
    })
  if (s3_json_path !== undefined)
    return { key: keyOf(s3_json_path, store, tenant, 's3_json_path'), argument: 's3_json_path' }
  if (local_json_path === undefined) return null
  const key = disk.keyOf(local_json_path)
  if (key !== null) return { key: keyOf(key, store, tenant, 'local_json_path'), argument: 'local_json_path' }
  throw fault(
    'INVALID_PARAMETER',
    disk.shared
      ? 'local_json_path lies outside the lake.'
      : 'local_json_path means nothing here: your disk is another.',
    { hint: 'Use s3_json_path, as the fetch returned it.' },
  )
}
