import * as z from 'zod'
import { fault } from '../../shared/fault.ts'
import { CSV_BOM, type CsvOptions, csvHeader, csvRow } from '../estat/csv.ts'
import { parseTableId } from '../estat/table-url.ts'
import { fetchDataset } from '../jobs/fetch-dataset.ts'
import { type FetchManifest, readManifest } from '../jobs/manifest.ts'
import { readPages } from '../jobs/read-pages.ts'
import { resolveSelection } from '../jobs/resolve-selection.ts'
import type { ObjectStore, Ports } from '../ports.ts'
import { type CallContext, defineTool } from './define-tool.ts'
import { fileNameOf, keyOf, lakePath } from './lake-path.ts'
import { datasetId, filters, KEEPS, lang, source } from './params.ts'
import { sourceOfFetch } from './source-for.ts'

const input = z.object({
  dataset_id: datasetId,
  s3_json_path: z
    .string()
    .optional()
    .describe('s3_json_path of an earlier fetch of this table: written from there, without asking e-Stat again.'),
  output_filename: z.string().optional().describe('File name, e.g. "人口_東京都.csv"; made from the id where absent.'),
  filters: filters.optional(),
  raw: z
    .boolean()
    .default(false)
    .describe(
      'true: every cell exactly as it is. false: cells that a spreadsheet would run as a formula are made inert.',
    ),
  lang,
})

export const saveDatasetAsCsv = defineTool({
  name: 'save_dataset_as_csv',
  version: 1,
  title: 'CSVに保存 · Save as CSV',
  description: [
    'The whole dataset, or what filters select, as one CSV file in the lake: UTF-8 with BOM for Excel, codes and names of every axis, value, symbol, unit. Numbers and symbols are never altered.',
    'Use it when a person wants a file. To look at some rows use fetch_dataset_filtered; to query use transform_to_parquet.',
    '統計表をExcelで開けるCSVとして保存します。',
  ].join(' '),
  input,
  output: z.object({
    success: z.literal(true),
    dataset_id: z.string(),
    s3_path: z.string(),
    filename: z.string(),
    rows: z.int().describe('Rows in the file, without its heading.'),
    matched: z.int().describe('Rows that match at the source: always equal to rows.'),
    bytes: z.int(),
    columns: z.array(z.string()),
    source,
  }),
  annotations: KEEPS,
  scope: 'lake',
  weight: 2,
  cache: null,
  needs: ['stats', 'store'],

  async run(args, ports, context) {
    const { store } = ports
    const id = parseTableId(args.dataset_id)
    const options: CsvOptions = { raw: args.raw }
    // The name is checked before anything is fetched: a refused call writes nothing.
    const wanted = args.output_filename === undefined ? null : fileNameOf(args.output_filename, 'csv')
    const manifest = await manifestFor(args, id, ports, context)
    const filename = wanted ?? `${id}_${manifest.fetch_id}${args.raw ? '_raw' : ''}.csv`
    const key = `${context.caller.tenant}/csv/${filename}`
    // A name of the caller's own never takes another file's place; ours names the fetch, and is the same file again.
    const rows = await writeCsv(store, { key, ifAbsent: wanted !== null }, manifest, options, context)
    const bytes = (await store.head(key))?.size ?? 0
    const columns = csvHeader(manifest.meta, { raw: true }).trimEnd().split(',')
    return {
      success: true as const,
      dataset_id: id,
      s3_path: lakePath(store, key),
      filename,
      rows,
      matched: manifest.rows,
      bytes,
      columns,
      source: sourceOfFetch(manifest),
    }
  },
  render: ({ s3_path, rows, bytes, source: from }) =>
    [
      `${s3_path}: ${rows.toLocaleString('en')} rows, ${bytes.toLocaleString('en')} bytes.`,
      ...(from.note === null ? [] : [from.note]),
      from.citation,
    ].join('\n'),
})

type Args = z.infer<typeof input>

/** The fetch that is written out: an earlier one, or one made now. */
async function manifestFor(
  args: Args,
  id: string,
  { stats, store }: Pick<Ports, 'stats' | 'store'>,
  context: CallContext,
): Promise<FetchManifest> {
  if (args.filters !== undefined && Object.keys(args.filters).length === 0)
    throw fault('INVALID_PARAMETER', 'filters is empty.', { hint: 'Name at least one axis, or leave filters out.' })
  if (args.s3_json_path !== undefined) {
    if (args.filters !== undefined)
      throw fault('INVALID_PARAMETER', 'filters and s3_json_path exclude each other.', {
        hint: 'Leave s3_json_path out to fetch with these filters.',
      })
    const manifest = await readManifest(store, keyOf(args.s3_json_path, store, context.caller.tenant, 's3_json_path'))
    if (manifest.dataset_id === id) return manifest
    throw fault('INVALID_PARAMETER', `s3_json_path holds table ${manifest.dataset_id}, not ${id}.`)
  }
  const ask = { lang: args.lang, signal: context.signal }
  const meta = await stats.describe(id, ask)
  const selection =
    args.filters === undefined ? { queries: [[]], filters: {} } : await resolveSelection(stats, meta, args.filters, ask)
  const { now, newId, limits, progress } = context
  return fetchDataset(
    { stats, store },
    { meta, ...selection, fetchId: newId(), now, maxRows: limits.fetchRows, progress },
    ask,
  )
}

/** Streams page by page: memory does not grow with the rows. */
async function writeCsv(
  store: ObjectStore,
  { key, ifAbsent }: { readonly key: string; readonly ifAbsent: boolean },
  manifest: FetchManifest,
  options: CsvOptions,
  { signal, progress }: CallContext,
): Promise<number> {
  const { meta } = manifest
  const line = csvRow(meta, options)
  const encoder = new TextEncoder()
  let rows = 0
  async function* body(): AsyncGenerator<Uint8Array> {
    yield encoder.encode(`${CSV_BOM}${csvHeader(meta, options)}`)
    for await (const observations of readPages(store, manifest, signal)) {
      yield encoder.encode(observations.map(line).join(''))
      rows += observations.length
      progress(rows, manifest.rows, `${rows} of ${manifest.rows} rows written`)
    }
  }
  if (await store.put(key, body(), { ifAbsent })) return rows
  throw fault('INVALID_PARAMETER', 'A file of that name is there already.', {
    hint: 'Choose another output_filename, or leave it out.',
  })
}
