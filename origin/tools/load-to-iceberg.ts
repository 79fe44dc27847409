import * as z from 'zod'
import { fault } from '../../shared/fault.ts'
import { figure, plural } from '../estat/words.ts'
import { defineTool } from './define-tool.ts'
import { keyOf } from './lake-path.ts'
import { joinedProperties, sourcesOfTable } from '../jobs/lineage.ts'
import { KEEPS, lang, source, tableName } from './params.ts'

interface Loaded {
  readonly table_name: string
  readonly mode: string
  readonly created: boolean
  readonly rows_before: number
  readonly rows_loaded: number
  readonly rows_after: number
}

const WORDS = {
  J: {
    rows: ({ table_name: name, mode, created, ...rows }: Loaded) =>
      `${name}${created ? '（新しいテーブル）' : ''}：${figure(rows.rows_loaded)}行を登録しました（${mode}）。${figure(rows.rows_before)}行から${figure(rows.rows_after)}行になりました。`,
    snapshot: (id: string, kept: number) =>
      `スナップショット ${id}（保持数 ${figure(kept)}）。analyze_with_athena で集計できます。`,
  },
  E: {
    rows: ({ table_name: name, mode, created, ...rows }: Loaded) =>
      `${name}: ${plural(rows.rows_before, 'row')} before, ${figure(rows.rows_loaded)} loaded (${mode}), ${figure(rows.rows_after)} after${created ? '; the table is new' : ''}.`,
    snapshot: (id: string, kept: number) => `Snapshot ${id}, ${figure(kept)} kept. Ask with analyze_with_athena.`,
  },
} as const

export const loadToIceberg = defineTool({
  name: 'load_to_iceberg',
  version: 2,
  title: 'Icebergテーブルに登録 · Load into an Iceberg table',
  description: [
    'Loads a Parquet file of transform_to_parquet into an Iceberg table, atomically; again gives the same table.',
    'From a dataset_id use ingest_dataset. Then ask with analyze_with_athena.',
    'Parquetをテーブルに登録します。',
  ].join(' '),
  input: z.object({
    table_name: tableName,
    s3_parquet_path: z.string().describe('Of transform_to_parquet, e.g. s3://b/x.parquet.'),
    create_if_not_exists: z.boolean().default(true).describe('Create it if absent.'),
    mode: z
      .enum(['replace', 'merge', 'append'])
      .default('replace')
      .describe('merge: replace only cells of the same codes; append may repeat rows.'),
    lang,
  }),
  output: z.object({
    success: z.literal(true),
    table_name: z.string(),
    dataset_id: z.string(),
    mode: z.enum(['replace', 'merge', 'append']),
    created: z.boolean(),
    rows_before: z.int().describe('Rows in the table before.'),
    rows_loaded: z.int().describe('Rows of the file.'),
    rows_after: z.int().describe('Rows in the table now.'),
    snapshot_id: z.string(),
    snapshots: z.int().describe('Snapshots that the table keeps.'),
    sources: z.array(source).describe('Of the dataset that was loaded.'),
  }),
  annotations: { ...KEEPS, idempotentHint: false },
  scope: 'lake',
  toolsets: ['lake'],
  weight: 3,
  cache: null,
  made: ({ table_name }) => ({ table: table_name }),
  needs: ['store', 'parquet', 'tables'],

  async run(args, { store, parquet, tables }, { caller, signal, now }) {
    const key = keyOf(args.s3_parquet_path, store, caller.tenant, 's3_parquet_path')
    if (!key.endsWith('.parquet'))
      throw fault('INVALID_PARAMETER', 's3_parquet_path must be a Parquet file.', {
        hint: 'Convert the fetch with transform_to_parquet first and give its s3_parquet_path.',
      })
    if ((await store.head(key)) === null)
      throw fault('NOT_FOUND', 'There is no such Parquet file in your lake.', {
        hint: 'Use the s3_parquet_path that transform_to_parquet returned.',
      })
    const file = await parquet.inspect(key, signal)
    const files = [file]
    const before = args.mode === 'replace' ? null : await tables.load(caller.tenant, args.table_name)
    const properties = joinedProperties(file, before)
    const change = { kind: args.mode, datasetId: file.datasetId, files, properties }
    const done = await tables.commit(caller.tenant, args.table_name, change, {
      create: args.create_if_not_exists,
      now,
      signal,
    })
    return {
      success: true as const,
      table_name: args.table_name,
      dataset_id: file.datasetId,
      mode: args.mode,
      created: done.created,
      rows_before: done.rowsBefore,
      rows_loaded: done.rowsLoaded,
      rows_after: done.rowsAfter,
      snapshot_id: done.snapshotId,
      snapshots: done.table.snapshots.length,
      // The table may hold hundreds of others.
      sources: sourcesOfTable(done.table, false, args.lang).filter((one) => one.dataset_id === file.datasetId),
    }
  },
  render: (result, words) =>
    [
      WORDS[words].rows(result),
      WORDS[words].snapshot(result.snapshot_id, result.snapshots),
      ...result.sources.flatMap(({ citation, note }) => (note === null ? [citation] : [citation, note])),
    ].join('\n'),
})
