import * as z from 'zod'
import { fault } from '../../shared/fault.ts'
import { keptFile } from '../../shared/kept-file.ts'
import type { Caller } from '../../shared/server-info.ts'
import { figure, type Lang, plural } from '../estat/words.ts'
import type { ObjectInfo, Ports } from '../ports.ts'
import { type CsvPage, csvPage } from './csv-content.ts'
import { sourceOfCsv } from '../jobs/csv-sources.ts'
import { cursorAt, positionOf } from './cursor.ts'
import { defineTool } from './define-tool.ts'
import { linkTo } from './file-link.ts'
import { keyOf, lakePath } from './lake-path.ts'
import { cursor, KEEPS, lang, nextCursor, source } from './params.ts'
import { shellPath, shellQuoted } from './shell-words.ts'

const input = z.object({
  s3_path: z.string().describe('Of save_dataset_as_csv, e.g. s3://b/x.csv.'),
  local_path: z
    .string()
    .min(1)
    .max(1000)
    .regex(/^\P{Cc}*$/u, 'must be a path without control characters')
    .optional()
    .describe('Where to save, on the same machine, e.g. 人口.csv.'),
  return_content: z.boolean().default(false).describe('Show the lines.'),
  cursor,
  lang,
})

export const downloadCsvFromS3 = defineTool({
  name: 'download_csv_from_s3',
  version: 2,
  title: 'CSVを取り出す · Get a kept CSV file',
  description: [
    'Reads a kept CSV file: its lines by page (return_content), or a link and the command that saves it.',
    'Use it after save_dataset_as_csv. For some figures use fetch_dataset_filtered.',
    '保存したCSVの内容を取り出します。',
  ].join(' '),
  input,
  output: z.object({
    success: z.literal(true),
    s3_path: z.string(),
    filename: z.string(),
    size_bytes: z.int(),
    local_path: z.string().nullable().describe('Where the file was written on this machine; null where it was not.'),
    note: z.string().nullable().describe('How to get the file, where it was not written.'),
    command: z.string().nullable().describe('A shell command that saves the file where the caller is.'),
    download_url: z
      .string()
      .nullable()
      .describe('A link with which anybody can download the file; null where none was made.'),
    expires_at: z.string().nullable().describe('When the link ends, ISO 8601, UTC.'),
    header: z.string().nullable().describe('The heading again, on pages after the first.'),
    content: z.string().nullable().describe('Whole lines exactly as in the file, without BOM; null if not asked for.'),
    lines: z.int().describe('Lines in content.'),
    from_byte: z.int().nullable().describe('Where content begins in the file.'),
    to_byte: z.int().nullable().describe('Where the next page begins; size_bytes at the end.'),
    source: source.nullable().describe('Where the figures come from; null for a file kept without it.'),
    next_cursor: nextCursor,
  }),
  annotations: { ...KEEPS, openWorldHint: false },
  scope: 'lake',
  toolsets: ['files'],
  weight: 1,
  cache: null,
  needs: ['store', 'disk', 'links'],

  async run(args, ports, { caller, now }) {
    const { store } = ports
    const { tenant } = caller
    const file = await csvAt(args.s3_path, tenant, ports)
    // A file that was written again is another one: a cursor never goes on in the middle of it.
    const subject = ['csv', file.key, file.size, file.modified]
    const start = await positionOf(subject, args.cursor)
    const page = args.return_content || args.cursor !== undefined ? await csvPage(store, file, start) : null
    const filename = file.key.slice(file.key.lastIndexOf('/') + 1)
    return {
      success: true as const,
      s3_path: lakePath(store, file.key),
      filename,
      size_bytes: file.size,
      ...(await handOver(ports, { file, filename, caller, wanted: args.local_path, page, lang: args.lang, now })),
      header: page?.header ?? null,
      content: page?.content ?? null,
      lines: page?.lines ?? 0,
      from_byte: page?.from ?? null,
      to_byte: page?.to ?? null,
      source: await sourceOfCsv(store, file.key),
      next_cursor: page !== null && page.to < file.size ? await cursorAt(subject, page.to) : null,
    }
  },
  render: ({ s3_path, size_bytes, local_path, note, command, download_url, header, content, lines, ...rest }, words) =>
    [
      WORDS[words].size(s3_path, size_bytes),
      ...(local_path === null ? [] : [WORDS[words].written(local_path)]),
      ...(note === null ? [] : [note]),
      ...(command === null ? [] : [command]),
      ...(download_url === null ? [] : [WORDS[words].link(rest.expires_at ?? ''), download_url]),
      ...(content === null
        ? []
        : [
            WORDS[words].lines(lines, rest.from_byte ?? 0, rest.to_byte ?? 0),
            ...(header === null ? [] : [header]),
            content,
          ]),
      ...(rest.next_cursor === null ? [] : [WORDS[words].more(rest.next_cursor)]),
      ...(rest.source === null ? [] : [rest.source.note, rest.source.citation].filter((line) => line !== null)),
    ].join('\n'),
})

