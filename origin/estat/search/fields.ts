/**
 * Statistical fields (分野), what `stats_field` takes: two digits for a major field (manual 3.0, MAIN_CATEGORY), four
 * for a minor one. Minor fields are the ones that recorded lists show; the manual names them nowhere.
 */
export interface Field {
  readonly code: string
  readonly name: string
}

export const MAJOR_FIELDS: readonly Field[] = (
  '01 国土・気象,02 人口・世帯,03 労働・賃金,04 農林水産業,05 鉱工業,06 商業・サービス業,07 企業・家計・経済,' +
  '08 住宅・土地・建設,09 エネルギー・水,10 運輸・観光,11 情報通信・科学技術,12 教育・文化・スポーツ・生活,13 行財政,' +
  '14 司法・安全・環境,15 社会保障・衛生,16 国際,99 その他'
)
  .split(',')
  .map((pair) => ({ code: pair.slice(0, 2), name: pair.slice(3) }))

export const MINOR_FIELDS: readonly Field[] = (
  '0201 人口,0301 労働力,0502 製造業,0701 企業活動,0703 物価,0704 家計,0705 国民経済計算,0801 住宅・土地,1401 司法,' +
  '1601 貿易・国際収支,9999 その他'
)
  .split(',')
  .map((pair) => ({ code: pair.slice(0, 4), name: pair.slice(5) }))
