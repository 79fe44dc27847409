/** What an answer says about where it looked. */
import type { CatalogueEntry, SourceOrigin } from '../../ports.ts'

/** The sentence that e-Stat requires of a public service (API terms, credit). */
export const CREDIT = {
  J: 'このサービスは、政府統計総合窓口(e-Stat)のAPI機能を使用していますが、サービスの内容は国によって保証されたものではありません。',
  E: 'This service uses API functions from e-Stat, however its contents are not guaranteed by government.',
} as const

/** Which catalogue was searched, and how to reach what it does not hold. */
export function catalogueNote(origin: SourceOrigin, entries: readonly CatalogueEntry[], lang: 'J' | 'E'): string {
  const tables = entries.length.toLocaleString('en-US')
  if (origin === 'live')
    return lang === 'E' ? `Catalogue of ${tables} e-Stat tables.` : `e-Stat の統計表 ${tables} 表の目録。`
  const held = entries.filter(({ bundled }) => bundled).length
  return lang === 'E'
    ? `Searched the sample catalogue bundled with this server: ${tables} of e-Stat's about 230,000 tables, ${held} of them with figures (bundled: true). Set ESTAT_APP_ID to fetch any e-Stat table by its id; to search all of them use https://www.e-stat.go.jp/.`
    : `同梱の見本目録（e-Stat 約23万表のうち ${tables} 表、値を同梱するのは ${held} 表: bundled: true）を検索しました。ESTAT_APP_ID を設定すると、e-Stat の全統計表を ID で取得できます。全体の検索は https://www.e-stat.go.jp/ へ。`
}
