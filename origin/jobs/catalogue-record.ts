/** The catalogue's record in the store, read and replaced. */
import type { ObjectStore } from '../ports.ts'
import { type CatalogueRecord, NO_CATALOGUE, RECORD_FOLDER } from './catalogue-state.ts'
import type { Stored } from './held-record.ts'
import { newestRecord, replaceRecord } from './numbered-records.ts'

/** Revision 0 where there is none yet. One of another version, or damaged, counts as empty: everything is fetched anew. */
export async function readCatalogue(store: ObjectStore): Promise<Stored<CatalogueRecord>> {
  const found = await newestRecord(store, RECORD_FOLDER)
  if (found === null) return { record: NO_CATALOGUE, revision: 0 }
  const record = parse(new TextDecoder().decode(found.bytes)) as Partial<CatalogueRecord> | null
  return { record: record?.format === 2 ? (record as CatalogueRecord) : NO_CATALOGUE, revision: found.revision }
}

/** @returns Null where somebody else was first. */
export async function replaceCatalogue(
  store: ObjectStore,
  { revision }: Stored<CatalogueRecord>,
  record: CatalogueRecord,
): Promise<Stored<CatalogueRecord> | null> {
  const next = revision + 1
  const bytes = new TextEncoder().encode(`${JSON.stringify(record)}\n`)
  return (await replaceRecord(store, RECORD_FOLDER, next, bytes)) ? { record, revision: next } : null
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
