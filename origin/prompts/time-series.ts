import * as z from 'zod'
import { type Area, areaOf, completeAreas } from '../completion/areas.ts'
import { completeThemes } from '../completion/themes.ts'
import { CITATION_RULE, completeLang, definePrompt, lang, words } from './define-prompt.ts'

export const timeSeries = definePrompt({
  name: 'time_series',
  title: '時系列 · A time series',
  description: 'One indicator over the years or months, its changes and breaks. 一つの指標の推移をまとめます。',
  input: z.object({
    indicator: words().describe('人口, 消費者物価指数, wages.'),
    area: words().optional().describe('東京都, Osaka; the nation if absent.'),
    from: words()
      .regex(/[\p{N}元一二三四五六七八九十]/u, 'must be a year')
      .optional()
      .describe('First year, e.g. 2000.'),
    lang,
  }),
  scope: 'read',
  complete: {
    indicator: (typed, context) => completeThemes(typed, context.lang),
    area: (typed, context) => completeAreas(typed, context.lang),
    lang: completeLang,
  },
  message(input) {
    const typed = input.area ?? '全国'
    const time = input.from === undefined ? '' : `, "time": {"from": "${input.from}"}`
    return MESSAGE[input.lang](input.indicator, areaOf(typed), typed, time)
  },
})

const MESSAGE = {
  J: (
    indicator: string,
    area: Area | null,
    typed: string,
    time: string,
  ) => `${area?.name ?? typed}の「${indicator}」の推移をまとめてください。

1. search_estat_data（query "${area?.code === '00000' ? '' : `${area?.name ?? typed} `}${indicator} 推移"）。期間が長く、周期（月次、年次）が問いに合う表を選ぶ。newer_edition があればそちら。
2. describe_dataset で項目、単位、期間を確かめる。基準年、季節調整（tags）、年と年度の別も見る。
3. fetch_dataset_filtered：filters に {"area": "${area?.code ?? typed}"${time}} と項目を一つ（area のない表では外す）。derive は年次なら ["change_pct"]、月次なら ["yoy"]。next_cursor が null になるまで、job_id があれば get_job で終わりまで取る。
4. 時点と値、変化率の表にし、水準、転換点、最近の動きを3～5文で書く。欠けた期間、定義や基準の変わり目を書き、違う基準の系列をつながない。

${CITATION_RULE.J}`,
  E: (
    indicator: string,
    area: Area | null,
    typed: string,
    time: string,
  ) => `Show how "${indicator}" of ${area?.name ?? typed} developed.

1. search_estat_data (query "${area?.code === '00000' ? '' : `${area?.name ?? typed} `}${indicator} 推移"). Choose a table with a long span whose cycle (monthly, yearly) fits; take newer_edition where it is set.
2. describe_dataset: the item, its unit, the span; also base year, seasonal adjustment (tags), years or fiscal years.
3. fetch_dataset_filtered with filters {"area": "${area?.code ?? typed}"${time}} and one item (no area where the table has no such axis), lang "E"; derive ["change_pct"] for years, ["yoy"] for months. Follow next_cursor until it is null; with a job_id, get_job until it is done.
4. A table of period, value and change; then 3 to 5 sentences on level, turning points and the latest move. Name gaps and changes of definition or base, and never join series of different bases.

${CITATION_RULE.E}`,
} as const
