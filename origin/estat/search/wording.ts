/** What an answer says about where it looked. */
import type { CatalogueEntry, SourceOrigin } from '../../ports.ts'

/** Which catalogue was searched, and how to reach what it does not hold. */
export function catalogueNote(origin: SourceOrigin, entries: readonly CatalogueEntry[], lang: 'J' | 'E'): string {
  const tables = entries.length.toLocaleString('en')
  if (origin === 'live')
    return lang === 'E' ? `Catalogue of ${tables} e-Stat tables.` : `e-Stat の統計表 ${tables} 表の目録。`
  const held = entries.filter(({ bundled }) => bundled).length
  return lang === 'E'
    ? `Searched the sample catalogue bundled with this server: ${tables} of e-Stat's about 230,000 tables, ${held} of them with figures (bundled: true). With ESTAT_APP_ID set, every e-Stat table can be fetched by its id; search all of them at https://www.e-stat.go.jp/.`
    : `同梱の見本目録（e-Stat 約23万表のうち ${tables} 表。数値の同梱は bundled: true の ${held} 表）を検索しました。ESTAT_APP_ID を設定すると e-Stat の全統計表を ID で取得できます。全体の検索は https://www.e-stat.go.jp/ へ。`
}
