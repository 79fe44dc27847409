/**
 * Surveys that generated catalogues are made of: codes and names from the official list of government statistics codes
 * (政府統計コード), the fields from recorded lists. What their generated tables are called is ours.
 */
import type { CodeName } from '../../estat/model.ts'

/** A survey as the generator takes it. */
export interface GeneratedSurvey {
  readonly code: string
  readonly name: string
  readonly organisation: CodeName
  /** 月次, 四半期, 年次 or -, as CYCLE says it. */
  readonly cycle: string
  /** Major field (主要分野): the first two digits of `statsField`. */
  readonly field: CodeName
}

const FIELDS: Readonly<Record<string, string>> = {
  '02': '人口・世帯',
  '03': '労働・賃金',
  '04': '農林水産業',
  '05': '鉱工業',
  '06': '商業・サービス業',
  '07': '企業・家計・経済',
  '08': '住宅・土地・建設',
  '10': '運輸・観光',
  '12': '教育・文化・スポーツ・生活',
  '14': '司法・安全・環境',
  '15': '社会保障・衛生',
}

/** By the first four digits of the survey's code. */
const ORGANISATIONS: Readonly<Record<string, string>> = {
  '0010': '内閣府',
  '0013': '警察庁',
  '0020': '総務省',
  '0025': '法務省',
  '0035': '財務省',
  '0040': '文部科学省',
  '0045': '厚生労働省',
  '0050': '農林水産省',
  '0055': '経済産業省',
  '0060': '国土交通省',
  '0065': '環境省',
}

/** Field, then code, cycle and name of each survey; the busiest first, as the first ones weigh most. */
const LINES: readonly (readonly [field: string, surveys: string])[] = [
  ['02', '00200521 - 国勢調査,00200524 年次 人口推計,00450011 年次 人口動態調査'],
  ['03', '00200531 月次 労働力調査,00200532 - 就業構造基本調査,00450091 年次 賃金構造基本統計調査'],
  ['07', '00200561 月次 家計調査,00200553 - 経済センサス‐活動調査,00200573 月次 消費者物価指数'],
  ['08', '00200522 - 住宅・土地統計調査,00600120 月次 建築着工統計調査'],
  ['12', '00400001 年次 学校基本調査,00200533 - 社会生活基本調査'],
  ['04', '00500209 - 農林業センサス,00500201 年次 農業経営統計調査,00500215 年次 作物統計調査'],
  ['15', '00450022 - 患者調査,00450021 年次 医療施設調査,00450061 年次 国民生活基礎調査'],
  ['05', '00550010 年次 工業統計調査,00550200 月次 経済産業省生産動態統計調査'],
  ['06', '00550020 - 商業統計調査,00550030 月次 商業動態統計調査'],
  ['10', '00350300 月次 普通貿易統計,00601020 月次 宿泊旅行統計調査,00600330 月次 自動車輸送統計調査'],
  ['02', '00200523 月次 住民基本台帳人口移動報告,00250011 年次 出入国管理統計,00450012 年次 生命表'],
  ['03', '00450071 月次 毎月勤労統計調査,00450073 年次 雇用動向調査,00450099 年次 就労条件総合調査'],
  [
    '07',
    '00200564 - 全国家計構造調査（旧全国消費実態調査）,00200552 - 経済センサス‐基礎調査,00200571 月次 小売物価統計調査',
  ],
  ['07', '00100409 四半期 国民経済計算,00350600 四半期 法人企業統計調査'],
  ['04', '00500210 - 漁業センサス,00500216 年次 海面漁業生産統計調査,00500225 月次 牛乳乳製品統計調査'],
  ['15', '00450025 年次 地域保健・健康増進事業報告,00450171 年次 国民健康・栄養調査'],
  ['14', '00130001 年次 犯罪統計,00250003 年次 検察統計調査,00250002 月次 登記統計'],
  ['14', '00650102 年次 産業廃棄物排出・処理状況調査'],
  ['12', '00400002 年次 学校保健統計調査,00400004 - 社会教育調査,00400201 - 子供の学習費調査'],
  ['06', '00550040 年次 特定サービス産業実態調査,00200544 月次 サービス産業動向調査'],
  ['10', '00600280 年次 港湾調査,00600360 月次 航空輸送統計調査'],
  ['05', '00550300 月次 鉱工業生産・出荷・在庫指数'],
  ['08', '00600470 - 法人土地・建物基本調査'],
]

export const SURVEYS: readonly GeneratedSurvey[] = LINES.flatMap(([field, surveys]) =>
  surveys.split(',').map((line) => {
    const [code = '', cycle = '', name = ''] = line.split(' ')
    return {
      code,
      name,
      cycle,
      organisation: { code: `${code.slice(0, 4)}0`, name: ORGANISATIONS[code.slice(0, 4)] ?? '' },
      field: { code: field, name: FIELDS[field] ?? '' },
    }
  }),
)
