import * as z from 'zod'
import { fault } from '../../shared/fault.ts'
import { figure, type Lang, plural } from '../estat/words.ts'
import { parseTableId } from '../estat/table-url.ts'
import type { CsvPlan } from '../jobs/job.ts'
import type { FetchManifest } from '../jobs/manifest.ts'
import { sourceOfFetch } from '../jobs/source-of-fetch.ts'
import { submitFetch } from '../jobs/submit-fetch.ts'
import { COLUMNS_SHOWN, writeCsv } from '../jobs/write-csv.ts'
import type { ObjectStore, Ports } from '../ports.ts'
import { secondHalf } from '../progress.ts'
import { chosenName, holdingName } from './csv-file.ts'
import { type RowsForJob, rowsFor } from './csv-rows.ts'
import { type CallContext, defineTool } from './define-tool.ts'
import { lakePath } from './lake-path.ts'
import { datasetId, filters, KEEPS, lang, outputFilename, source } from './params.ts'

const input = z.object({
  dataset_id: datasetId,
  s3_json_path: z.string().optional().describe('Of an earlier fetch, e.g. s3://b/manifest.json.'),
  local_json_path: z.string().optional().describe('The same on this machine, e.g. manifest.json.'),
  output_filename: outputFilename,
  filters: filters.optional(),
  layout: z.enum(['long', 'wide']).default('long').describe('wide: an axis as columns.'),
  spread: z.string().optional().describe('That axis, e.g. area.'),
  raw: z.boolean().default(false).describe('Leave formulas that a spreadsheet would run.'),
  lang,
})

const WORDS = {
  J: {
    file: (path: string, rows: number, bytes: number) => `${path}：${figure(rows)}行、${figure(bytes)}バイト`,
    wide: (cells: number, spread: string, columns: number) =>
      `${figure(cells)}セル。${spread} を列に展開し、全${figure(columns)}列です。`,
    part: (matched: number, cells: number) =>
      `全体ではありません。該当する${figure(matched)}セルのうち${figure(cells)}セルが入っています。`,
    next: 's3_path を download_csv_from_s3 に渡すとファイルを取り出せ、get_csv_download_url に渡すと人に渡せるリンクになります。',
    writing: (cells: number, job: string) =>
      `${figure(cells)}セルをジョブ ${job} で書き出しています。get_job に job_id と wait_seconds 20 を渡し、csv.s3_path が出るまで繰り返してください。`,
  },
  E: {
    file: (path: string, rows: number, bytes: number) => `${path}: ${plural(rows, 'row')}, ${plural(bytes, 'byte')}.`,
    wide: (cells: number, spread: string, columns: number) =>
      `${plural(cells, 'cell')}, ${spread} in columns: ${plural(columns, 'column')}.`,
    part: (matched: number, cells: number) =>
      `Not the whole: ${plural(matched, 'cell')} match, ${figure(cells)} are in it.`,
    next: 'Get the file with download_csv_from_s3 and s3_path; get_csv_download_url makes a link for a person.',
    writing: (cells: number, job: string) =>
      `${plural(cells, 'cell')} are being written as job ${job}: get_job with that job_id and wait_seconds 20, until it gives csv.s3_path.`,
  },
} as const

