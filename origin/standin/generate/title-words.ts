/** What titles of generated tables are put together from: subjects of each field, and what figures are broken down by. */

const list = (words: string): readonly string[] => words.split(' ')

/** Splits once: a catalogue asks for each list some thousand times. */
function byField(words: Readonly<Record<string, string>>): (field: string) => readonly string[] {
  const lists = new Map(Object.entries(words).map(([field, line]) => [field, list(line)]))
  return (field) => lists.get(field) ?? lists.get('07') ?? []
}

/** By major field. A survey of a field that is missing here takes those of 07. */
const SUBJECTS: Readonly<Record<string, string>> = {
  '02': '人口 世帯数 一般世帯数 世帯人員 人口増減 人口密度 人口性比 出生数 死亡数 婚姻件数 離婚件数 転入者数 転出者数 転入超過数 外国人人口 日本人人口 15歳以上人口 高齢単身世帯数 核家族世帯数 昼間人口 平均余命',
  '03': '就業者数 雇用者数 完全失業者数 完全失業率 労働力人口 非労働力人口 現金給与総額 所定内給与額 実労働時間数 常用労働者数 入職率 離職率 有業者数 短時間労働者数 年間賞与その他特別給与額 有効求人倍率 育児休業取得率',
  '04': '農業経営体数 経営耕地面積 作付面積 収穫量 10ａ当たり収量 農産物販売金額 農業所得 漁業経営体数 漁獲量 養殖収獲量 生乳生産量 飼養頭数 林業経営体数 保有山林面積 農業従事者数 新規就農者数',
  '05': '製造品出荷額等 付加価値額 事業所数 従業者数 原材料使用額等 生産指数 出荷指数 在庫指数 生産能力指数 生産量 販売金額 現金給与総額 有形固定資産年末現在高 稼働率指数',
  '06': '年間商品販売額 売場面積 事業所数 従業者数 商品手持額 販売額 売上高 百貨店・スーパー販売額 コンビニエンスストア商品販売額 年間売上高 契約高 事業従事者数',
  '07': '消費支出 実収入 可処分所得 貯蓄現在高 負債現在高 指数 前年同月比 小売価格 国内総生産 家計最終消費支出 民間企業設備 売上高 経常利益 企業数 事業所数 売上（収入）金額 純付加価値額 設備投資額 １世帯当たり１か月間の支出',
  '08': '住宅数 世帯数 空き家数 着工新設住宅戸数 床面積の合計 工事費予定額 １住宅当たり延べ面積 土地の所有件数 土地面積 建築物の数 家賃',
  '10': '輸出額 輸入額 数量 延べ宿泊者数 外国人延べ宿泊者数 客室稼働率 輸送トン数 輸送人キロ 入港船舶総トン数 海上出入貨物 旅客数 貨物重量',
  '12': '学校数 児童数 生徒数 学生数 教員数 進学率 卒業者数 就職率 平均時間 行動者率 身長 体重 疾病・異常被患率 学習費 図書館数 公民館数 利用者数',
  '14': '認知件数 検挙件数 検挙人員 受理人員 処理人員 登記件数 排出量 処理量 再生利用量 事件数 被害者数',
  '15': '推計患者数 受療率 病床数 病院数 診療所数 平均在院日数 医師数 世帯数 平均所得金額 健診受診者数 予防接種者数 エネルギー摂取量 栄養素等摂取量 要介護者数',
}

export const subjectsOf = byField(SUBJECTS)

/** By major field; one that is missing here takes those of 07. */
const BREAKDOWNS: Readonly<Record<string, string>> = {
  '02': '男女 年齢（5歳階級） 年齢（各歳） 配偶関係（4区分） 世帯の家族類型（16区分） 世帯人員（7区分） 住居の種類・住宅の所有の関係（6区分） 国籍・地域 教育（6区分） 労働力状態（8区分） 5年前の常住地 月',
  '03': '男女 年齢階級 産業（大分類） 産業（中分類） 職業（大分類） 従業上の地位（7区分） 雇用形態 企業規模 学歴 勤続年数階級 週間就業時間 求職理由',
  '04': '経営耕地面積規模 農産物販売金額規模 農業経営組織 作物 魚種 飼養頭数規模 経営体階層 主副業 年齢 漁業種類 品目 月',
  '05': '産業（中分類） 産業（細分類） 従業者規模 経営組織 資本金階級 品目 業種 財 工業地区 月',
  '06': '産業（小分類） 従業者規模 売場面積規模 業態 経営組織 商品 年間商品販売額階級 単独・本支店 契約先産業 月',
  '07': '品目分類 費目 世帯主の年齢階級 年間収入五分位階級 世帯人員 用途 産業（大分類） 経営組織 資本金階級 従業者規模 存続・新設・廃業 月',
  '08': '住宅の種類 住宅の所有の関係（5区分） 建て方（4区分） 建築の時期 構造 世帯の年間収入階級 利用関係 用途 資金 業種 月',
  '10': '品名 国 港 従業者規模 宿泊施設タイプ 国籍 車種 航路 輸送品目 業態 月',
  '12': '設置者 男女 学年 学科 年齢 行動の種類 学校の種類 所在地 職名 曜日 ふだんの就業状態',
  '14': '罪種 年齢 男女 処理区分 手口 被害者の年齢 国籍等 登記の種類 産業廃棄物の種類 業種 月',
  '15': '傷病分類 入院－外来 男女 年齢階級 病院の種類 診療科目 病床の規模 開設者 世帯構造 所得金額階級 栄養素等 月',
}

/** With 別 behind the last of them. */
export const breakdownsOf = byField(BREAKDOWNS)

/** Areas that titles name, and the COLLECT_AREA that goes with each. */
export const COVERAGES: readonly { readonly words: string; readonly areas: readonly string[] }[] = [
  { words: '全国', areas: ['全国'] },
  { words: '全国，都道府県', areas: ['都道府県'] },
  { words: '全国，都道府県，21大都市', areas: ['都道府県'] },
  { words: '都道府県，市区町村', areas: ['市区町村'] },
  { words: '全国，都道府県，市区町村', areas: ['全国', '市区町村', '都道府県'] },
  { words: '全国，市部・郡部，人口集中地区', areas: ['全国'] },
  { words: '', areas: ['該当なし'] },
]

/** What surveys call their volumes. */
export const VOLUMES: readonly string[] = list(
  '基本集計 詳細集計 人口等基本集計 就業状態等基本集計 確報集計 速報 年報 月報 結果表 全国編 都道府県編 第1巻 第2巻 時系列データ 参考表 追加集計',
)
