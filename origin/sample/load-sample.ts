/** Reads the bundled figures: the one file of the sample that touches a disk. */
import { readFileSync } from 'node:fs'
import type { Extent } from '../estat/model.ts'
import type { StandinTable } from '../standin/table.ts'
import { type CatalogueFile, catalogueFrom, type SampleCatalogue } from './catalogue-file.ts'
import { type SampleFile, tableFromSample } from './sample-file.ts'

/** The bundled tables, by statsDataId. `README.md` beside this file says where each comes from. */
export const BUNDLED_TABLES = [
  '0000020201',
  '0003005798',
  '0003109741',
  '0003280145',
  '0003410379',
  '0003410380',
  '0004052037',
] as const

export interface Sample {
  readonly tables: readonly StandinTable[]
  /** By statsDataId, what part of the table is held; a complete table has none. */
  readonly extents: ReadonlyMap<string, Extent>
  readonly catalogue: SampleCatalogue
  /** By statsDataId, when e-Stat was asked: ISO 8601, a date or a moment; absent where the recording does not say. */
  readonly retrieved: ReadonlyMap<string, string>
}

/** Reads everything at once: some 400 kB, a few tens of milliseconds. */
export function loadSample(): Sample {
  const files = BUNDLED_TABLES.map((id) => [id, readData(`${id}.json`) as SampleFile] as const)
  return {
    tables: files.map(([, file]) => tableFromSample(file)),
    extents: new Map(files.flatMap(([id, { extent }]) => (extent === null ? [] : [[id, extent]]))),
    catalogue: catalogueFrom(readData('catalogue.json') as CatalogueFile, new Set(BUNDLED_TABLES)),
    retrieved: new Map(
      files.flatMap(([id, { source }]) => (source.retrieved === null ? [] : [[id, source.retrieved]])),
    ),
  }
}

const readData = (name: string): unknown => JSON.parse(readFileSync(new URL(`data/${name}`, import.meta.url), 'utf8'))
