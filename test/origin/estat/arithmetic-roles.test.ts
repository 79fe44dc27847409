/** What figures tell of roles: on the recorded tables as they are, and on sums made to mislead. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rolesFromRows } from '../../../origin/estat/arithmetic-roles.ts'
import type { Axis, Observation, TableMeta } from '../../../origin/estat/model.ts'
import { decodeObservation } from '../../../origin/estat/observation.ts'
import { rolesOf } from '../../../origin/estat/roles.ts'
import { ask, axis, sampleIds, sampleMeta, sampleStats, type ShortItem, table } from './tables.ts'

const rowsOf = async (id: string): Promise<readonly Observation[]> => {
  const page = await sampleStats.page({ id, narrow: [] }, { start: 1, limit: 100_000 }, ask)
  return page.values.map(decodeObservation)
}
async function judged(id: string) {
  const meta = await sampleMeta(id)
  return rolesFromRows(meta, await rowsOf(id), rolesOf(meta))
}

describe('recorded tables', () => {
  it('coffee: 上位５カ国以外計 is a part, for with the five it makes 合計 in t and in 百万円', async () => {
    const { area } = await judged('0003280145')
    expect(area?.['80100']).toMatchObject({ role: 'part', of: '09100' })
    expect(area?.['80100']?.because.E).toMatch(/6 codes add up to 09100 in all 2 complete groups/)
    expect(area?.['09100']?.role).toBe('total')
  })

  it('GDP: eight items make it in 114 quarters, 純輸出 is 輸出 less 輸入, and 参考 stays beside', async () => {
    const { cat01 } = await judged('0003109741')
    expect(cat01?.['11']).toMatchObject({ role: 'total', because: { E: expect.stringContaining('114') } })
    const parts = Object.entries(cat01 ?? {}).filter(([, { role }]) => role === 'part')
    expect(parts.map(([code]) => code)).toEqual(['12', '15', '16', '17', '18', '19', '20', '21'])
    for (const code of ['22', '23'])
      expect(cat01?.[code]).toMatchObject({
        role: 'of_which',
        because: { E: expect.stringContaining('21 is 22 less 23') },
      })
    for (const code of ['13', '14', '24', '27', '32']) expect(cat01?.[code]?.role).toBe('of_which')
  })

  it('labour: 労働力人口 is 就業者 and 完全失業者; 15歳以上人口 stays unknown, as it also holds 不詳', async () => {
    const { cat02, cat03 } = await judged('0003005798')
    expect(cat02?.['01']).toMatchObject({ role: 'total', because: { E: 'sum: 02 + 08 in all 3 complete groups' } })
    expect(['00', '02', '08', '09'].map((code) => cat02?.[code]?.role)).toEqual([
      'unknown',
      'unknown',
      'unknown',
      'unknown',
    ])
    expect(cat02?.['02']?.because.E).toContain('stand outside that sum')
    expect(['0', '1', '2'].map((code) => cat03?.[code]?.role)).toEqual(['total', 'part', 'part'])
  })

  it('census: 85歳以上 and 85～89歳 are both parts, for no census has both', async () => {
    const { cat02 } = await judged('0003410380')
    expect(Object.values(cat02 ?? {}).map(({ role }) => role)).toEqual(Array.from({ length: 22 }, () => 'part'))
  })

  it.each(sampleIds)('%s: over the parts of an axis no group adds up to more than its total', async (id) => {
    const [meta, rows, roles] = [await sampleMeta(id), await rowsOf(id), await judged(id)]
    for (const one of meta.axes) expect(overTotals(one, meta, rows, roles[one.id] ?? {})).toEqual([])
  })
})

/** Reads the rows by itself: groups where the parts under a total exceed it by more than rounding. */
function overTotals(
  one: Axis,
  meta: TableMeta,
  rows: readonly Observation[],
  roles: Record<string, { role: string; of?: string }>,
): unknown[] {
  const totals = new Map<string, number>()
  const sums = new Map<string, number>()
  for (const { codes, value, unit } of rows) {
    if (value === null || !['人', '万人', 't', '百万円', '10億円'].includes(unit ?? '')) continue
    const code = codes[one.id] ?? ''
    const rest = meta.axes
      .filter(({ id }) => id !== one.id)
      .map(({ id }) => codes[id])
      .join('|')
    const holder = one.items.find((item) => item.code === code)?.parentCode ?? roles[code]?.of
    if (roles[code]?.role === 'total') totals.set(`${rest} ${code}`, value)
    if (roles[code]?.role === 'part' && holder)
      sums.set(`${rest} ${holder}`, (sums.get(`${rest} ${holder}`) ?? 0) + value)
  }
  return [...sums].filter(([key, sum]) => sum > (totals.get(key) ?? Number.POSITIVE_INFINITY) + 10)
}

