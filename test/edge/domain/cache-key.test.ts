import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cacheKey, PUBLIC } from '../../../edge/domain/cache-key.ts'
import { canonicalJson } from '../../../edge/domain/canonical-json.ts'
import { parseArguments } from '../../../shared/arguments.ts'
import { CACHEABLE } from '../../../shared/cacheable/index.ts'

/** The same value with the members of every object in another order. */
function shuffled(value: unknown, order: readonly number[]): unknown {
  if (Array.isArray(value)) return value.map((member) => shuffled(member, order))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, member], at) => ({
    key,
    member,
    rank: order[at % order.length] ?? 0,
  }))
  return Object.fromEntries(
    entries.toSorted((one, other) => one.rank - other.rank).map(({ key, member }) => [key, shuffled(member, order)]),
  )
}
const order = fc.array(fc.integer(), { minLength: 1, maxLength: 8 })
const json = fc.jsonValue({ stringUnit: 'binary' })

describe('canonicalJson', () => {
  it('is JSON of the same value', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(plain(value))
      }),
    )
  })

  it('is one text for one value, and another text for another value', () => {
    fc.assert(
      fc.property(json, order, (value, ranks) => canonicalJson(shuffled(value, ranks)) === canonicalJson(value)),
    )
    fc.assert(
      fc.property(json, json, (one, other) => {
        const same = JSON.stringify(sorted(one)) === JSON.stringify(sorted(other))
        return (canonicalJson(one) === canonicalJson(other)) === same
      }),
    )
  })

  it('sorts members by UTF-16 code units and writes numbers as RFC 8785 shows them (3.2.2, 3.2.3)', () => {
    const numbers = {
      numbers: [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 1e-27, -0],
      string: '\u20ac$\u000f\nA\'B"\\\\"/',
    }
    expect(canonicalJson(numbers)).toBe(
      '{"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27,0],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    )
    const members = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6, '\u00f6': 7 }
    expect([...canonicalJson(members).matchAll(/:(\d)/g)].map(([, digit]) => digit).join('')).toBe('2467153')
  })

  it('leaves out what is undefined and refuses what JSON cannot hold', () => {
    expect(canonicalJson({ b: undefined, a: [undefined] })).toBe('{"a":[null]}')
    for (const value of [Number.NaN, Infinity, { a: () => 1 }, undefined])
      expect(() => canonicalJson(value)).toThrow(/not a JSON/)
  })
})

describe('cacheKey', () => {
  const base = { tool: 'search_estat_data', version: 1, args: { query: '人口' }, partition: PUBLIC, generation: '7' }

  it('names generation, tool, version and partition, and holds no argument', async () => {
    expect(await cacheKey(base)).toMatch(/^v1:7:search_estat_data@1:[0-9a-f]{64}:pub$/)
  })

  it('differs with each part', async () => {
    const others = [{ tool: 'x' }, { version: 2 }, { args: { query: '人' } }, { partition: 't1' }, { generation: '8' }]
    const keys = await Promise.all([base, ...others.map((other) => ({ ...base, ...other }))].map(cacheKey))
    expect(new Set(keys).size).toBe(6)
  })

  it('is one for calls of search that mean the same', async () => {
    const search = CACHEABLE['search_estat_data']
    if (!search) throw new Error('search_estat_data is not cacheable')
    const keyOf = async (args: object) => cacheKey({ ...base, args: search.normalise(parseArguments(search, args)) })
    const same = [
      { query: '人口 東京都' },
      { max_results: '5', query: ' 人口　東京都 ' },
      { query: '人口 東京都', survey_years: null, auto_suggest: 'true', lang: 'J' },
    ]
    expect(new Set(await Promise.all(same.map(keyOf))).size).toBe(1)
    const different = [
      { query: '人口' },
      { query: '人口 東京都', max_results: 6 },
      { query: '人口 東京都', lang: 'E' },
      { query: '人口 東京都', survey_years: '2020' },
    ]
    expect(new Set(await Promise.all([...same, ...different].map(keyOf))).size).toBe(5)
  })
})

/** -0 is written as 0; nothing else changes. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

/** A second, independent way to one order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const members = value as Record<string, unknown>
  return Object.keys(members)
    .toSorted()
    .map((key) => [key, sorted(members[key])])
    .concat([['{}']])
}
