/** What an answer says about where it looked. */
import type { CatalogueStatus, SourceOrigin } from '../../ports.ts'
import type { SearchIndex } from './build-index.ts'

/** One catalogue, as it was when the question came. */
export interface Searched {
  readonly index: SearchIndex
  readonly origin: SourceOrigin
  readonly status: CatalogueStatus | null
}

/** Which catalogue was searched, and how to reach what it does not hold. */
export function catalogueNote({ index, origin, status }: Searched, lang: 'J' | 'E'): string {
  const tables = index.count.toLocaleString('en')
  if (origin === 'live') {
    const asOf = status?.asOf ?? null
    return lang === 'E'
      ? `Catalogue of ${tables} e-Stat tables${asOf === null ? '' : ` as of ${asOf}`}.`
      : `e-Stat の統計表 ${tables} 表の目録${asOf === null ? '' : `（${asOf} 現在）`}。`
  }
  const held = index.bundled.reduce((sum, bundled) => sum + bundled, 0)
  const searched =
    lang === 'E'
      ? `Searched the sample catalogue bundled with this server: ${tables} of e-Stat's about 230,000 tables, ${held} of them with figures (bundled: true).`
      : `同梱の見本目録（e-Stat 約23万表のうち ${tables} 表。数値の同梱は bundled: true の ${held} 表）を検索しました。`
  return `${searched}${lang === 'E' ? ' ' : ''}${wayOn(status, lang)}`
}

function wayOn(status: CatalogueStatus | null, lang: 'J' | 'E'): string {
  if (status === null)
    return lang === 'E'
      ? 'With ESTAT_APP_ID set, every e-Stat table can be fetched by its id; search all of them at https://www.e-stat.go.jp/.'
      : 'ESTAT_APP_ID を設定すると e-Stat の全統計表を ID で取得できます。全体の検索は https://www.e-stat.go.jp/ へ。'
  const { listed = 0, total = null } = status.progress ?? {}
  const [done, of] = [listed.toLocaleString('en'), total?.toLocaleString('en') ?? '?']
  return lang === 'E'
    ? `The catalogue of all e-Stat tables is being fetched (${done} of ${of} listings); until it is there, ask again later or search at https://www.e-stat.go.jp/. Every table can be fetched by its id already.`
    : `e-Stat 全統計表の目録を取得中です（${done} / ${of} 件）。完了までは https://www.e-stat.go.jp/ でも検索できます。ID が分かる表は今でも取得できます。`
}
