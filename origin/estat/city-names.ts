/**
 * Large cities in kana and in English, as a caller may type them: the designated cities, the prefectures' capitals and
 * the special wards of Tokyo whose name is theirs alone. The official list of areas has neither reading nor English,
 * so the other municipalities go by their Japanese names.
 */
export interface CityName {
  /** Five digits. */
  readonly code: string
  /** Hiragana, without 市 or 区. */
  readonly reading: string
  /** As e-Stat's English tables write it: `Yokohama-shi`. */
  readonly english: string
}

const CITIES =
  '01100 さっぽろ Sapporo|02201 あおもり Aomori|03201 もりおか Morioka|04100 せんだい Sendai|05201 あきた Akita|' +
  '06201 やまがた Yamagata|07201 ふくしま Fukushima|08201 みと Mito|09201 うつのみや Utsunomiya|10201 まえばし Maebashi|' +
  '11100 さいたま Saitama|12100 ちば Chiba|14100 よこはま Yokohama|14130 かわさき Kawasaki|14150 さがみはら Sagamihara|' +
  '15100 にいがた Niigata|16201 とやま Toyama|17201 かなざわ Kanazawa|18201 ふくい Fukui|19201 こうふ Kofu|' +
  '20201 ながの Nagano|21201 ぎふ Gifu|22100 しずおか Shizuoka|22130 はままつ Hamamatsu|23100 なごや Nagoya|24201 つ Tsu|' +
  '25201 おおつ Otsu|26100 きょうと Kyoto|27100 おおさか Osaka|27140 さかい Sakai|28100 こうべ Kobe|29201 なら Nara|' +
  '30201 わかやま Wakayama|31201 とっとり Tottori|32201 まつえ Matsue|33100 おかやま Okayama|34100 ひろしま Hiroshima|' +
  '35203 やまぐち Yamaguchi|36201 とくしま Tokushima|37201 たかまつ Takamatsu|38201 まつやま Matsuyama|39201 こうち Kochi|' +
  '40100 きたきゅうしゅう Kitakyushu|40130 ふくおか Fukuoka|41201 さが Saga|42201 ながさき Nagasaki|43100 くまもと Kumamoto|' +
  '44201 おおいた Oita|45201 みやざき Miyazaki|46201 かごしま Kagoshima|47201 なは Naha'

const WARDS =
  '13101 ちよだ Chiyoda|13104 しんじゅく Shinjuku|13105 ぶんきょう Bunkyo|13106 たいとう Taito|13107 すみだ Sumida|' +
  '13108 こうとう Koto|13109 しながわ Shinagawa|13110 めぐろ Meguro|13111 おおた Ota|13112 せたがや Setagaya|' +
  '13113 しぶや Shibuya|13114 なかの Nakano|13115 すぎなみ Suginami|13116 としま Toshima|13118 あらかわ Arakawa|' +
  '13119 いたばし Itabashi|13120 ねりま Nerima|13121 あだち Adachi|13122 かつしか Katsushika|13123 えどがわ Edogawa'

const read = (packed: string, suffix: string): CityName[] =>
  packed.split('|').map((one) => {
    const [code = '', reading = '', english = ''] = one.split(' ')
    return { code, reading, english: `${english}${suffix}` }
  })

export const CITY_NAMES: readonly CityName[] = [...read(CITIES, '-shi'), ...read(WARDS, '-ku')]
