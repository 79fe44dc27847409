import * as z from 'zod'
import { METADATA_COLUMNS, metadataLines } from '../estat/csv-metadata.ts'
import { parseTableId } from '../estat/table-url.ts'
import { figure, plural } from '../estat/words.ts'
import { putSource } from '../jobs/csv-sources.ts'
import { csvFileOf, putCsv } from '../jobs/put-csv.ts'
import { chosenName, holdingName } from './csv-file.ts'
import { defineTool } from './define-tool.ts'
import { lakePath } from './lake-path.ts'
import { datasetId, KEEPS, lang, outputFilename, source } from './params.ts'
import { sourceFor } from './source-for.ts'

const WORDS = {
  J: {
    file: (path: string, codes: number, bytes: number) => `${path}：${figure(codes)}コード、${figure(bytes)}バイト`,
    axis: (id: string, name: string, codes: number) => `${id} ${name}：${figure(codes)}コード`,
  },
  E: {
    file: (path: string, codes: number, bytes: number) =>
      `${path}: ${plural(codes, 'code')}, ${plural(bytes, 'byte')}.`,
    axis: (id: string, name: string, codes: number) => `${id} ${name}: ${plural(codes, 'code')}`,
  },
} as const

export const saveMetadataAsCsv = defineTool({
  name: 'save_metadata_as_csv',
  version: 1,
  title: 'メタデータをCSVに保存 · Save the code lists as CSV',
  description: [
    'Writes every code of every axis of a table to a CSV file in the lake.',
    'Use it when a person wants the code lists; to look codes up use describe_dataset.',
    'コード一覧をCSVとして保存します。',
  ].join(' '),
  input: z.object({ dataset_id: datasetId, output_filename: outputFilename, lang }),
  output: z.object({
    success: z.literal(true),
    dataset_id: z.string(),
    s3_path: z.string(),
    filename: z.string(),
    rows: z.int().describe('Codes in the file: its lines without the heading.'),
    bytes: z.int(),
    columns: z.array(z.string()),
    axes: z.array(z.object({ id: z.string(), name: z.string(), codes: z.int() })),
    source,
  }),
  annotations: KEEPS,
  scope: 'lake',
  toolsets: ['files'],
  weight: 2,
  cache: null,
  made: ({ s3_path }) => ({ path: s3_path }),
  needs: ['stats', 'store', 'jobs'],

  async run({ dataset_id, output_filename, lang }, ports, context) {
    const { stats, store } = ports
    const { caller, signal, now } = context
    const id = parseTableId(dataset_id)
    const chosen = await chosenName(store, caller.tenant, output_filename)
    const meta = await stats.describe(id, { lang, signal })
    // Ours names the version that is in it: written again it is the same file.
    const version = [id, 'metadata', meta.info.updatedDate, lang === 'E' ? 'en' : null].filter(Boolean).join('_')
    const file = csvFileOf(caller.tenant, chosen, `${version}.csv`)
    const lines = metadataLines(meta, { raw: false })
    const bytes = await holdingName(ports, chosen, context, () => putCsv(store, file, lines))
    const from = sourceFor(meta, stats, now, { lang })
    await putSource(store, file.key, from)
    const axes = meta.axes.map(({ id: axis, name, items }) => ({ id: axis, name, codes: items.length }))
    return {
      success: true as const,
      dataset_id: id,
      s3_path: lakePath(store, file.key),
      filename: file.filename,
      rows: axes.reduce((sum, { codes }) => sum + codes, 0),
      bytes,
      columns: [...METADATA_COLUMNS],
      axes,
      source: from,
    }
  },
  render: ({ s3_path, rows, bytes, axes, source: from }, words) =>
    [
      WORDS[words].file(s3_path, rows, bytes),
      ...axes.map(({ id, name, codes }) => WORDS[words].axis(id, name, codes)),
      ...(from.note === null ? [] : [from.note]),
      from.citation,
    ].join('\n'),
})
