/** The class lists of a table as CSV, one line for each code (PRODUCT.md, section 2, save_metadata_as_csv). */
import { type CsvOptions, csvLine } from './csv.ts'
import type { Axis, TableMeta } from './model.ts'

/** The headings of the system this one replaces, with カテゴリ for an axis. */
export const METADATA_COLUMNS = [
  'カテゴリID',
  'カテゴリ名',
  'カテゴリ数',
  'コード',
  '名称',
  'レベル',
  '親コード',
  '単位',
] as const

/** Lines in e-Stat's order of axes and codes, the heading first. What a code does not have is an empty cell. */
export function* metadataLines({ axes }: Pick<TableMeta, 'axes'>, options: CsvOptions): Generator<string> {
  yield csvLine(METADATA_COLUMNS, options)
  for (const axis of axes) yield* axisLines(axis, options)
}

function* axisLines({ id, name: axisName, items }: Axis, options: CsvOptions): Generator<string> {
  const count = String(items.length)
  for (const { code, name, level, parentCode, unit } of items)
    yield csvLine([id, axisName, count, code, name, level?.toString() ?? '', parentCode ?? '', unit ?? ''], options)
}
