import * as z from 'zod'
import { fault } from '../../shared/fault.ts'
import { spreadChooser } from '../estat/csv-spread.ts'
import { parseTableId } from '../estat/table-url.ts'
import { fetchDataset } from '../jobs/fetch-dataset.ts'
import { type FetchManifest, readManifest } from '../jobs/manifest.ts'
import { resolveSelection } from '../jobs/resolve-selection.ts'
import type { ObjectStore, Ports } from '../ports.ts'
import { csvFile, putCsv } from './csv-file.ts'
import { putSource } from './csv-sources.ts'
import { type DatasetCsv, longCsv, wideCsvOf } from './dataset-csv.ts'
import { type CallContext, defineTool } from './define-tool.ts'
import { keyOf, lakePath } from './lake-path.ts'
import { datasetId, filters, KEEPS, lang, outputFilename, source } from './params.ts'
import { sourceOfFetch } from './source-for.ts'

const input = z.object({
  dataset_id: datasetId,
  s3_json_path: z
    .string()
    .optional()
    .describe('s3_json_path of an earlier fetch of this table: written from there, without asking e-Stat again.'),
  local_json_path: z
    .string()
    .optional()
    .describe('The same as a file on this machine, where server and caller are one; else use s3_json_path.'),
  output_filename: outputFilename,
  filters: filters.optional(),
  layout: z
    .enum(['long', 'wide'])
    .default('long')
    .describe('"long": a line for each cell. "wide": one axis spread into columns, as people read a table.'),
  spread: z
    .string()
    .optional()
    .describe('With layout "wide": the axis that becomes columns, e.g. "area"; time where absent and it varies.'),
  raw: z
    .boolean()
    .default(false)
    .describe(
      'true: every cell exactly as it is. false: cells that a spreadsheet would run as a formula are made inert.',
    ),
  lang,
})

/** Headings shown in the answer: a wide file may have thousands. */
const COLUMNS_SHOWN = 60

export const saveDatasetAsCsv = defineTool({
  name: 'save_dataset_as_csv',
  version: 2,
  title: 'CSVに保存 · Save as CSV',
  description: [
    'The whole dataset, or what filters select, as one CSV file in the lake: UTF-8 with BOM for Excel, codes and names of every axis, value, symbol, unit; or wide, with one axis as columns. Numbers and symbols are never altered.',
    'Use it when a person wants a file. To look at some rows use fetch_dataset_filtered; to query use transform_to_parquet.',
    '統計表をExcelで開けるCSVとして保存します。',
  ].join(' '),
  input,
  output: z.object({
    success: z.literal(true),
    dataset_id: z.string(),
    s3_path: z.string(),
    filename: z.string(),
    layout: z.enum(['long', 'wide']),
    spread: z.string().nullable().describe('The axis whose codes are columns; null in layout "long".'),
    rows: z.int().describe('Lines in the file, without its heading.'),
    cells: z.int().describe('Cells of the table in the file; with layout "long" as many as rows.'),
    matched: z
      .int()
      .describe(
        'Cells that match at the source: as many as cells, or more where the fetch was cut short by its caller.',
      ),
    bytes: z.int(),
    columns: z.array(z.string()).describe(`Headings, the first ${COLUMNS_SHOWN} of them.`),
    column_count: z.int(),
    source,
  }),
  annotations: KEEPS,
  scope: 'lake',
  weight: 2,
  cache: null,
  needs: ['stats', 'store', 'disk'],

  async run(args, ports, context) {
    const { store } = ports
    const id = parseTableId(args.dataset_id)
    if (args.spread !== undefined && args.layout !== 'wide')
      throw fault('INVALID_PARAMETER', 'spread goes with layout "wide".', { hint: 'Add layout "wide".' })
    const named = await csvFile(store, context.caller.tenant, args.output_filename)
    const manifest = await manifestFor(args, id, ports, context)
    const csv = await csvOf(args, manifest, store, context)
    const marks = [args.layout === 'wide' ? `_wide_${csv.spread}` : '', args.raw ? '_raw' : ''].join('')
    const file = named(`${id}_${manifest.fetch_id}${marks}.csv`)
    const bytes = await putCsv(store, file, csv.parts)
    const { lines, cells } = csv.count()
    const from = sourceOfFetch(manifest)
    await putSource(store, file.key, from)
    return {
      success: true as const,
      dataset_id: id,
      s3_path: lakePath(store, file.key),
      filename: file.filename,
      layout: args.layout,
      spread: csv.spread,
      rows: lines,
      cells,
      matched: manifest.matched ?? manifest.rows,
      bytes,
      columns: csv.columns.slice(0, COLUMNS_SHOWN),
      column_count: csv.columns.length,
      source: from,
    }
  },
  render: ({ s3_path, layout, spread, rows, cells, matched, bytes, column_count, source: from }) =>
    [
      `${s3_path}: ${rows.toLocaleString('en')} rows, ${bytes.toLocaleString('en')} bytes.`,
      ...(layout === 'wide'
        ? [`${cells.toLocaleString('en')} cells, ${spread} in columns: ${column_count} columns.`]
        : []),
      ...(matched === cells
        ? []
        : [`Not the whole: ${matched.toLocaleString('en')} cells match, ${cells.toLocaleString('en')} are in it.`]),
      ...(from.note === null ? [] : [from.note]),
      from.citation,
    ].join('\n'),
})

type Args = z.infer<typeof input>
type CsvPorts = Pick<Ports, 'stats' | 'store' | 'disk'>

async function csvOf(
  { layout, spread, raw }: Args,
  manifest: FetchManifest,
  store: ObjectStore,
  context: CallContext,
): Promise<DatasetCsv & { readonly spread: string | null }> {
  if (layout === 'long') return { ...longCsv(store, manifest, { raw }, context), spread: null }
  const wide = await wideCsvOf(store, manifest, { raw, spread }, context)
  return { ...wide, spread: wide.plan.axis.id }
}

/** The fetch that is written out: an earlier one, or one made now. */
async function manifestFor(
  args: Args,
  id: string,
  { stats, store, disk }: CsvPorts,
  context: CallContext,
): Promise<FetchManifest> {
  if (args.filters !== undefined && Object.keys(args.filters).length === 0)
    throw fault('INVALID_PARAMETER', 'filters is empty.', { hint: 'Name at least one axis, or leave filters out.' })
  const kept = keptFetch(args, { store, disk }, context.caller.tenant)
  if (kept !== null) {
    const manifest = await readManifest(store, kept.key)
    if (manifest.dataset_id === id) return manifest
    throw fault('INVALID_PARAMETER', `${kept.argument} holds table ${manifest.dataset_id}, not ${id}.`)
  }
  const ask = { lang: args.lang, signal: context.signal }
  const meta = await stats.describe(id, ask)
  // What can be refused without the rows is refused before they are fetched.
  if (args.layout === 'wide') spreadChooser(meta, args.spread)
  const selection =
    args.filters === undefined ? { queries: [[]], filters: {} } : await resolveSelection(stats, meta, args.filters, ask)
  const { now, newId, limits, progress } = context
  return fetchDataset(
    { stats, store },
    { meta, ...selection, fetchId: newId(), now, maxRows: limits.fetchRows, progress },
    ask,
  )
}

/** The key of the earlier fetch that was named, by its path in the lake or on this machine; null where none was. */
function keptFetch(
  { s3_json_path, local_json_path, filters: narrowed }: Args,
  { store, disk }: Pick<CsvPorts, 'store' | 'disk'>,
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
