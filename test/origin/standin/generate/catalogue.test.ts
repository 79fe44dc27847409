/** Generated catalogues: what search and its index are measured on. */
import { describe, expect, it } from 'vitest'
import { decodeTableInfo } from '../../../../origin/estat/decode-table-info.ts'
import { generatedCatalogue, generatedEntry, generatedListings } from '../../../../origin/standin/generate/catalogue.ts'
import { loadSample } from '../../../../origin/sample/load-sample.ts'
import { asking, at, many } from '../ask.ts'

const OPTIONS = { seed: 7, tables: 3000 }
const entries = [...generatedCatalogue(OPTIONS)]

describe('A generated catalogue', () => {
  it('is the same again from the same seed, in any order, and another from another', () => {
    expect([...generatedCatalogue(OPTIONS)]).toEqual(entries)
    expect(generatedEntry(OPTIONS, 2999)).toEqual(entries.at(-1))
    const others = [...generatedCatalogue({ ...OPTIONS, seed: 8 })]
    expect(others.filter(({ title }, place) => title === entries[place]?.title).length).toBeLessThan(300)
  })

  it('has ten-digit ids that no table of the sample has', () => {
    const ids = new Set(entries.map(({ id }) => id))
    expect(ids.size).toBe(3000)
    expect([...ids].filter((id) => !/^\d{10}$/.test(id))).toEqual([])
    const known = loadSample().catalogue.entries()
    expect(known.filter(({ id }) => ids.has(id))).toEqual([])
  })

  it('has series: one title of one survey in a year each, newest first', () => {
    const first = entries.slice(0, 12)
    expect(new Set(first.map(({ title, statName }) => `${statName.code} ${title}`)).size).toBe(1)
    const dates = first.map(({ surveyDate }) => surveyDate?.slice(0, 4) ?? '')
    expect(new Set(dates).size).toBe(12)
    expect(dates).toEqual(dates.toSorted().toReversed())
  })

  it('has titles in which no word is broken down by itself', () => {
    const words = entries.map(({ title }) => (title.split('別')[0] ?? '').split('，'))
    expect(words.filter((list) => new Set(list).size < list.length)).toEqual([])
    expect(new Set(entries.map(({ statName }) => statName.code)).size).toBeGreaterThan(20)
  })
})

describe('The stand-in over a generated catalogue', () => {
  const ask = asking([], { listed: generatedListings(OPTIONS) })

  it('lists what was generated, page by page, once for each area', async () => {
    const found: unknown[] = []
    for (let next: number | undefined = 1; next !== undefined; ) {
      const { body } = await ask('getStatsList', { limit: '1000', startPosition: String(next) })
      found.push(...many(at(body, 'DATALIST_INF', 'TABLE_INF')))
      next = at(body, 'DATALIST_INF', 'RESULT_INF', 'NEXT_KEY') as number | undefined
    }
    const listings = entries.flatMap((entry) => entry.collectArea.map((area) => ({ ...entry, collectArea: [area] })))
    expect(found.map(decodeTableInfo)).toEqual(listings)
  })

  it('finds by survey, year and word', async () => {
    const [entry] = entries
    const { body } = await ask('getStatsList', {
      statsCode: entry?.statName.code ?? '',
      surveyYears: entry?.surveyDate?.slice(0, 4) ?? '',
      searchWord: entry?.title ?? '',
    })
    expect(many(at(body, 'DATALIST_INF', 'TABLE_INF')).map((table) => table['@id'])).toContain(entry?.id)
  })
})
