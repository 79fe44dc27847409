/** Spellings of one name: 龍ヶ崎 and 竜ケ崎, 國勢 and 国勢. Never shown; only where nothing else fits. */

// Old forms (旧字体) and the itaiji seen in names of places and surveys, each with its usual form after it.
const PAIRS =
  '國国學学廣広澤沢邊辺邉辺齋斎齊斉髙高﨑崎縣県區区圓円萬万當当會会鐵鉄櫻桜濱浜瀨瀬檜桧龍竜實実數数總総經経濟済產産發発戶戸關関' +
  '臺台醫医藥薬榮栄惠恵來来與与豐豊應応禮礼寶宝驛駅鹽塩灣湾嶋島嶌島舊旧壽寿聲声靜静眞真曾曽德徳步歩淺浅瀧滝條条獨独當当禪禅缺欠' +
  '繩縄續続藏蔵號号衞衛譽誉變変讀読豫予轉転邨村醬醤釀醸銕鉄雜雑靈霊顯顕飜翻驗験鷄鶏麥麦黑黒點点齒歯龜亀﨔欅檢検權権歸帰殘残氣気' +
  '澁渋渕淵佛仏價価假仮傳伝兒児兩両冨富劍剣勞労勳勲單単嚴厳團団圍囲圖図壓圧壘塁壯壮奧奥孃嬢寢寝對対專専屬属峽峡巖巌'

const plain = new Map(
  Array.from(PAIRS).flatMap((old, index, all): [string, string][] =>
    index % 2 === 0 ? [[old, all[index + 1] ?? old]] : [],
  ),
)

// Spans of ages and sizes: 0～14歳 and 0-14歳.
const DASH = /(?<=\d(?:歳|人|年)?)[-‐-―−ー〜～](?=\d)/gu
// Variation selectors choose a glyph of one character (葛󠄀 and 葛). ノ, の and 之 in names: 一之宮, 一ノ宮.
const SELECTOR = /[\uFE00-\uFE0F\u{E0100}-\u{E01EF}]/gu

/** The usual spelling of a folded text (`fold`). */
export const plainSpelling = (folded: string): string =>
  Array.from(folded.replace(SELECTOR, ''), (character) => plain.get(character) ?? character)
    .join('')
    .replace(DASH, '~')
    .replace(/[ヶヵガが](?=.)/gu, 'ケ')
    .replace(/(?<=.)[のノ之](?=.)/gu, 'ノ')
