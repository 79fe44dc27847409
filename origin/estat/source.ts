/** Where figures come from, and how to cite them (PRODUCT.md, promise 2). */
import type { SourceOrigin } from '../ports.ts'
import type { Extent, TableInfo } from './model.ts'
import { tableUrl } from './table-url.ts'

/** The sentence that e-Stat requires of a service (https://www.e-stat.go.jp/api/api-info/credit). */
export const CREDIT =
  'このサービスは、政府統計総合窓口(e-Stat)のAPI機能を使用していますが、サービスの内容は国によって保証されたものではありません。'
export const CREDIT_EN =
  'This service uses API functions from e-Stat, however its contents are not guaranteed by government.'

export interface SourceContext {
  /** When e-Stat was asked, ISO 8601 with zone. Not used for bundled figures, which were asked for at `recordedAt`. */
  readonly retrievedAt: string
  /** What answered: `lake` for figures kept earlier. */
  readonly origin: SourceOrigin | 'lake'
  /** For `lake`: what they were fetched from. */
  readonly fetchedFrom?: SourceOrigin
  readonly extent: Extent | null
  /** `TableMeta.recordedAt`. */
  readonly recordedAt?: string | null
  /** What the figures refer to, in words: `1920年～2020年`; the table's SURVEY_DATE where absent. */
  readonly period?: string | null
  /** True for changes, shares, sums and whatever comes from SQL. */
  readonly derived?: boolean
  /** Language of `note`; Japanese where absent. */
  readonly lang?: 'J' | 'E'
}

export interface SourceInfo {
  readonly dataset_id: string
  readonly title: string
  readonly survey: string
  readonly organisation: string
  readonly table_url: string
  /** `yyyy-mm-dd`; null where not known. */
  readonly updated_date: string | null
  /** ISO 8601, a moment or a date; null for bundled figures whose date was not recorded. */
  readonly retrieved_at: string | null
  readonly origin: 'live' | 'lake' | 'sample'
  readonly credit: string
  readonly credit_en: string
  /** 出典：survey「table」period, e-Stat, URL, date of retrieval. */
  readonly citation: string
  /** What must be known of bundled figures, or of a fetch that its caller cut short; null for whole live ones. */
  readonly note: string | null
}

export function sourceOf(info: TableInfo, context: SourceContext): SourceInfo {
  const bundled = (context.fetchedFrom ?? context.origin) === 'sample'
  const retrieved = bundled ? (context.recordedAt ?? null) : context.retrievedAt
  const { lang = 'J' } = context
  return {
    dataset_id: info.id,
    title: info.title,
    survey: info.statName.name,
    organisation: info.govOrg.name,
    table_url: tableUrl(info.id),
    updated_date: info.updatedDate,
    retrieved_at: retrieved,
    origin: context.origin,
    credit: CREDIT,
    credit_en: CREDIT_EN,
    citation: citationOf(info, context, retrieved),
    note: bundled ? sampleNote(context.extent, retrieved, lang) : excerptNote(context.extent, lang),
  }
}

function citationOf(info: TableInfo, { period, derived }: SourceContext, retrieved: string | null): string {
  const when = period ?? surveyPeriod(info.surveyDate) ?? ''
  const date = retrieved === null ? '取得日不明' : `${dateInJapan(retrieved)}取得`
  const line = `出典：${info.statName.name}「${info.title}」${when}, e-Stat, ${tableUrl(info.id)}, ${date}`
  return derived === true ? `${line} を加工して作成` : line
}

/** What a reader must know of bundled figures before using them. */
function sampleNote(extent: Extent | null, recorded: string | null, lang: 'J' | 'E'): string {
  const date = recorded === null ? null : dateInJapan(recorded)
  const total = extent?.totalRows ?? null
  const rows = extent === null || total === null ? null : { held: count(extent.rows), all: count(total) }
  return lang === 'J' ? japaneseNote(extent, date, rows) : englishNote(extent, date, rows)
}

type Rows = { readonly held: string; readonly all: string } | null

const japaneseNote = (extent: Extent | null, date: string | null, rows: Rows): string =>
  [
    `同梱データによる回答です（最新の数値ではありません）。${date === null ? 'e-Statから取得した日の記録はありません。' : `${date}にe-Statから取得したものです。`}`,
    extent === null
      ? '当時の統計表の全体を収めています。'
      : `統計表の一部${rows === null ? '' : `（全${rows.all}行のうち${rows.held}行）`}を収めています：${extent.noteJa}。`,
    '最新かつ全体の数値を取得するには ESTAT_APP_ID を設定してください（無料：https://www.e-stat.go.jp/api/）。',
  ].join('')

const englishNote = (extent: Extent | null, date: string | null, rows: Rows): string =>
  [
    `Bundled figures, not live: recorded from e-Stat ${date === null ? 'on a date that was not kept' : `on ${date}`}.`,
    extent === null
      ? 'The whole table as of then.'
      : `An excerpt${rows === null ? '' : ` (${rows.held} of ${rows.all} rows)`}: ${extent.note}.`,
    'For current and complete figures set ESTAT_APP_ID (free of charge: https://www.e-stat.go.jp/api/).',
  ].join(' ')

/** Live figures of which a part was kept. */
function excerptNote(extent: Extent | null, lang: 'J' | 'E'): string | null {
  if (extent === null) return null
  const { rows, totalRows } = extent
  if (lang === 'J')
    return `統計表の一部です（${totalRows === null ? '' : `全${count(totalRows)}行のうち`}${count(rows)}行：${extent.noteJa}）。`
  return `Not the whole table: ${count(rows)}${totalRows === null ? '' : ` of ${count(totalRows)}`} rows, ${extent.note}.`
}

const count = (rows: number): string => rows.toLocaleString('en')

/** The day in Japan; a bare date stays as it is. */
function dateInJapan(iso: string): string {
  if (/^\d{4}-\d{2}-\d{2}$/.test(iso)) return iso
  return new Date(Date.parse(iso) + 9 * 3_600_000).toISOString().slice(0, 10)
}

/** `201710` as 2017年10月, `201601-201612` as 2016年1月～2016年12月; null where it has another form. */
function surveyPeriod(surveyDate: string | null): string | null {
  const parts = surveyDate?.split('-').map((part) => /^(\d{4})(\d\d)?$/.exec(part)) ?? []
  if (parts.length === 0 || parts.includes(null)) return null
  return parts.map((part) => `${part?.[1]}年${part?.[2] ? `${Number(part[2])}月` : ''}`).join('～')
}
