import * as z from 'zod'
import { LINK_SECONDS } from '../../shared/file-link.ts'
import { fault } from '../../shared/fault.ts'
import { figure, plural } from '../estat/words.ts'
import { sourceOfCsv } from '../jobs/csv-sources.ts'
import { defineTool } from './define-tool.ts'
import { linkTo, storedFile } from './file-link.ts'
import { fileNameOf, lakePath } from './lake-path.ts'
import { lang, READ_ONLY, source } from './params.ts'

const { min, max } = LINK_SECONDS

export const getCsvDownloadUrl = defineTool({
  name: 'get_csv_download_url',
  version: 1,
  title: 'ダウンロード用リンク · Download link',
  description: [
    'Makes a link to one kept file, CSV or Parquet, that works without a key until it expires.',
    'Use it to hand a file to a person; to read it use download_csv_from_s3.',
    'ダウンロード用のリンクを作ります。',
  ].join(' '),
  input: z.object({
    s3_path: z.string().describe('Or s3_parquet_path, e.g. s3://b/x.csv.'),
    expires_in: z
      .int()
      .min(min, `must be ${min} (a minute) or more`)
      .max(max, `must be ${max} (7 days) or less`)
      .default(LINK_SECONDS.default)
      .describe('Seconds, e.g. 86400.'),
    filename: z.string().optional().describe('Name to save under, e.g. 人口.csv.'),
    lang,
  }),
  output: z.object({
    success: z.literal(true),
    s3_path: z.string(),
    download_url: z.string().describe('The link; only its path where note says so.'),
    expires_in: z.int().describe('Seconds that it is valid.'),
    expires_at: z.string().describe('When it ends, ISO 8601, UTC.'),
    filename: z.string(),
    size_bytes: z.int(),
    content_type: z.string(),
    curl_command: z.string().describe('A shell command that saves the file under its name.'),
    note: z.string().nullable().describe('What is missing of the link; null where nothing is.'),
    source: source.nullable().describe('Where the figures come from; null for a file kept without it.'),
  }),
  annotations: { ...READ_ONLY, openWorldHint: false },
  scope: 'lake',
  toolsets: ['files'],
  weight: 1,
  cache: null,
  needs: ['store', 'links'],

  async run(args, { store, links }, { caller, now }) {
    const file = await storedFile(args.s3_path, { store }, caller.tenant)
    const extension = file.name.slice(file.name.lastIndexOf('.') + 1).toLowerCase()
    const name = args.filename === undefined ? file.name : fileNameOf(args.filename, extension, 'filename')
    const link = await linkTo(links, { file, name, caller, now, seconds: args.expires_in })
    if (link === null)
      throw fault('NOT_FOUND', 'This server makes no links: it has no key to sign them with.', {
        hint: 'The operator sets LINK_SIGNING_KEY at the origin and LINK_PUBLIC_KEYS at the edge. Until then use download_csv_from_s3 with return_content true.',
      })
    return {
      success: true as const,
      s3_path: lakePath(store, file.key),
      download_url: link.url,
      expires_in: args.expires_in,
      expires_at: link.expiresAt,
      filename: name,
      size_bytes: file.info.size,
      content_type: file.contentType,
      curl_command: link.command,
      note: link.whole ? null : WORDS[args.lang].path,
      source: file.contentType.startsWith('text/csv') ? await sourceOfCsv(store, file.key) : null,
    }
  },
  render: ({ filename, size_bytes, download_url, expires_at, curl_command, note, source: from }, words) =>
    [
      WORDS[words].file(filename, size_bytes),
      download_url,
      WORDS[words].until(expires_at),
      curl_command,
      ...(note === null ? [] : [note]),
      ...(from === null ? [] : [from.note, from.citation].filter((line) => line !== null)),
    ].join('\n'),
})

const WORDS = {
  J: {
    file: (name: string, bytes: number) => `${name}：${figure(bytes)}バイト。リンク：`,
    until: (time: string) =>
      `${time}（UTC）まで有効です。リンクを知っている人は誰でもダウンロードできます。コマンドで保存するには：`,
    path: 'オリジンに直接問い合わせたため、リンクはパスだけです。前にエッジのアドレスを付けてください（運用者が PUBLIC_URL を設定すると完全なリンクになります）。',
  },
  E: {
    file: (name: string, bytes: number) => `${name}, ${plural(bytes, 'byte')}. The link:`,
    until: (time: string) => `Valid until ${time} (UTC), for anybody who has it. To save it with a command:`,
    path: "The link is a path alone, because the origin was asked directly: put the edge's address in front of it (the operator sets PUBLIC_URL to make it whole).",
  },
} as const
