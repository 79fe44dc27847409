import * as z from 'zod'
import { fault } from '../../shared/fault.ts'
import { type Area, areaOf, completePrefectures } from '../completion/areas.ts'
import { completeThemes } from '../completion/themes.ts'
import { NATION_CODE } from '../estat/area.ts'
import { CITATION_RULE, completeLang, definePrompt, lang, words } from './define-prompt.ts'

export const comparePrefectures = definePrompt({
  name: 'compare_prefectures',
  title: '都道府県の比較 · Prefectures compared',
  description: 'One indicator for all prefectures or some, ranked. 都道府県を一つの指標で比べます。',
  input: z.object({
    indicator: words().describe('失業率, 出生率, unemployment rate.'),
    prefectures: words(500).optional().describe('With commas: "東京都, 大阪府"; all 47 if absent.'),
    period: words().optional().describe('2020, 2020年度; the latest if absent.'),
    lang,
  }),
  scope: 'read',
  complete: {
    indicator: (typed, context) => completeThemes(typed, context.lang),
    prefectures: (typed, context) => completePrefectures(typed, context.lang),
    lang: completeLang,
  },
  message: (input) => MESSAGE[input.lang](input.indicator, chosen(input.prefectures), input.period ?? 'latest'),
})

/** Null for all of them. @throws Fault INVALID_PARAMETER for what is no prefecture. */
function chosen(typed: string | undefined): readonly Area[] | null {
  if (typed === undefined) return null
  return typed
    .split(/[,、，]/u)
    .map((one) => one.trim())
    .filter((one) => one !== '')
    .map((one) => {
      const area = areaOf(one)
      if (area !== null && area.level === 1 && area.code !== NATION_CODE) return area
      throw fault('INVALID_PARAMETER', `prefectures: "${one.slice(0, 60)}" is no prefecture.`, {
        hint: 'Name prefectures with commas between them, e.g. "東京都, 大阪府" or "Tokyo, Osaka".',
      })
    })
}

const codes = (areas: readonly Area[]): string => JSON.stringify(areas.map(({ code }) => code))
const names = (areas: readonly Area[], comma: string): string => areas.map(({ name }) => name).join(comma)

const MESSAGE = {
  J: (
    indicator: string,
    areas: readonly Area[] | null,
    period: string,
  ) => `${areas === null ? '47都道府県' : names(areas, '、')}を「${indicator}」で比べてください。

1. search_estat_data（query "${indicator} 都道府県"、collect_area "2"）。見つからなければ collect_area を外す。率や1人当たりの項目がある表を選ぶ。
2. describe_dataset で項目のコード、単位、期間、地域の段階を確かめる。
3. fetch_dataset_filtered：filters に {"area": ${areas === null ? '都道府県の段階 {"level": …}' : codes(areas)}, "time": "${period}"} と項目のコードを一つ、derive ["rank"]。next_cursor が null になるまで続ける。全国（00000）は別に取り、順位に入れない。
4. 順位、都道府県、値、単位、時点の表にし、全国との差と目立つ点を2～3文で書く。実数だけなら人口の違いに触れる。定義や時点の違う値を並べない。

${CITATION_RULE.J}`,
  E: (
    indicator: string,
    areas: readonly Area[] | null,
    period: string,
  ) => `Compare ${areas === null ? 'the 47 prefectures' : names(areas, ', ')} by "${indicator}".

1. search_estat_data (query "${indicator} 都道府県", collect_area "2"); leave collect_area out where nothing is found. Choose a table with a rate or a figure per person.
2. describe_dataset: the code of the item, its unit, the span of time, the levels of areas.
3. fetch_dataset_filtered with filters {"area": ${areas === null ? 'the level of prefectures, {"level": …}' : codes(areas)}, "time": "${period}"} and one item, derive ["rank"], lang "E"; follow next_cursor until it is null. Fetch the nation (00000) apart: it has no rank.
4. A table of rank, prefecture, value, unit, period; then 2 or 3 sentences on the distance to the nation and what stands out. With counts alone, say that populations differ. Never set figures of different definitions or periods side by side.

${CITATION_RULE.E}`,
} as const
