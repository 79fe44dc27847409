import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CatalogueFile, openCatalogueFile, writeCatalogueFile } from '../../../origin/adapters/catalogue-file.ts'
import { buildIndex, search } from '../../../origin/estat/search/index.ts'
import { inputOf, sampleEntries } from '../estat/search/catalogue.ts'

const live = sampleEntries.map((entry) => ({ ...entry, bundled: false }))
const built = buildIndex(live)
let folder: string
let file: CatalogueFile

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'catalogue-'))
  await writeCatalogueFile(join(folder, 'index.bin'), built)
  file = openCatalogueFile(join(folder, 'index.bin'))
})
afterAll(async () => {
  file.close()
  await rm(folder, { recursive: true })
})

it('holds every listing as it was', () => {
  expect(file.index.count).toBe(live.length)
  for (let row = 0; row < file.index.count; row += 1) expect(file.index.entryAt(row)).toEqual(built.entryAt(row))
})

it.each<Record<string, unknown>>([
  { query: '東京都の人口の推移' },
  { query: '国勢調査 2015年 年齢', max_results: 20 },
  { query: 'unemployment rate', scoring_method: 'basic' },
  { query: '病院数 病床数', stats_field: '15' },
  { query: '人口', collect_area: '2', survey_years: '2015' },
  { query: '00200521 世帯' },
])('answers %j as the index in memory does', (raw) => {
  expect(search(file.index, inputOf(raw))).toEqual(search(built, inputOf(raw)))
})

it('says how much memory it takes', () => {
  expect(file.bytes).toBeGreaterThan(100_000)
  expect(file.bytes).toBeLessThan(live.length * 600)
})

describe('a damaged file is refused', () => {
  it('cut short', async () => {
    const path = join(folder, 'short.bin')
    await writeCatalogueFile(path, built)
    await truncate(path, 50_000)
    expect(() => openCatalogueFile(path)).toThrow(/cut short/)
  })

  it('something else', async () => {
    const path = join(folder, 'other.bin')
    await writeFile(path, '{"this is": "no index at all, but long enough"}')
    expect(() => openCatalogueFile(path)).toThrow(/no search index/)
  })
})
