/** Cuts unspaced Japanese into words that titles or the dictionary hold: 人口推移 is 人口 and 推移. */
import { termsFor } from './dictionary/index.ts'
import { isLatin, wordsOf } from './text.ts'

/** Asked around the subject, not about it. Removed before anything else. */
const ASKING =
  /(?:を|について|に関する|に関して|は)?(?:教えて|知りたい|調べて|見たい|見せて|探して|ほしい|欲しい|ください|下さい|お願いします|お願い|何人|いくら|どのくらい|どれくらい|ですか|でしょうか|ありますか|どうですか|どうして|どれぐらい|どのぐらい|何歳|何件|何本|いくつ|どの)/gu

/** Particles between words. の and を part words after hiragana too (みかんの収穫); the others only after kanji, kana of names or letters. */
const PARTICLE =
  /(?<=[\p{L}\p{N}])(?:における|について|に関する|に関して|による|ごとの|および|及び|並びに|または|又は|から見た|の|を)(?=[^\p{Script=Hiragana}]|お|こ|$)|(?<=[^\p{Script=Hiragana}])(?:は|が|に|で|と|や|へ|から|まで|より|ごと)(?=[^\p{Script=Hiragana}]|$)/gu

const STOP = new Set(
  'all,less,or,more,each,other,since,between,before,after,over,about,his,her,their,own,some,any,every,データ,統計,統計データ,統計表,情報,数字,日本,日本の,of,the,in,for,and,on,to,a,an,per,japan,japanese,data,dataset,statistics,statistical,table,number,how,many,what,which,where,is,are,was,were,there,me,show,find,get,give,much,does,do,did,live,january,february,march,april,may,june,july,august,september,october,november,december,with,from,as,at,s,its,by'.split(
    ',',
  ),
)

/** Words that say how something is counted or shown, not what: they decide among tables, they do not find them. */
const GENERIC = new Set(
  (
    '割合,比率,率,数,人,人数,件数,金額,量,平均,合計,総数,内訳,状況,実態,一覧,比較,ランキング,順位,まとめ,結果,調査,全国,地域,全体,表,一人,1人,' +
    '年間,毎年,月別,年別,毎月,種類,方法,自分,水準,規模,時代,年,月,経験,集計,' +
    'rate,ratio,share,percentage,total,average,mean,amount,level,type,kind,item,size,year,month,monthly,annual,quarterly,' +
    'survey,result,trend,change,comparison,ranking,situation,use,report,fiscal,detailed,common,time,five,two,class,category'
  ).split(','),
)

export const isGeneric = (word: string): boolean => GENERIC.has(word) || GENERIC.has(word.replace(/s$/, ''))

export const isStop = (word: string): boolean => STOP.has(word)

/** Verbs of everyday questions, as titles say them. Written with their endings, which vary. */
const VERBS: readonly (readonly [RegExp, string])[] = [
  [/働(?:く|け|い[てた]|き(?:たい|ます)|か(?:な|せ))\p{Script=Hiragana}*/gu, ' 就業 '],
  [/住(?:む|ん[でだ]|み(?:たい|ます)|ま(?:な|れ))\p{Script=Hiragana}*/gu, ' 居住 '],
  [/稼(?:ぐ|げ|い[でだ]|が(?:な|れ))\p{Script=Hiragana}*/gu, ' 所得 '],
  [/(?:亡くな|死)[らりるれろっん]\p{Script=Hiragana}*/gu, ' 死亡 '],
  [/(?:生まれ|産まれ)\p{Script=Hiragana}*/gu, ' 出生 '],
  [/(?:辞|や)め(?:た|る|て)\p{Script=Hiragana}*/gu, ' 離職 '],
  [/買(?:う|え|っ[てた]|いたい|わ(?:な|れ))\p{Script=Hiragana}*/gu, ' 購入 '],
  [/吸(?:う|え|っ[てた]|いたい|わ(?:な|れ))\p{Script=Hiragana}*/gu, ' 喫煙 '],
]

