import * as z from 'zod'
import { fault } from '../../shared/fault.ts'
import { figure, plural } from '../estat/words.ts'
import { parseTableId } from '../estat/table-url.ts'
import { fetchDataset } from '../jobs/fetch-dataset.ts'
import { type FetchManifest, readManifest } from '../jobs/manifest.ts'
import { DATA_TYPES } from '../lake/ports.ts'
import type { Ports } from '../ports.ts'
import { type CallContext, defineTool } from './define-tool.ts'
import { keyOf, lakePath } from './lake-path.ts'
import { datasetId, KEEPS, lang, source } from './params.ts'
import { sourceOfFetch } from '../jobs/source-of-fetch.ts'
import { writeParquet } from '../jobs/write-parquet.ts'

const input = z.object({
  s3_json_path: z.string().optional().describe('Of a fetch, e.g. s3://b/manifest.json.'),
  dataset_id: datasetId.optional(),
  data_type: z.enum(DATA_TYPES).default('generic').describe('Adds columns (year, region_name).'),
  output_prefix: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, 'must be a-z, 0-9, _ and -')
    .optional()
    .describe('Folder, e.g. census.'),
  lang,
})

const WORDS = {
  J: {
    file: (path: string, rows: number, bytes: number) => `${path}：${figure(rows)}行、${figure(bytes)}バイト`,
    columns: '列：',
    next: '続けて load_to_iceberg でテーブルに登録できます。',
  },
  E: {
    file: (path: string, rows: number, bytes: number) => `${path}: ${plural(rows, 'row')}, ${plural(bytes, 'byte')}.`,
    columns: 'Columns: ',
    next: 'Next: load_to_iceberg.',
  },
} as const

export const transformToParquet = defineTool({
  name: 'transform_to_parquet',
  version: 1,
  title: 'Parquetに変換 · Convert to Parquet',
  description: [
    'Converts what was fetched to Parquet, every row and code.',
    'Use it before load_to_iceberg; ingest_dataset does both. For people use save_dataset_as_csv.',
    'Parquetに変換します。',
  ].join(' '),
  input,
  output: z.object({
    success: z.literal(true),
    dataset_id: z.string(),
    s3_parquet_path: z.string().describe('For load_to_iceberg.'),
    rows: z.int(),
    bytes: z.int(),
    columns: z.array(z.object({ name: z.string(), type: z.string() })),
    source,
  }),
  annotations: KEEPS,
  scope: 'lake',
  toolsets: ['lake'],
  weight: 3,
  cache: null,
  made: ({ s3_parquet_path }) => ({ path: s3_parquet_path }),
  needs: ['stats', 'store', 'parquet'],

  async run(args, ports, context) {
    const manifest = await manifestFor(args, ports, context)
    const folder = [context.caller.tenant, 'parquet', args.output_prefix, manifest.dataset_id].filter(Boolean).join('/')
    const key = `${folder}/${manifest.fetch_id}-${args.data_type}.parquet`
    const file = await writeParquet(ports, manifest, { dataType: args.data_type, key }, context.signal)
    return {
      success: true as const,
      dataset_id: manifest.dataset_id,
      s3_parquet_path: lakePath(ports.store, file.key),
      rows: file.rows,
      bytes: file.bytes,
      columns: file.columns.map(({ name, type }) => ({ name, type })),
      source: sourceOfFetch(manifest),
    }
  },
  render: ({ s3_parquet_path, rows, bytes, columns, source: from }, words) =>
    [
      WORDS[words].file(s3_parquet_path, rows, bytes),
      `${WORDS[words].columns}${columns.map(({ name, type }) => `${name} ${type}`).join(', ')}`,
      WORDS[words].next,
      from.citation,
    ].join('\n'),
})

async function manifestFor(
  args: z.infer<typeof input>,
  { stats, store }: Pick<Ports, 'stats' | 'store'>,
  context: CallContext,
): Promise<FetchManifest> {
  if ((args.s3_json_path === undefined) === (args.dataset_id === undefined))
    throw fault('INVALID_PARAMETER', 'Give exactly one of s3_json_path and dataset_id.', {
      hint: 's3_json_path for what was fetched already, dataset_id to fetch the whole table now.',
    })
  if (args.s3_json_path !== undefined)
    return readManifest(store, keyOf(args.s3_json_path, store, context.caller.tenant, 's3_json_path'))
  const ask = { lang: args.lang, signal: context.signal }
  const meta = await stats.describe(parseTableId(args.dataset_id ?? ''), ask)
  const { now, newId, limits, progress } = context
  const request = { meta, queries: [[]], filters: {}, fetchId: newId(), now, maxRows: limits.fetchRows, progress }
  return fetchDataset({ stats, store }, request, ask)
}
