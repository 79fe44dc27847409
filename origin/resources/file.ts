import { UriTemplate } from '@modelcontextprotocol/server'
import type * as z from 'zod'
import { fileOfPath, type KeptFile, keptFile } from '../../shared/kept-file.ts'
import { figure, type Lang } from '../estat/words.ts'
import type { ObjectInfo } from '../ports.ts'
import type { downloadCsvFromS3 } from '../tools/download-csv-from-s3.ts'
import type { getCsvDownloadUrl } from '../tools/get-csv-download-url.ts'
import { lakePath } from '../tools/lake-path.ts'
import type { Content, ReadContext, ResourceContext, ResourceKind } from './define-resource.ts'
import { fileUri } from './links.ts'
import { notThere, queryOf } from './uri.ts'

/** Files of `resources/list`, the newest: a Japanese name takes three letters of a URI for each byte. */
const LISTED = 5
/** A Parquet file up to this is sent itself: in base64 it takes no more of a context than an answer may. */
const SMALL_BYTES = 24 * 1024

type CsvPage = z.infer<typeof downloadCsvFromS3.output>
type Link = z.infer<typeof getCsvDownloadUrl.output>

/** A kept CSV or Parquet file of the tenant. */
export const fileResource: ResourceKind = {
  name: 'file',
  title: '保存したファイル · A kept file',
  description: 'A kept CSV file page by page (?cursor=), or a Parquet file: itself where small, else a link.',
  mimeType: 'text/csv',
  template: new UriTemplate('estat://file/{+key}'),
  variable: 'key',
  scope: 'lake',
  keep: { ttlMs: 5_000, cacheScope: 'private' },
  async complete(typed, context) {
    const wanted = typed.normalize('NFC').toLowerCase()
    const keys = (await filesOf(context)).map(({ key }) => key)
    const first = keys.filter((key) => key.toLowerCase().startsWith(wanted))
    return [...first, ...keys.filter((key) => !first.includes(key) && key.toLowerCase().includes(wanted))]
  },
  async list(context) {
    return (await filesOf(context)).slice(0, LISTED).map(({ key, name, contentType, size }) => ({
      uri: fileUri(key),
      name,
      mimeType: contentType,
      size,
    }))
  },
  async read(uri, context) {
    const { lang, cursor } = queryOf(uri, ['cursor'])
    const file = fileOfPath(`/files${uri.pathname}`)
    if (file === null || file.tenant !== context.caller.tenant || !/\.(csv|parquet)$/i.test(file.name)) throw notThere()
    const info = await context.ports.store.head(file.key)
    if (info === null) throw notThere()
    return file.contentType.startsWith('text/csv')
      ? readCsv(file, { lang, cursor }, context)
      : readBinary(file, info, lang, context)
  },
}

/** CSV and Parquet that tools of the caller kept, the newest first. */
async function filesOf({ ports: { store }, caller: { tenant } }: ResourceContext): Promise<(KeptFile & ObjectInfo)[]> {
  const [csv, parquet] = await Promise.all([store.list(`${tenant}/csv/`), store.list(`${tenant}/parquet/`)])
  return [...csv, ...parquet]
    .flatMap((info) => {
      const file = keptFile(info.key)
      return file === null ? [] : [{ ...file, ...info }]
    })
    .toSorted((a, b) => b.modified - a.modified || (a.key < b.key ? -1 : 1))
}

interface Page {
  readonly lang: Lang
  readonly cursor: string | undefined
}

/** The lines, and beside them how to get the rest and what to cite. */
async function readCsv(file: KeptFile, { lang, cursor }: Page, { call, ports }: ReadContext): Promise<Content[]> {
  const args = { s3_path: lakePath(ports.store, file.key), return_content: true, cursor, lang }
  const page = (await call('download_csv_from_s3', args)) as CsvPage
  const lines = `${page.header === null ? '' : `${page.header}\n`}${page.content ?? ''}`
  const next = page.next_cursor
  const note = [
    WORDS[lang].lines(page.lines, page.from_byte ?? 0, page.to_byte ?? 0, page.size_bytes),
    ...(next === null ? [] : [WORDS[lang].rest(`${fileUri(file.key)}?cursor=${encodeURIComponent(next)}`)]),
    ...(page.source === null ? [] : [page.source.note, page.source.citation]),
  ]
  return [
    { mimeType: file.contentType, text: lines },
    { mimeType: 'text/plain', text: note.filter((line) => line !== null).join('\n') },
  ]
}

async function readBinary(
  file: KeptFile,
  info: ObjectInfo,
  lang: Lang,
  { call, ports: { store, links } }: ReadContext,
): Promise<Content[]> {
  if (info.size <= SMALL_BYTES) {
    const bytes = await store.get(file.key)
    if (bytes === null) throw notThere()
    return [{ mimeType: file.contentType, blob: Buffer.from(bytes).toString('base64') }]
  }
  const said = [WORDS[lang].big(file.name, info.size)]
  if (links.sign === null) return [{ mimeType: 'text/plain', text: [...said, WORDS[lang].noLinks].join('\n') }]
  const made = (await call('get_csv_download_url', { s3_path: lakePath(store, file.key), lang })) as Link
  const link = [WORDS[lang].link(made.expires_at), made.download_url, made.curl_command, made.note]
  return [{ mimeType: 'text/plain', text: [...said, ...link].filter((line) => line !== null).join('\n') }]
}

const WORDS = {
  J: {
    lines: (lines: number, from: number, to: number, size: number) =>
      `${figure(lines)}行（${figure(size)}バイトのうち${figure(from)}～${figure(to)}バイト目）。`,
    rest: (uri: string) => `続きは ${uri} にあります。`,
    big: (name: string, size: number) => `${name} は${figure(size)}バイトあり、ここには載せません。`,
    link: (time: string) => `${time}（UTC）までキーなしでダウンロードできるリンクとコマンド：`,
    noLinks:
      'このサーバーはリンクを作れません（運用者が LINK_SIGNING_KEY を設定します）。中身は load_to_iceberg で登録し、analyze_with_athena で調べてください。',
  },
  E: {
    lines: (lines: number, from: number, to: number, size: number) =>
      `${figure(lines)} lines, bytes ${figure(from)} to ${figure(to)} of ${figure(size)}.`,
    rest: (uri: string) => `The rest: ${uri}`,
    big: (name: string, size: number) => `${name} has ${figure(size)} bytes: too many to be shown here.`,
    link: (time: string) => `A link and a command, valid until ${time} (UTC) without a key:`,
    noLinks:
      'This server makes no links (the operator sets LINK_SIGNING_KEY). Load the file with load_to_iceberg and ask analyze_with_athena.',
  },
} as const