/** Endings of verbs and what holds a sentence together, between words that carry it: 結婚していない人, 増えているか. */
const INFLECTION =
  /(?<=[^\p{Script=Hiragana}\s])(?:し|っ|い|え|け|き|れ|り|み|べ|げ|ん|わ|ば|せ|ら|じ)?(?:てい(?:ない|る|ます|た)|でいる|ている|していない|している|した|する|して|ない|たい|ことがある|がある|のある|ある|いる|います|さん|くらい|ぐらい|のうち|うち|など|とか|かどうか|という|ながら|まま|について|ため|ほど|だけ|られ|れる)+(?:か|ます|ですか|の|と|に|は|が|を)*(?=[^\p{Script=Hiragana}]|$)/gu

/** 別 parts words as titles use it (年齢別人口, 都道府県別); not in 特別, 個別, 差別, 死別, 離別, 識別, 判別, nor after one letter (性別). */
const BY = /(?<=\p{L}[^\P{L}特個差死離識判])別(?=[\p{L}\p{N}]{2}|\s|$)/gu
/** What is left before a word when the year or place in front of it is gone. */
const LEFT_OVER = /(?<=^|\s)[のはをにでがともや](?=[^\s\p{Script=Hiragana}])/gu

/** Words of a question in search form, particles and polite endings gone. */
export const contentWords = (form: string): string[] =>
  wordsOf(
    [ASKING, INFLECTION, PARTICLE, BY, LEFT_OVER].reduce((text, noise) => text.replace(noise, ' '), asNouns(form)),
  )

const asNouns = (form: string): string =>
  VERBS.reduce((text, [verb, noun]) => text.replace(verb, (found) => (termsFor(found).length > 0 ? found : noun)), form)

/** Two letters of hiragana are grammar, and so is a word that begins or ends in the middle of it. */
const GRAMMAR = /^\p{Script=Hiragana}{2}$|^[をんっゃゅょーがはにのでへと]\p{Script=Hiragana}*|っ$/u

/** Says how something is counted, not what: 空き家率 asks for 空き家. */
const SUFFIX = /[数率者額量比等表]$/u

/**
 * The cheapest cut of a word that is not known as a whole: 1 for each known part, 2 for each letter that belongs to none.
 * Unknown letters side by side stay together; a single one beside known parts is dropped. Among equals the longer first part wins.
 */
export function segment(word: string, isKnown: (part: string) => boolean): string[] {
  const known = (part: string): boolean =>
    part.length > 1 && (termsFor(part).length > 0 || isStop(part) || (isKnown(part) && !GRAMMAR.test(part)))
  if (word.length < 3 || word.length > 40 || isLatin(word) || known(word)) return [word]
  const cost = Array.from({ length: word.length + 1 }, () => 0)
  const next = Array.from({ length: word.length + 1 }, () => word.length)
  for (let at = word.length - 1; at >= 0; at -= 1) {
    cost[at] = (at === word.length - 1 && SUFFIX.test(word) ? 0.5 : 2) + (cost[at + 1] ?? 0)
    next[at] = at + 1
    for (let end = at + 2; end <= word.length; end += 1) {
      const whole = 1 + (cost[end] ?? 0)
      if (whole <= (cost[at] ?? 0) && known(word.slice(at, end))) {
        cost[at] = whole
        next[at] = end
      }
    }
  }
  return join(word, next)
}

function join(word: string, next: readonly number[]): string[] {
  const parts: string[] = []
  let loose = ''
  const flush = (): void => {
    if (loose !== '') parts.push(...written(loose))
    loose = ''
  }
  for (let at = 0; at < word.length; at = next[at] ?? word.length) {
    const part = word.slice(at, next[at])
    if (part.length === 1) loose += part
    else {
      flush()
      parts.push(part)
    }
  }
  flush()
  const long = parts.filter((part) => part.length > 1)
  return long.length > 0 ? long : [word]
}

const HIRAGANA = /^\p{Script=Hiragana}+$/u

/** Of letters that no known word holds: what is written in kanji, katakana or Latin letters; hiragana is grammar. */
const written = (loose: string): readonly string[] =>
  loose.match(/[^\p{Script=Hiragana}]{2,}/gu) ?? (HIRAGANA.test(loose) ? [] : [loose])
