import { both } from '../../estat/words.ts'
import type { Guide } from './guide.ts'

/** reference/estat-api.md, 3.5: symbols, whose meaning each table's NOTE gives. */
export const symbolsGuide: Guide = {
  topic: 'symbols',
  title: '記号・総数・単位 · Symbols, totals, units',
  text: both(
    `# 記号・総数・単位
- 値がないところは null で、symbol に e-Stat の記号が入る。意味は表ごとに違い、答えの symbols に書いてある。多いもの：「-」該当なし、「***」調査なし、「X」秘匿、「…」不詳。
- null を 0 として扱わない。平均や合計に入れない。0 は 0 という値である。
- role：total（総数）、part（内訳）、of_which（再掲）、unknown（分からない）。足してよいのは part だけで、同じ項目、同じ単位に限る。total と part を足さない。of_which は内数なので足さない。
- 率（rate）と指数（index）は足さない。指数は基準年が違うと比べられない。
- 単位の「千人」「10億円」は桁を変えずに、そのまま書く。
- 季節調整値と原数値、実質と名目を混ぜない（describe_dataset の tags）。
- 数字には必ず source.citation を添える。自分で計算した値には「を加工して作成」と書く。`,
    `# Symbols, totals, units
- Where there is no value it is null, and symbol has e-Stat's sign for it. What a sign means differs by table: see symbols in the answer. Frequent ones: "-" none, "***" not surveyed, "X" suppressed, "…" not available.
- Never treat null as 0, and leave it out of means and sums. A 0 is the value 0.
- role: total (総数), part, of_which (再掲), unknown. Add parts alone, of one measure and one unit. Never a total and its parts; of_which is counted already.
- Rates and indices are never added. Indices of two base years do not compare.
- Write units as they are: 千人 is thousands of persons, 10億円 is 1,000,000,000 yen.
- Keep seasonally adjusted and original figures, real and nominal ones apart (tags of describe_dataset).
- Put source.citation beside every figure; for what you worked out yourself add 「を加工して作成」 (derived).`,
  ),
}
