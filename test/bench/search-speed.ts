/**
 * What search costs at the size of e-Stat: the index made in a process of its own, as the origin makes it, then opened
 * from its file and asked. A plain AND scan of the same texts in the same run gives a measure that holds on any machine.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { openCatalogueFile } from '../../origin/adapters/catalogue-file.ts'
import { indexMaker, type MadeIndex } from '../../origin/adapters/catalogue-maker.ts'
import { localStore } from '../../origin/adapters/store-local.ts'
import { search } from '../../origin/estat/search/index.ts'
import { generatedCatalogue } from '../../origin/standin/generate/catalogue.ts'
import { fold } from '../../shared/cacheable/fold.ts'
import { searchEstatData } from '../../shared/cacheable/search-estat-data.ts'
import { questionsOf } from './search-questions.ts'

const SEED = 20_261_120
const PAGE = 10_000
const ROUNDS = 3

/** @param tables Distinct tables of the generated catalogue. */
export async function measure(tables: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'search-bench-'))
  try {
    const { path, made } = await built(tables, folder)
    await ask(path, made, tables)
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function built(tables: number, folder: string): Promise<{ path: string; made: MadeIndex }> {
  const store = localStore({ dataDir: folder, bucket: 'bench' })
  const pages: string[] = []
  let lines: string[] = []
  const flush = async (): Promise<void> => {
    const key = `catalogue/bench/page-${String(pages.length).padStart(5, '0')}.ndjson.gz`
    await store.put(key, gzipSync(lines.join('\n'), { level: 1 }))
    pages.push(key)
    lines = []
  }
  for (const entry of generatedCatalogue({ seed: SEED, tables })) {
    lines.push(JSON.stringify(entry))
    if (lines.length === PAGE) await flush()
  }
  if (lines.length > 0) await flush()
  const seen: MadeIndex[] = []
  const start = performance.now()
  const make = indexMaker({ store, tempDir: join(folder, 'tmp'), onMade: (one) => void seen.push(one) })
  await make(pages, 'catalogue/bench/index.bin')
  const [made] = seen
  if (made === undefined) throw new Error('No index was made.')
  console.log(
    `\n${made.tables} tables: index made in ${seconds(performance.now() - start)} by a process of ${mega(made.peak)} at the most; file ${mega(made.bytes)}`,
  )
  return { path: await store.localPath('catalogue/bench/index.bin'), made }
}

async function ask(path: string, { tables }: MadeIndex, size: number): Promise<void> {
  const start = performance.now()
  const file = openCatalogueFile(path)
  console.log(`opened in ${seconds(performance.now() - start)}; ${mega(file.bytes)} of arrays in memory`)
  const questions = [...questionsOf('to-survey', 'visible'), ...questionsOf('to-series', 'visible')].map(
    (one) => one.question,
  )
  const inputs = questions.map((query) => searchEstatData.normalise(searchEstatData.input.parse({ query })))
  for (const input of inputs.slice(0, 20)) search(file.index, input, 3)
  const millis = inputs.flatMap((input) =>
    Array.from({ length: ROUNDS }, () => timed(() => search(file.index, input, 3))),
  )
  const texts = Array.from(generatedCatalogue({ seed: SEED, tables: size }), (one) =>
    fold(`${one.title} ${one.statisticsName} ${one.statName.name}`),
  )
  const scans = questions.map((question) => {
    const words = fold(question).split(' ')
    return timed(() => texts.filter((text) => words.every((word) => text.includes(word))))
  })
  console.log(
    `${inputs.length} questions to ${tables} tables, ${ROUNDS} times each, warm: ${say(millis)}; plain AND scan: ${say(scans)}`,
  )
  file.close()
}

function timed(work: () => unknown): number {
  const start = performance.now()
  work()
  return performance.now() - start
}

function say(millis: readonly number[]): string {
  const sorted = millis.toSorted((a, b) => a - b)
  const at = (share: number): string => `${(sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(0)} ms`
  return `p50 ${at(0.5)}, p95 ${at(0.95)}, worst ${at(1)}`
}

const seconds = (millis: number): string => `${(millis / 1000).toFixed(1)} s`
const mega = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`
