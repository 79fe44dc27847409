/** What a unit says: 10億円 is 1e9 円, money; 千円／t is a ratio. Unknown rather than wrong. */
import type { MeasureKind } from './model.ts'

export interface Unit {
  readonly kind: MeasureKind
  /** The unit without its multiplier: 円 for 10億円. */
  readonly base: string
  /** What a value is multiplied with to be in `base`; null where the unit cannot be read that far. */
  readonly scale: number | null
}

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '))

const MONEY = words('円 ドル 米ドル ユーロ ポンド 元 人民元 ウォン yen dollar dollars u.s.dollars')
// Things that are counted one by one.
const COUNT = words(
  '人 名 世帯 戸 件 社 所 箇所 か所 カ所 ヶ所 個所 事業所 企業 店 店舗 校 学校 学級 園 棟 室 床 施設 団体 法人 組合 組 台 両 隻 艘 機 頭 羽 匹 ' +
    '本 冊 部 枚 個 通 回 便 票 経営体 農家 経営 市町村 市 町 村 区 都道府県 国 ' +
    'person persons household households case cases establishment establishments enterprise enterprises dwelling dwellings unit units',
)
// Lengths of time (時間, 日) and ages are left out: such figures are means far more often than sums.
const QUANTITY = words(
  't トン kg g mg ml l kl リットル キロリットル ha a m2 平方メートル km2 平方キロメートル m3 立方メートル km m kwh mwh gwh wh j mj gj tj pj ' +
    'トンキロ 人キロ tkm ton tons',
)

const MULTIPLIERS: Readonly<Record<string, number>> = {
  十: 10, 百: 100, 千: 1e3, 万: 1e4, 億: 1e8, 兆: 1e12,
  ten: 10, hundred: 100, thousand: 1e3, thousands: 1e3, million: 1e6, millions: 1e6, billion: 1e9, trillion: 1e12,
} // biome-ignore format: two rows, two languages

const MULTIPLIER = /^[十百千万億兆]|^(?:ten|hundred|thousands?|millions?|billion|trillion)\b\.?/

/** Splits `10億円` into 1e9 and 円. */
function split(unit: string): { readonly factor: number; readonly base: string } {
  const [digits = ''] = /^\d+(?:,\d{3})*(?:\.\d+)?(?=\D)/.exec(unit) ?? []
  let factor = digits === '' ? 1 : Number(digits.replaceAll(',', ''))
  let base = unit.slice(digits.length).trimStart()
  for (let match = MULTIPLIER.exec(base); match; match = MULTIPLIER.exec(base)) {
    factor *= MULTIPLIERS[match[0]] ?? 1
    base = base.slice(match[0].length).trimStart()
  }
  return { factor, base }
}

/** A share, or one thing for another: ％, ‰, 千円／t, 人口10万対, 1人当たり円. */
const RATE = /[%‰/]|当たり|あたり|につき|[千万人]対|割合|分率|分比|倍|ポイント|\bper\b|percent/
const INDEX = /=\s*1(?:,?0)?00(?:\.0)?\b|指数|\bindex\b/

/** Reads a unit. Null and "" are an unknown unit of scale null. */
export function readUnit(unit: string | null): Unit {
  const text = (unit ?? '').normalize('NFKC').trim().toLowerCase()
  if (text === '' || text === '-') return { kind: 'unknown', base: '', scale: null }
  if (INDEX.test(text)) return { kind: 'index', base: text, scale: 1 }
  const { factor, base } = split(text)
  if (RATE.test(text)) return rateOf(text, base, factor)
  if (MONEY.has(base)) return { kind: 'money', base, scale: factor }
  if (COUNT.has(base)) return { kind: 'count', base, scale: factor }
  if (QUANTITY.has(base)) return { kind: 'quantity', base, scale: factor }
  return { kind: 'unknown', base: text, scale: factor === 1 && base === text ? 1 : null }
}

/** The multiplier of a ratio belongs to the value only where a plain unit stands over the stroke: 千円/t, not 1000人当たり. */
function rateOf(text: string, base: string, factor: number): Unit {
  const over = base.split('/')[0] ?? ''
  const plain = text.includes('/') && (MONEY.has(over) || COUNT.has(over) || QUANTITY.has(over))
  if (plain) return { kind: 'rate', base, scale: factor }
  return { kind: 'rate', base: text, scale: /^[%‰]$/.test(text) ? 1 : null }
}