const times: readonly ShortItem[] = Array.from({ length: 6 }, (_, n) => [`${2015 + n}000000`, `${2015 + n}年`])
/** A table of one category over six years; `figures` gives each code's value of a year. */
function made(items: readonly ShortItem[], figures: (code: string, year: number) => string | null, unit = '人') {
  const meta = table([axis('cat01', '区分', items), axis('time', '時間軸', times)])
  const rows = times.flatMap(([time], year) =>
    items.flatMap(([code]) => {
      const text = figures(code, year)
      return text === null ? [] : [decodeObservation({ '@cat01': code, '@time': time, '@unit': unit, $: text })]
    }),
  )
  const roles = rolesFromRows(meta, rows, rolesOf(meta))['cat01'] ?? {}
  return Object.fromEntries(Object.entries(roles).map(([code, { role }]) => [code, role]))
}
const plain: readonly ShortItem[] = [['a', 'い'], ['b', 'ろ'], ['c', 'は'], ['d', 'に']] // biome-ignore format: one row
const odd = (code: string, year: number): number =>
  12_345 + code.charCodeAt(0) * 997 + year * 1_313 + ((year * year * code.charCodeAt(0)) % 89)

describe('sums made up', () => {
  const sumOf = (year: number): number => odd('b', year) + odd('c', year) + odd('d', year)
  it('hold within rounding', () => {
    expect(made(plain, (code, year) => String(code === 'a' ? sumOf(year) + (year % 3) - 1 : odd(code, year)))).toEqual({
      a: 'total',
      b: 'part',
      c: 'part',
      d: 'part',
    })
  })

  it('that fail in one group tell nothing', () => {
    expect(
      made(plain, (code, year) => String(code === 'a' ? sumOf(year) + (year === 4 ? 50 : 0) : odd(code, year))),
    ).toEqual({ a: 'unknown', b: 'unknown', c: 'unknown', d: 'unknown' })
  })

  it('need complete groups: a suppressed cell leaves its group out, and one group is not enough', () => {
    expect(
      made(plain, (code, year) =>
        code === 'a' ? String(sumOf(year)) : code === 'b' && year > 2 ? 'X' : String(odd(code, year)),
      )['b'],
    ).toBe('part')
    expect(
      made(plain, (code, year) =>
        code === 'a' ? String(sumOf(year)) : code === 'b' && year > 0 ? 'X' : String(odd(code, year)),
      )['b'],
    ).toBe('unknown')
  })

  it('of small numbers may agree by chance, and tell nothing', () => {
    expect(made(plain, (code) => ({ a: '3', b: '1', c: '1', d: '1' })[code] ?? null)['b']).toBe('unknown')
    expect(made(plain, () => '0')['a']).toBe('unknown')
  })

  it('of figures drawn by chance are never believed', () => {
    const items: readonly ShortItem[] = Array.from({ length: 12 }, (_, n) => [`c${n}`, `${n}項目`])
    const drawn = fc.array(fc.nat(60), { minLength: 72, maxLength: 72 })
    fc.assert(
      fc.property(drawn, (figures) => {
        const roles = made(items, (code, year) => String(figures[year * 12 + Number(code.slice(1))]))
        expect(Object.values(roles).filter((role) => role === 'total' || role === 'part')).toEqual([])
      }),
      { numRuns: 60, seed: 5 },
    )
  })

  it('of rates and index numbers are never looked at', () => {
    for (const unit of ['％', '2020年=100'])
      expect(made(plain, (code, year) => String(code === 'a' ? sumOf(year) : odd(code, year)), unit)['a']).toBe(
        'unknown',
      )
  })

  it('of two trees tell the totals, not the parts, which overlap', () => {
    const items: readonly ShortItem[] = ['a', 'b', 'c', 'd', 'e', 'f'].map((code) => [code, `${code}項`])
    const roles = made(items, (code, year) => {
      if (code === 'a') return String(odd('b', year) + odd('c', year))
      if (code === 'd') return String(odd('e', year) + odd('f', year))
      return String(odd(code, year))
    })
    expect(roles).toEqual({ a: 'total', b: 'unknown', c: 'unknown', d: 'total', e: 'unknown', f: 'unknown' })
  })

  it('that exceed their parent take its role away, and theirs', () => {
    const items: readonly ShortItem[] = [
      ['a', '集落'],
      ['b', '田のある', { parentCode: 'a' }],
      ['c', '畑のある', { parentCode: 'a' }],
    ]
    expect(made(items, (code, year) => String(code === 'a' ? 50_000 : odd(code, year) + 20_000))).toEqual({
      a: 'unknown',
      b: 'unknown',
      c: 'unknown',
    })
    // What is missing from the parts is 不詳: they stay parts.
    expect(made(items, (code, year) => String(code === 'a' ? 300_000 : odd(code, year)))).toEqual({
      a: 'total',
      b: 'part',
      c: 'part',
    })
  })
})

