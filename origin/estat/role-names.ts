/** What a code's name alone says of its part in sums. */
import { bareName } from './bare-name.ts'
import type { ClassItem } from './model.ts'

/** 再掲, うち and 参考 stand beside the parts, not among them. Folded names. */
const OF_WHICH = /再掲|内数|別掲|[<([]参考[>)\]]|^参考|^[(]?うち(?!わ)|[(_]うち|ofwhich/
// "計" ends 家計 and 統計 as well: only these words are sums.
const SUM =
  /^(?:総数|総計|合計|小計|計|総額|総量|全体|全国|全国計|総合|全産業|全世帯|全規模|全年齢|全年齢計|男女計|男女総数|男女合計|産業計|年齢計|職業計|規模計|企業規模計|都道府県計|世帯計|区分計|種別計|品目計|total|grandtotal|bothsexes|allindustries|allhouseholds|allages)$/
/** 上位５カ国以外計 is a remainder, 生鮮食品を除く総合 and 全国（市部） parts of the whole. */
const NOT_ALL = /以外|除く|のぞく|その他|others?\b|excluding|^全国\((?!.*計\))/

export const saysOfWhich = (item: ClassItem): boolean => OF_WHICH.test(bareName(item))

/** 総数, 合計, 総数(男女計), 産業_計: the whole name, or its last word, is a word for a sum. */
export function saysTotal(item: ClassItem): boolean {
  const name = bareName(item)
  if (NOT_ALL.test(name)) return false
  const whole = name.replace(/\([^)]*\)$/, '')
  return SUM.test(whole) || SUM.test(whole.split(/[_・]/).at(-1) ?? '')
}
