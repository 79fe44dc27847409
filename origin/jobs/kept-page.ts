/** Writing what a job keeps beside its record and its pages: the table's metadata, the manifest. */
import type { SymbolNote, TableMeta } from '../estat/model.ts'
import type { ObjectStore, SourceOrigin } from '../ports.ts'
import type { Job, JobResult } from './job.ts'
import type { JobPage } from './job-pages.ts'
import { type FetchManifest, manifestKey, rawPrefix, readManifest } from './manifest.ts'

const metaKey = (prefix: string): string => `${prefix}meta.json`
const encode = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value))

/** What the table was when the first page came, so that finishing asks e-Stat nothing and mixes no two versions. */
interface KeptMeta {
  readonly meta: TableMeta
  readonly origin: SourceOrigin
}

export async function putMeta(store: ObjectStore, prefix: string, kept: KeptMeta): Promise<void> {
  await store.put(metaKey(prefix), encode(kept))
}

/**
 * The manifest over the pages that are there, once: whoever comes second finds the first one's. Where rows are left
 * out, `note` and the extent say so, and every file, table and citation made of it after.
 */
export async function putManifest(
  store: ObjectStore,
  job: Job,
  pages: readonly JobPage[],
  why: { readonly note: string; readonly noteJa: string } | null,
  now: number,
): Promise<JobResult> {
  const { work, outline } = job
  if (outline === null) throw new Error('a job without an outline has no pages')
  const prefix = rawPrefix(work.datasetId, outline.fetchId)
  const kept = JSON.parse(new TextDecoder().decode((await store.get(metaKey(prefix))) ?? undefined)) as KeptMeta
  const rows = pages.reduce((sum, { limit }) => sum + limit, 0)
  const matched = outline.totals.reduce((sum, total) => sum + total, 0)
  const complete = rows === matched
  const extent = complete ? kept.meta.extent : excerptOf(kept.meta, rows, matched, why)
  const manifest: FetchManifest = {
    version: 1,
    dataset_id: work.datasetId,
    fetch_id: outline.fetchId,
    retrieved_at: new Date(now).toISOString(),
    origin: kept.origin,
    lang: work.lang,
    filters: work.filters,
    rows,
    matched,
    pages: pages.map(({ key, limit }) => ({ key, rows: limit })),
    meta: { ...kept.meta, extent },
    notes: outline.notes,
  }
  const first = await store.put(manifestKey(prefix), encode(manifest), { ifAbsent: true })
  const { rows: there } = first ? manifest : await readManifest(store, manifestKey(prefix))
  const whole = there === matched
  return {
    fetchId: outline.fetchId,
    rows: there,
    matched,
    complete: whole,
    note: whole ? null : ((work.lang === 'J' ? why?.noteJa : why?.note) ?? null),
  }
}

const excerptOf = (
  { extent }: TableMeta,
  rows: number,
  totalRows: number,
  why: { readonly note: string; readonly noteJa: string } | null,
): TableMeta['extent'] => ({
  note: [extent?.note, why?.note].filter(Boolean).join('; '),
  noteJa: [extent?.noteJa, why?.noteJa].filter(Boolean).join('、'),
  rows,
  totalRows,
  partialAxes: extent?.partialAxes ?? [],
  assignedAxes: extent?.assignedAxes ?? [],
})

/** Symbols and meanings of both, each symbol once. */
export const mergeNotes = (a: readonly SymbolNote[], b: readonly SymbolNote[]): readonly SymbolNote[] => [
  ...new Map([...b, ...a].map((note) => [note.symbol, note])).values(),
]
