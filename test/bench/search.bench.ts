/**
 * Search at the size of e-Stat: `node test/bench/search.bench.ts [tables]`. Prints build time, memory and milliseconds
 * for each question, beside a plain AND scan over the same titles in the same run (their ratio holds on any machine).
 */
import { fold } from '../../shared/cacheable/fold.ts'
import { searchEstatData } from '../../shared/cacheable/search-estat-data.ts'
import { buildIndex, search } from '../../origin/estat/search/index.ts'
import { countOf } from '../../origin/estat/search/texts.ts'
import type { CatalogueEntry } from '../../origin/ports.ts'
import { loadSample } from '../../origin/sample/load-sample.ts'

const QUESTIONS = [
  '人口',
  '東京都の人口の推移',
  '平成27年 国勢調査 年齢別 世帯',
  '失業率',
  'coffee imports',
  '事業所数 従業者数 産業別 都道府県',
  '高齢単身世帯数及介護認定率推移分析結果報告書', // unspaced and unknown
  Array.from({ length: 200 }, (_, at) => String.fromCharCode(0x4e00 + at * 7)).join(' '), // as many words as fit
]
const ROUNDS = 5

/** Copies of the sample's listings under other ids, years and numbers, so that words are as common as in real titles. */
function catalogueOf(size: number): CatalogueEntry[] {
  const sample = loadSample()
    .catalogue.entries()
    .filter(({ smallArea, id }) => !smallArea && !id.startsWith('8003'))
  return Array.from({ length: size }, (_, at) => {
    const model = sample[at % sample.length] as CatalogueEntry
    const copy = Math.floor(at / sample.length)
    const other = sample[(at * 7 + copy) % sample.length] as CatalogueEntry
    return {
      ...model,
      id: String(at).padStart(10, '0'),
      title: `${model.title} ${other.title.slice(0, 12 + (copy % 9))} ${copy % 40}`,
      statisticsName: `${model.statisticsName} ${1980 + (copy % 45)}年`,
      bundled: false,
    }
  })
}

function timed<T>(work: () => T): { millis: number; value: T } {
  const start = performance.now()
  const value = work()
  return { millis: performance.now() - start, value }
}

const best = (work: () => unknown): number => Math.min(...Array.from({ length: ROUNDS }, () => timed(work).millis))

const size = Number(process.argv[2] ?? 230_000)
const entries = catalogueOf(size)
/** Exact with `node --expose-gc`, else garbage is counted too. */
const collect = (globalThis as { gc?: () => void }).gc ?? ((): void => {})
collect()
const before = process.memoryUsage()
const { millis, value: index } = timed(() => buildIndex(entries))
collect()
const after = process.memoryUsage()
const grown = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers
console.log(
  `${size} tables: index built in ${(millis / 1000).toFixed(1)} s, ${(grown / 1e6).toFixed(0)} MB more in use`,
)
console.log(
  `${countOf(index.titles.texts)} titles, ${countOf(index.heads.texts)} heads, ${index.titles.postings.bytes.length} bytes of postings`,
)
const texts = entries.map(({ title, statisticsName, statName }) => fold(`${title} ${statisticsName} ${statName.name}`))
for (const question of QUESTIONS) {
  const input = searchEstatData.normalise(searchEstatData.input.parse({ query: question }))
  const ours = best(() => search(index, input))
  const words = fold(question).split(' ')
  const scan = best(() => texts.filter((text) => words.every((word) => text.includes(word))))
  const found = search(index, input).tables
  console.log(
    `${question.slice(0, 24)}: ${ours.toFixed(1)} ms for ${found} tables; plain scan ${scan.toFixed(1)} ms; ratio ${(ours / scan).toFixed(2)}`,
  )
}