export const saveDatasetAsCsv = defineTool({
  name: 'save_dataset_as_csv',
  version: 3,
  title: 'CSVに保存 · Save as CSV',
  description: [
    'Writes a table, or what filters select, to one CSV file in the lake (UTF-8 with BOM for Excel); a large one becomes a job (get_job).',
    'Use it when a person wants a file; then get_csv_download_url. To see rows use fetch_dataset_filtered.',
    '統計表をCSVとして保存します。',
  ].join(' '),
  input,
  output: z.object({
    success: z.literal(true),
    dataset_id: z.string(),
    s3_path: z.string().nullable().describe('The file; null where a job is writing it, as all that is not known yet.'),
    filename: z.string().nullable(),
    layout: z.enum(['long', 'wide']),
    spread: z.string().nullable().describe('The axis whose codes are columns; null in layout "long".'),
    rows: z.int().nullable().describe('Lines in the file, without its heading.'),
    cells: z.int().nullable().describe('Cells of the table in the file; with layout "long" as many as rows.'),
    matched: z
      .int()
      .describe(
        'Cells that match at the source: as many as cells, or more where the fetch was cut short by its caller.',
      ),
    bytes: z.int().nullable(),
    columns: z.array(z.string()).nullable().describe(`Headings, the first ${COLUMNS_SHOWN} of them.`),
    column_count: z.int().nullable(),
    job_id: z.string().nullable().describe('The job that writes the file; null where it is written.'),
    next: z.string().describe('What to call next.'),
    source,
  }),
  annotations: KEEPS,
  scope: 'lake',
  toolsets: ['files'],
  weight: 2,
  cache: null,
  made: ({ s3_path }) => ({ path: s3_path }),
  needs: ['stats', 'store', 'disk', 'jobs', 'runner'],

  async run(args, ports, context) {
    const { store } = ports
    const id = parseTableId(args.dataset_id)
    if (args.spread !== undefined && args.layout !== 'wide')
      throw fault('INVALID_PARAMETER', 'spread goes with layout "wide".', { hint: 'Add layout "wide".' })
    const filename = await chosenName(store, context.caller.tenant, args.output_filename)
    const { layout, spread = null, raw } = args
    const plan: CsvPlan = { filename, layout, spread, raw }
    const rows = await rowsFor(args, id, ports, context)
    if (!rows.inCall) return started(rows, plan, ports, context)
    return holdingName(ports, filename, context, async () => {
      const progress = rows.fetches ? secondHalf(context.progress) : context.progress
      return written(await rows.manifest(), plan, store, { ...context, progress }, args.lang)
    })
  },
  render: (result, lang) => {
    const words = WORDS[lang]
    const { s3_path, layout, spread, rows, cells, matched, bytes, column_count, next, source: from } = result
    if (rows === null || cells === null || bytes === null) return [next, from.citation].join('\n')
    return [
      words.file(s3_path ?? '', rows, bytes),
      ...(layout === 'wide' ? [words.wide(cells, spread ?? '', column_count ?? 0)] : []),
      ...(matched === cells ? [] : [words.part(matched, cells)]),
      ...(from.note === null ? [] : [from.note]),
      from.citation,
    ].join('\n')
  },
})

async function written(manifest: FetchManifest, plan: CsvPlan, store: ObjectStore, context: CallContext, lang: Lang) {
  const file = await writeCsv(store, context.caller.tenant, manifest, plan, context, null)
  return {
    success: true as const,
    dataset_id: manifest.dataset_id,
    s3_path: lakePath(store, file.key),
    filename: file.filename,
    layout: plan.layout,
    spread: file.spread,
    rows: file.rows,
    cells: file.cells,
    matched: manifest.matched ?? manifest.rows,
    bytes: file.bytes,
    columns: [...file.columns],
    column_count: file.columnCount,
    job_id: null,
    next: WORDS[lang].next,
    source: sourceOfFetch(manifest),
  }
}

/** The answer while a job fetches the rows and writes the file. */
async function started(
  { work, matched, source: from }: RowsForJob,
  plan: CsvPlan,
  ports: Pick<Ports, 'jobs' | 'runner' | 'store'>,
  { caller: { tenant }, appId, newId, now }: CallContext,
) {
  const csv = { ...plan, kept: work.kept }
  const asked = { tenant, tool: 'save_dataset_as_csv', work: { ...work.fetch, csv }, newId, now }
  // Rows that are kept already are written without asking e-Stat.
  const job = await submitFetch(ports, { ...asked, appId: work.kept === null ? appId : null })
  return {
    success: true as const,
    dataset_id: work.fetch.datasetId,
    s3_path: null,
    filename: plan.filename,
    layout: plan.layout,
    spread: plan.spread,
    rows: null,
    cells: null,
    matched,
    bytes: null,
    columns: null,
    column_count: null,
    job_id: job.id,
    next: WORDS[work.fetch.lang].writing(matched, job.id),
    source: from,
  }
}
