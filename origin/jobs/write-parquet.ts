/** A kept fetch written as one Parquet file, the same whether a call writes it or a job. */
import { fault } from '../../shared/fault.ts'
import { plainRoles } from '../estat/roles.ts'
import type { DataType, ParquetFile, ParquetWriter } from '../lake/ports.ts'
import type { ObjectStore } from '../ports.ts'
import { judgeRolesOfFetch } from './judge-roles.ts'
import { lineageOf } from './lineage.ts'
import type { FetchManifest } from './manifest.ts'

export interface ParquetPorts {
  readonly store: ObjectStore
  readonly parquet: ParquetWriter
}

/**
 * Whole or absent, as `ParquetWriter.write`.
 *
 * @throws Fault DATA_TRANSFORM_ERROR for a damaged page, and where rows written differ from rows fetched.
 */
export async function writeParquet(
  { store, parquet }: ParquetPorts,
  manifest: FetchManifest,
  { dataType, key }: { readonly dataType: DataType; readonly key: string },
  signal: AbortSignal,
): Promise<ParquetFile> {
  const file = await parquet.write(
    {
      pages: manifest.pages.map((page) => page.key),
      meta: manifest.meta,
      notes: manifest.notes,
      roles: plainRoles(await judgeRolesOfFetch(store, manifest, signal)),
      fetchId: manifest.fetch_id,
      retrievedAt: manifest.retrieved_at,
      dataType,
      properties: lineageOf(manifest),
      key,
    },
    signal,
  )
  if (file.rows === manifest.rows) return file
  throw fault('DATA_TRANSFORM_ERROR', `${manifest.rows} rows were fetched, ${file.rows} are in the file.`)
}
