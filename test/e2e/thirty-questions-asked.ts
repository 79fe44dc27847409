/**
 * Thirty questions as people ask them, and the figure each must end in, typed from the recorded answers of e-Stat
 * (`thirty-questions.test.ts` holds them to the recordings where those are at hand).
 */

export interface Question {
  readonly ask: string
  /** What a person would type next where the question itself does not find the table. */
  readonly thenSearch?: readonly string[]
  /** What a reader looks for in the list of tables. */
  readonly table: RegExp
  /** What the figure is about, in the words of the question; `axis=word` where a word stands on several axes. */
  readonly words: readonly string[]
  readonly value: number
  readonly unit: string | null
  /** The recording, and names that only this cell has there. */
  readonly recorded: readonly [file: string, ...names: string[]]
}

type Asked = readonly [ask: string, words: readonly string[], value: number, ...names: string[]]
type Table = Pick<Question, 'table' | 'unit'> & { readonly file: string; readonly thenSearch?: readonly string[] }

const of = ({ table, unit, file, thenSearch = [] }: Table, asked: readonly Asked[]): readonly Question[] =>
  asked.map(([ask, words, value, ...names]) => ({
    ask,
    thenSearch,
    table,
    words,
    value,
    unit,
    recorded: [file, ...names],
  }))

const census = {
  table: /^男女別人口及び人口性比.*都道府県/,
  unit: '人',
  thenSearch: ['国勢調査 時系列 男女別人口 都道府県'],
}
const byAge = {
  table: /年齢（5歳階級），男女別人口.*全国/,
  unit: '人',
  thenSearch: ['国勢調査 年齢 男女別人口 時系列', '年齢 男女別人口 人口性比 全国'],
}
const towns = { table: /人口・世帯$/, unit: '人', thenSearch: ['社会・人口統計体系 市区町村データ 人口・世帯'] }
const gdp = { table: /国内総生産（支出側）.*名目原系列/, unit: '10億円', thenSearch: ['国内総生産 名目 四半期'] }
const labour = { table: /就業状態別15歳以上人口/, unit: '万人', thenSearch: ['労働力調査 就業状態別'] }
const coffee = { table: /コーヒー豆/, file: 'statsdata_0003280145_raw.json', thenSearch: ['コーヒー豆 輸入'] }
const prices = { table: /消費者物価指数（2025年基準）/, unit: null, thenSearch: ['消費者物価指数 2025年基準'] }

