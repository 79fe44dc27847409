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
export function catalogueNote(searched: Searched, lang: 'J' | 'E'): string {
  if (searched.origin === 'live') return complete(searched, lang)
  return searched.status === null ? sampleAlone(searched, lang) : building(searched, searched.status, lang)
}

const tablesOf = ({ index }: Searched): string => index.count.toLocaleString('en')

function complete(searched: Searched, lang: 'J' | 'E'): string {
  const asOf = searched.status?.asOf ?? null
  return lang === 'E'
    ? `Catalogue of ${tablesOf(searched)} e-Stat tables${asOf === null ? '' : ` as of ${asOf}`}.`
    : `e-Stat の統計表 ${tablesOf(searched)} 表の目録${asOf === null ? '' : `（${asOf} 現在）`}。`
}

function sampleAlone(searched: Searched, lang: 'J' | 'E'): string {
  const held = searched.index.bundled.reduce((sum, bundled) => sum + bundled, 0)
  return lang === 'E'
    ? `Searched the sample catalogue bundled with this server: ${tablesOf(searched)} of e-Stat's about 230,000 tables, ${held} of them with figures (bundled: true). With ESTAT_APP_ID set, every e-Stat table can be fetched by its id; search all of them at https://www.e-stat.go.jp/.`
    : `同梱の見本目録（e-Stat 約23万表のうち ${tablesOf(searched)} 表。数値の同梱は bundled: true の ${held} 表）を検索しました。ESTAT_APP_ID を設定すると e-Stat の全統計表を ID で取得できます。全体の検索は https://www.e-stat.go.jp/ へ。`
}

/** All of e-Stat is at hand, only its catalogue is not yet: nothing here is bundled figures alone. */
function building(searched: Searched, { progress }: CatalogueStatus, lang: 'J' | 'E'): string {
  const tables = tablesOf(searched)
  const { listed = 0, total = null, secondsLeft = null } = progress ?? {}
  const done = listed.toLocaleString('en')
  const minutes = secondsLeft === null ? null : Math.max(1, Math.ceil(secondsLeft / 60))
  if (lang === 'E') {
    const of = total === null ? '' : ` of ${total.toLocaleString('en')}`
    const left = minutes === null ? '' : `, about ${minutes} min left`
    return `The catalogue of all e-Stat tables is being built (${done}${of} listings fetched${left}). Until it is there, only ${tables} tables are known here, and e-Stat's own search is asked where none of them answers: ask again later for all. Every table can be fetched by its id already.`
  }
  const of = total === null ? '' : ` / ${total.toLocaleString('en')}`
  const left = minutes === null ? '' : `、あと約${minutes}分`
  return `e-Stat 全統計表の目録を作成中です（${done}${of} 件を取得済み${left}）。完成までは手元の ${tables} 表から探し、見つからなければ e-Stat の検索にも問い合わせます。あとで検索し直すと全統計表から探せます。ID が分かる表は今でも取得できます。`
}
