/** Prefectures in kana, as a caller may type them: とうきょう, トウキョウト, ﾄｳｷｮｳ. */
import { PREFECTURES, type Prefecture } from './prefectures.ts'
import { fold } from './text.ts'

/** In order of code; the ending (と, ふ, けん) may be left out, but for ほっかいどう. */
const READINGS =
  'ほっかいどう あおもりけん いわてけん みやぎけん あきたけん やまがたけん ふくしまけん いばらきけん とちぎけん ぐんまけん さいたまけん ちばけん ' +
  'とうきょうと かながわけん にいがたけん とやまけん いしかわけん ふくいけん やまなしけん ながのけん ぎふけん しずおかけん あいちけん みえけん ' +
  'しがけん きょうとふ おおさかふ ひょうごけん ならけん わかやまけん とっとりけん しまねけん おかやまけん ひろしまけん やまぐちけん とくしまけん ' +
  'かがわけん えひめけん こうちけん ふくおかけん さがけん ながさきけん くまもとけん おおいたけん みやざきけん かごしまけん おきなわけん'

/** In order of `PREFECTURES`, with the ending. */
export const PREFECTURE_READINGS: readonly string[] = READINGS.split(' ')

const byReading = new Map<string, Prefecture>(
  PREFECTURE_READINGS.flatMap((reading, index) => {
    const prefecture = PREFECTURES[index]
    if (prefecture === undefined) return []
    const short = reading === 'ほっかいどう' ? reading : reading.replace(/(?:けん|ふ|と)$/, '')
    return [reading, short].map((form): [string, Prefecture] => [form, prefecture])
  }),
)

export const toHiragana = (text: string): string =>
  text.replace(/[ァ-ヶ]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) - 0x60))

export const readPrefecture = (text: string): Prefecture | null => byReading.get(toHiragana(fold(text))) ?? null