export const QUESTIONS: readonly Question[] = [
  ...of({ ...census, file: 'labels_0003410379_prefectures.csv' }, [
    ['東京都の1920年の人口', ['東京都', '1920年'], 3_699_428, '東京都', '1920年'],
    ['東京都の2020年の人口', ['東京都', '2020年'], 14_047_594, '東京都', '2020年'],
    ['population of Osaka in 1950', ['Osaka', '1950年'], 3_857_047, '大阪府', '1950年'],
    ['沖縄県の1950年の人口', ['沖縄県', '1950年'], 914_937, '沖縄県', '1950年'],
    ['鳥取県の人口 令和2年', ['鳥取県', '令和2年'], 553_407, '鳥取県', '2020年'],
    ['昭和20年の北海道の人口', ['北海道', '昭和20年'], 3_518_389, '北海道', '1945年'],
  ]),
  ...of({ ...census, file: 'labels_0003410379_japan.csv' }, [
    ['2010年の日本の人口', ['全国', '2010年'], 128_057_352, '全国', '2010年'],
    ['population of Japan in 1920', ['全国', '1920年'], 55_963_053, '全国', '1920年'],
  ]),
  ...of({ ...towns, file: 'statsdata_0000020201_A1101_v2.1.json' }, [
    ['2015年度の千代田区の人口', ['東京都 千代田区', '2015年度'], 58_406, '東京都 千代田区', '2015年度'],
    ['横浜市の1980年度の人口', ['神奈川県 横浜市', '1980年度'], 2_773_674, '神奈川県 横浜市', '1980年度'],
    ['広島県府中市の2015年度の人口', ['広島県 府中市', '2015年度'], 40_069, '広島県 府中市', '2015年度'],
    ['東京都府中市の2015年度の人口', ['東京都 府中市', '2015年度'], 260_274, '東京都 府中市', '2015年度'],
    ['与那国町の人口 2015年度', ['与那国町', '2015年度'], 1_843, '沖縄県 与那国町', '2015年度'],
  ]),
  ...of({ ...byAge, file: 'labels_0003410380_pyramid.csv' }, [
    ['女性の25～29歳人口 1980年', ['女', '25～29歳', '1980年'], 4_495_887, '女', '25～29歳', '1980年'],
    ['0～4歳の男の人口 1950年', ['男', '0～4歳', '1950年'], 5_792_551, '男', '0～4歳', '1950年'],
    ['women aged 100 and over in 2020', ['女', '100歳以上', '2020年'], 69_757, '女', '100歳以上', '2020年'],
  ]),
  ...of({ ...gdp, file: 'statsdata_0003109741_gdp.xml' }, [
    ['2022年4～6月期の名目GDP', ['国内総生産(支出側)', '2022年4～6月期'], 135_388.6, '国内総生産(支出側)', '2022年4～6月期'],
    ['1994年1～3月期の名目GDP', ['国内総生産(支出側)', '1994年1～3月期'], 123_456.1, '国内総生産(支出側)', '1994年1～3月期'],
    ['家計最終消費支出 名目 2022年4～6月期', ['家計最終消費支出', '2022年4～6月期'], 73_393.2, '民間最終消費支出_家計最終消費支出', '2022年4～6月期'],
    ['nominal GDP: exports, second quarter of 2022', ['財貨・サービス_輸出', '2022年4～6月期'], 29_167.8, '財貨・サービス_輸出', '2022年4～6月期'],
    ['名目GDPの純輸出 2022年4～6月期', ['純輸出', '2022年4～6月期'], -5_114.7, '財貨・サービス_純輸出', '2022年4～6月期'],
  ]), // biome-ignore format: a line for each question
  ...of({ ...coffee, unit: 't' }, [
    ['ブラジルからのコーヒー豆輸入量', ['数量', 'ブラジル'], 137_860, '数量', 'ブラジル'],
  ]),
  ...of({ ...coffee, unit: '百万円' }, [
    ['coffee imports from Colombia, value', ['金額', 'コロンビア'], 25_151, '金額', 'コロンビア'],
  ]),
  ...of({ ...coffee, unit: '％' }, [
    ['コーヒー豆の輸入金額に占めるベトナムの割合', ['金額構成比', 'ベトナム'], 13.6, '金額構成比', 'ベトナム'],
  ]),
  ...of({ ...coffee, unit: '千円／t' }, [['コーヒー豆の平均輸入価格', ['価格', '合計'], 329.4, '価格', '合計']]),
  ...of({ ...labour, file: 'statsdata_0003005798.json' }, [
    ['完全失業者数 2024年1月', ['完全失業者', '性別=総数'], 163, '完全失業者', '総数'],
    ['女性の就業者数 2024年1月', ['就業者', '女'], 3_032, '就業者', '女'],
    ['unemployed men in Japan, January 2024', ['完全失業者', '男'], 92, '完全失業者', '男'],
  ]),
  ...of({ ...prices, file: 'datainf_0004052037_cpi2025_tab1.json' }, [
    ['東京都区部の消費者物価指数 2026年9月', ['指数', '総合', '東京都区部', '2026年9月'], 102.5, '0001 総合', '13100 東京都区部', '2026年9月'],
    ['Tokyo consumer price index, food, September 2026', ['指数', '食料', '東京都区部', '2026年9月'], 103.9, '0002 食料', '13100 東京都区部', '2026年9月'],
  ]), // biome-ignore format: a line for each question
]
