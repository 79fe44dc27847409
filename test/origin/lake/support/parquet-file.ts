/** Small Parquet files for tests of the catalogue: written once, loaded often. */
import type { DataType, ParquetFile } from '../../../../origin/lake/ports.ts'
import { calm, type Lake } from './lake.ts'
import { axis, bodyOf, jobOf, keepPages, metaOf } from './page.ts'

/** A file of dataset `id` with one row for each value, on axes `ids` (each with the one code "1"). */
export async function smallFile(
  lake: Lake,
  id: string,
  values: readonly string[],
  ids: readonly string[] = ['cat01'],
  dataType: DataType = 'generic',
): Promise<ParquetFile> {
  const codes = Object.fromEntries(ids.map((axisId) => [`@${axisId}`, '1']))
  const pages = await keepPages(lake.store, id, [bodyOf(values.map((text) => ({ ...codes, $: text })))])
  const meta = metaOf(
    id,
    ids.map((axisId) => axis(axisId, axisId, ['1'])),
  )
  return lake.parquet.write(jobOf(meta, pages, { dataType }), calm)
}

/** A file of dataset `id`: each cell has a code on each of the same axes, and its text under `$`. */
export async function cellFile(
  lake: Lake,
  id: string,
  cells: readonly Readonly<Record<string, string>>[],
): Promise<ParquetFile> {
  const ids = Object.keys(cells[0] ?? {}).filter((name) => name !== '$')
  const attributes = cells.map((cell) =>
    Object.fromEntries(Object.entries(cell).map(([name, text]) => [name === '$' ? name : `@${name}`, text])),
  )
  const pages = await keepPages(lake.store, id, [bodyOf(attributes)])
  const axes = ids.map((name) => axis(name, name, [...new Set(cells.map((cell) => cell[name] ?? ''))]))
  return lake.parquet.write(jobOf(metaOf(id, axes), pages), calm)
}