describe('bands of age that overlap by name', () => {
  const bands: readonly ShortItem[] = [
    ['1', '0～14歳'],
    ['2', '15～64歳'],
    ['3', '65歳以上'],
    ['4', '65～74歳'],
    ['5', '75歳以上'],
  ]
  it('are parts and of which where both have values', () => {
    expect(made(bands, (code, year) => String(odd(code, year)))).toEqual({
      1: 'part',
      2: 'part',
      3: 'of_which',
      4: 'part',
      5: 'part',
    })
  })

  it('the finer ones stand beside where some groups lack them', () => {
    expect(made(bands, (code, year) => (code > '3' && year < 2 ? null : String(odd(code, year))))).toEqual({
      1: 'part',
      2: 'part',
      3: 'part',
      4: 'of_which',
      5: 'of_which',
    })
  })
})

describe('designated cities', () => {
  it('are totals of their wards, in a list without parent codes', () => {
    const items: readonly ShortItem[] = [
      ['14100', '横浜市'], ['14101', '横浜市鶴見区'], ['14102', '横浜市神奈川区'],
      ['14130', '川崎市'], ['14131', '川崎市 川崎区'], ['14132', '川崎市 幸区'],
      ['14201', '横須賀市'], ['13100', '特別区部'], ['13101', '千代田区'], ['13102', '中央区'], ['13201', '八王子市'],
      ['13000', '東京都'], ['14000', '神奈川県'], ['14003', '神奈川県市部'],
    ] // biome-ignore format: one city a row
    const roles = rolesOf(table([axis('area', '地域', items)]))['area'] ?? {}
    const named = (role: string) => Object.keys(roles).filter((code) => roles[code]?.role === role).toSorted() // biome-ignore format: one line
    expect(named('total')).toEqual(['13000', '13100', '14000', '14100', '14130'])
    expect(named('part')).toEqual(['13101', '13102', '14101', '14102', '14131', '14132'])
    expect(named('unknown')).toEqual(['13201', '14003', '14201'])
    expect(roles['14131']?.of).toBe('14130')
  })
})
