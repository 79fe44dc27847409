/** What people ask, and the table that must be near the top. Judged over the bundled catalogue, so in every clone. */
import { expect, it } from 'vitest'
import { ask, idsOf } from './catalogue.ts'

const POPULATION = '0003410379'
const PYRAMID = '0003410380'
const CITIES = '0000020201'
const GDP = '0003109741'
const LABOUR = '0003005798'
const COFFEE = '0003280145'
const PRICES = '0004052037'

it.each<[question: string, id: string, within: number]>([
  ['人口', POPULATION, 5],
  ['東京都の人口の推移', POPULATION, 1],
  ['東京都人口推移', POPULATION, 1],
  ['tokyo population trend', POPULATION, 1],
  ['男女比 推移', POPULATION, 1],
  ['令和2年の都道府県別人口を教えて', POPULATION, 5],
  ['population by prefecture 2020', POPULATION, 5],
  ['人口ピラミッド', PYRAMID, 3],
  ['年齢別人口 推移 全国', PYRAMID, 3],
  ['市区町村 人口', CITIES, 5],
  ['千代田区の人口', CITIES, 1],
  ['府中市 人口', CITIES, 1],
  ['GDP', GDP, 1],
  ['ＧＤＰ', GDP, 1],
  ['国内総生産', GDP, 1],
  ['経済成長率', GDP, 1],
  ['gross domestic product', GDP, 1],
  ['GDP 四半期', GDP, 1],
  ['失業率', LABOUR, 1],
  ['労働力', LABOUR, 1],
  ['unemployment rate', LABOUR, 1],
  ['labor force', LABOUR, 3],
  ['就業状態 15歳以上', LABOUR, 1],
  ['コーヒー 輸入', COFFEE, 1],
  ['コーヒー豆の輸入価格', COFFEE, 1],
  ['coffee imports', COFFEE, 1],
  ['消費者物価指数', PRICES, 1],
  ['CPI', PRICES, 1],
  ['インフレ率', PRICES, 1],
  ['consumer price index', PRICES, 1],
  ['物価', PRICES, 1],
  ['昭和55年国勢調査', '0000030001', 1],
  ['平成7年 国勢調査 住宅', '0000032266', 1],
  ['2020年 人口', '0003433219', 2],
  ['がん 死亡率', '0003464098', 1],
  ['cancer deaths', '0003464098', 1],
  ['心臓病', '0003464100', 1],
  ['患者数 推移', '0004025886', 2],
  ['野菜 青森県', '0003425036', 1],
  ['交通事故', '0003281586', 3],
  ['machinery orders', '0003355224', 2],
  ['コンビニ', '0003014522', 1],
  ['賃金', '0003425893', 1],
  ['年収 年齢', '0003425893', 1],
  ['家計調査 品目', '0003013276', 1],
  ['高齢者 割合', '0003448299', 5],
  ['大学 研究者数', '0003117584', 1],
  ['空き家率', '0003355290', 3],
  ['騒音 苦情', '0003353825', 1],
  ['病院数 病床数 市区町村', '0003421874', 1],
  ['事業所数 従業者数 産業別 都道府県', '0003353919', 2],
  ['人権侵犯', '0003286680', 1],
  ['在留資格', '0003449073', 1],
  ['だいこん', '0001873398', 1],
  ['小地域 人口 北海道', '8003000019', 1],
])('%s finds %s among the first %i', (question, id, within) => {
  expect(idsOf(ask(question)).slice(0, within)).toContain(id)
})

it.each(['ビットコイン', 'zzzz'])('says that it does not know %s, and invents nothing', (question) => {
  const found = ask(question)
  expect(found).toMatchObject({ tables: 0, hits: [], nextCursor: null })
  expect(found.unknown.length).toBeGreaterThan(0)
})

it('finds the survey that asks for what no title names', () => {
  const found = ask('みかんの収穫量')
  expect(found.hits[0]?.parts).toHaveProperty('topic')
  expect(found.hits[0]?.entry.govOrg.name).toBe('農林水産省')
})

it('answers the rest of a question with an unknown word, and names the word', () => {
  const found = ask('ビットコイン 人口')
  expect(found.unknown).toEqual(['ビットコイン'])
  expect(idsOf(found)).toContain(POPULATION)
})

it('puts the table first whose id was asked for', () => {
  expect(idsOf(ask('0003411656 人口'))[0]).toBe('0003411656')
  expect(idsOf(ask('0003411656'))).toEqual(['0003411656'])
})

it('reads a survey code in the query as that survey', () => {
  const found = ask('00200521 世帯', { max_results: 20 })
  expect(found.understood.surveys).toContainEqual({ code: '00200521', name: '国勢調査', by: 'code' })
  expect(found.hits.every(({ entry }) => entry.statName.code === '00200521')).toBe(true)
})
