/** TableCatalog whose pointer is the name of the newest metadata file: on this disk, or on any store with `ifAbsent`. */
import type { ParquetMerger, TableCatalog } from '../lake/ports.ts'
import type { Entropy } from './catalog-entropy.ts'
import { icebergCatalog } from './catalog-iceberg.ts'
import { type FilePointerOptions, filePointer } from './catalog-pointer-files.ts'

export interface LocalCatalogOptions extends FilePointerOptions {
  readonly entropy?: Entropy
  readonly merger?: ParquetMerger
}

export const localCatalog = (options: LocalCatalogOptions): TableCatalog =>
  icebergCatalog({ ...options, pointer: filePointer(options) })