/** @throws Fault as `keyOf` says; INVALID_PARAMETER for what is no CSV; NOT_FOUND. */
async function csvAt(path: string, tenant: string, { store }: Pick<Ports, 'store'>): Promise<ObjectInfo> {
  const key = keyOf(path, store, tenant, 's3_path')
  if (!key.toLowerCase().endsWith('.csv'))
    throw fault('INVALID_PARAMETER', 's3_path must be a CSV file.', {
      hint: 'save_dataset_as_csv makes one of any dataset.',
    })
  const found = await store.head(key)
  if (found !== null) return found
  throw fault('NOT_FOUND', 'There is no CSV file at that path.', {
    hint: 'Use the s3_path that save_dataset_as_csv or save_metadata_as_csv returned.',
  })
}

interface HandOver {
  readonly file: ObjectInfo
  readonly filename: string
  readonly caller: Caller
  readonly wanted: string | undefined
  readonly page: CsvPage | null
  readonly lang: Lang
  readonly now: number
}

interface HandedOver {
  readonly local_path: string | null
  readonly note: string | null
  readonly command: string | null
  readonly download_url: string | null
  readonly expires_at: string | null
}

const NOTHING: HandedOver = { local_path: null, note: null, command: null, download_url: null, expires_at: null }

/** The file on the caller's own machine where that is this one, else a link; without links, how else it gets there. */
async function handOver(ports: Pick<Ports, 'store' | 'disk' | 'links'>, wish: HandOver): Promise<HandedOver> {
  const { store, disk, links } = ports
  const { file, filename, caller, wanted, page, lang: words, now } = wish
  if (wanted === undefined && page !== null) return NOTHING
  if (disk.shared && wanted !== undefined) {
    const target = await copyTo(disk, store, file.key, caller.tenant, nameIn(wanted, filename))
    if (target !== null) return { ...NOTHING, local_path: target }
  }
  const kept = keptFile(file.key)
  const link = kept === null ? null : await linkTo(links, { file: kept, name: filename, caller, now })
  const linked = link === null ? {} : { download_url: link.url, expires_at: link.expiresAt }
  if (!disk.shared)
    return { ...NOTHING, ...linked, note: WORDS[words][link ? 'byLink' : 'byPages'], command: link?.command ?? null }
  const command = `cp -n ${shellQuoted(await store.localPath(file.key))} ${shellPath(wanted ?? filename)}`
  return { ...NOTHING, ...linked, note: WORDS[words][wanted === undefined ? 'isHere' : 'elsewhere'], command }
}

/** A folder gets the file under its own name. */
const nameIn = (wanted: string, filename: string): string => (wanted.endsWith('/') ? `${wanted}${filename}` : wanted)

const WORDS = {
  J: {
    size: (path: string, bytes: number) => `${path}：${figure(bytes)}バイト`,
    written: (path: string) => `${path} に書き込みました。`,
    lines: (lines: number, from: number, to: number) => `${figure(lines)}行（${from}～${to}バイト目）：`,
    more: (cursor: string) => `続きの行は cursor "${cursor}" で取得できます。`,
    link: (time: string) => `ダウンロード用リンク（${time} まで、キー不要）：`,
    byLink:
      'このサーバーはお使いの機器とは別の場所にあり、そこへは書き込めません。次のコマンドか、その下のリンクで保存してください：',
    byPages:
      'このサーバーはお使いの機器とは別の場所にあり、そこへは書き込めません。保存するには return_content true で呼び、next_cursor を最後までたどって、各ページの content を順につなげてください。',
    isHere: 'ファイルはこの機器にあります。次のコマンドで複製できます：',
    elsewhere:
      '書き込みませんでした。書き込めるのは、ファイル名だけを指定した場合など、ダウンロードフォルダーの中に限ります。ファイルはこの機器にあり、次のコマンドで複製できます：',
  },
  E: {
    size: (path: string, bytes: number) => `${path}: ${plural(bytes, 'byte')}.`,
    written: (path: string) => `Written to ${path}`,
    lines: (lines: number, from: number, to: number) => `${plural(lines, 'line')}, bytes ${from} to ${to}:`,
    more: (cursor: string) => `More lines: call again with cursor "${cursor}".`,
    link: (time: string) => `A link, valid until ${time} without a key:`,
    byLink:
      'This server is not on your machine and cannot write there. Save the file with this command, or with the link below:',
    byPages:
      'This server is not on your machine and cannot write there. To save the file, call again with return_content true, follow next_cursor to the end, and write the content of the pages one after the other.',
    isHere: 'The file is on this machine. To copy it:',
    elsewhere:
      'Not written: only a path inside the download folder is, such as a plain file name. The file is on this machine; to copy it:',
  },
} as const

/** Null where the path leads out of the download folder. @throws Fault INVALID_PARAMETER where a file is there. */
async function copyTo(
  disk: Ports['disk'],
  store: Ports['store'],
  key: string,
  tenant: string,
  path: string,
): Promise<string | null> {
  const body = await store.stream(key)
  if (body === null) throw fault('NOT_FOUND', 'That file is no longer there.')
  const saved = await disk.save(tenant, path, body)
  if (saved.outcome === 'saved') return saved.path
  await body.cancel().catch(() => {})
  if (saved.outcome === 'outside') return null
  throw fault('INVALID_PARAMETER', 'A file is at local_path already.', { hint: 'Choose another local_path.' })
}
