import * as z from 'zod'
import { afterComma } from '../completion/after-comma.ts'
import { type Area, areaOf, completeAreas } from '../completion/areas.ts'
import { completeThemes } from '../completion/themes.ts'
import { NATION_CODE } from '../estat/area.ts'
import { CITATION_RULE, completeLang, definePrompt, lang, words } from './define-prompt.ts'

const DEFAULT_THEMES = {
  J: '人口 年齢、世帯、就業 産業、所得 住宅、医療、教育',
  E: '人口 年齢 (population by age), 世帯 (households), 就業 産業 (work, industry), 所得 住宅 (income, housing), 医療 (health), 教育 (education)',
} as const

export const regionProfile = definePrompt({
  name: 'region_profile',
  title: '地域の概要 · Profile of a region',
  description:
    'A profile of a prefecture or municipality beside its prefecture and the nation. 地域の概要をまとめます。',
  input: z.object({
    area: words().describe('東京都, 横浜市, よこはま, Kanagawa, or a code.'),
    themes: words(200).optional().describe('What to look at, e.g. "人口, 産業".'),
    lang,
  }),
  scope: 'read',
  complete: {
    area: (typed, context) => completeAreas(typed, context.lang),
    themes: (typed, context) => afterComma(typed, (last) => completeThemes(last, context.lang)),
    lang: completeLang,
  },
  message(input) {
    const area = areaOf(input.area)
    return MESSAGE[input.lang](area, input.area, input.themes ?? DEFAULT_THEMES[input.lang])
  },
})

/** `area` where it is known; else the words as they were typed. */
const collected = (area: Area | null): string => (area !== null && area.level === 1 ? '2' : '3')

/** What it is compared with: its prefecture and the nation. Tables of municipalities often have neither. */
function beside(area: Area | null): string {
  const prefecture = area !== null && area.level > 1 ? [`${area.code.slice(0, 2)}000`] : []
  return JSON.stringify([...prefecture, NATION_CODE])
}

const MESSAGE = {
  J: (area: Area | null, typed: string, themes: string) => `${area?.name ?? typed}の概要を、政府統計でまとめてください。

1. ${area === null ? `lookup（kind "area"、find "${typed}"）で地域コードを調べる。複数あれば私に尋ねる。` : `地域コードは ${area.code}（${area.name}）。`}
2. search_estat_data をテーマごとに呼ぶ：${themes}。collect_area "${collected(area)}"、stats_code "00200502"（社会・人口統計体系）を付けると地域別の項目がそろう。見つからなければ両方を外す。
3. 選んだ表ごとに describe_dataset で項目のコード、単位、期間を確かめ、axis "area" と find でこの地域があることを見る。
4. fetch_dataset_filtered：filters に {"area": "${area?.code ?? '<コード>'}", "time": "latest"} と項目のコード。人口は "time": "last 10 years" でも取る。比べる相手 ${beside(area)} は、同じ表にあれば一緒に、なければ collect_area "2" の表から同じ項目と時点で取る。
5. まず表（項目、値、単位、時点、県と全国の値）、次に目立つ点を3～5文で書く。率や1人当たりで比べ、総数と内訳を足さない。

${CITATION_RULE.J}`,
  E: (
    area: Area | null,
    typed: string,
    themes: string,
  ) => `Write a profile of ${area?.name ?? typed} from Japan's official statistics.

1. ${area === null ? `lookup (kind "area", find "${typed}") gives the area code; ask me where several fit. It knows Japanese names, so translate first.` : `The area code is ${area.code} (${area.name}).`}
2. search_estat_data, once for each theme: ${themes}. With collect_area "${collected(area)}" and stats_code "00200502" (社会・人口統計体系) it finds items by area; leave both out where nothing is found.
3. describe_dataset for each table you choose: codes of the items, units, span of time; with axis "area" and find, that this area is in it.
4. fetch_dataset_filtered with filters {"area": "${area?.code ?? '<code>'}", "time": "latest"} and the codes of the items, lang "E"; for population also "time": "last 10 years". Areas to compare with, ${beside(area)}: in the same call where the table has them, else the same items and period from a table of collect_area "2".
5. First a table (item, value, unit, period, the prefecture's and the nation's value), then 3 to 5 sentences on what stands out. Compare by rates or per person; never add a total and its parts.

${CITATION_RULE.E}`,
} as const
