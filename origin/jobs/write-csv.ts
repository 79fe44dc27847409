/** A kept fetch written as a CSV file: the same file, byte for byte, whether a call writes it or a job. */
import { createHash } from 'node:crypto'
import type { ObjectStore } from '../ports.ts'
import type { HeldJob } from './advance-fetch.ts'
import { putSource } from './csv-sources.ts'
import { type DatasetCsv, longCsv, type Reading, wideCsvOf } from './dataset-csv.ts'
import type { CsvPlan, CsvResult } from './job.ts'
import type { FetchManifest } from './manifest.ts'
import { type CsvFile, csvBody, csvFileOf, nameTaken, putCsv } from './put-csv.ts'
import { sourceOfFetch } from './source-of-fetch.ts'

/** Headings that are kept: a wide file may have thousands. */
export const COLUMNS_SHOWN = 60

/**
 * Streamed, and whole or absent.
 *
 * @param job The job that writes it, asked before the file is there whether it still may. A lost process of its may have
 *   written the file under the caller's own name: one with the same bytes is that file.
 * @throws Fault as `wideCsvOf`, `readPages` and `putCsv` say.
 */
export async function writeCsv(
  store: ObjectStore,
  tenant: string,
  manifest: FetchManifest,
  plan: CsvPlan,
  reading: Reading,
  job: Pick<HeldJob, 'check'> | null,
): Promise<CsvResult> {
  const csv = await csvOf(store, manifest, plan, reading)
  const marks = [plan.layout === 'wide' ? `_wide_${csv.spread}` : '', plan.raw ? '_raw' : ''].join('')
  const ours = `${manifest.dataset_id}_${manifest.fetch_id}${marks}.csv`
  const file = csvFileOf(tenant, plan.filename, ours)
  const there = job !== null && file.ifAbsent ? await store.head(file.key) : null
  if (there !== null && !(await holds(store, file, csv))) throw nameTaken()
  const bytes = there === null ? await putCsv(store, file, allowed(csv.parts, job)) : there.size
  await putSource(store, file.key, sourceOfFetch(manifest))
  const { lines, cells } = csv.count()
  return {
    key: file.key,
    filename: file.filename,
    spread: csv.spread,
    rows: lines,
    cells,
    bytes,
    columns: csv.columns.slice(0, COLUMNS_SHOWN),
    columnCount: csv.columns.length,
  }
}

async function* allowed(parts: AsyncIterable<string>, job: Pick<HeldJob, 'check'> | null): AsyncGenerator<string> {
  yield* parts
  await job?.check()
}

async function csvOf(
  store: ObjectStore,
  manifest: FetchManifest,
  { layout, spread, raw }: CsvPlan,
  reading: Reading,
): Promise<DatasetCsv & { readonly spread: string | null }> {
  if (layout === 'long') return { ...longCsv(store, manifest, { raw }, reading), spread: null }
  const wide = await wideCsvOf(store, manifest, { raw, spread: spread ?? undefined }, reading)
  return { ...wide, spread: wide.plan.axis.id }
}

/** True where the file that is there holds exactly these bytes. */
async function holds(store: ObjectStore, { key }: CsvFile, { parts }: DatasetCsv): Promise<boolean> {
  const wanted = await digest(csvBody(parts))
  const body = await store.stream(key)
  return body !== null && (await digest(body)) === wanted
}

async function digest(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of chunks) hash.update(chunk)
  return hash.digest('hex')
}
