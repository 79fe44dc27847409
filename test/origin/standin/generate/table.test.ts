/** Generated tables: any size without memory, the same from the same seed, narrowed and paged as held ones are. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { generatedTable } from '../../../../origin/standin/generate/table.ts'
import { packRows } from '../../../../origin/standin/packed-rows.ts'
import type { Selection, StandinRow, StandinTable } from '../../../../origin/standin/table.ts'
import { asking, at, valuesIn } from '../ask.ts'

const ID = '0009000001'
const all = (table: StandinTable): Selection => table.axes.map(() => null)
const copied = (rows: Iterable<StandinRow>): StandinRow[] =>
  Array.from(rows, ({ positions, text, annotation }) => ({ positions: Array.from(positions), text, annotation }))
const rowsOf = (table: StandinTable): StandinRow[] => copied(table.rows.scan(all(table), 1, table.rows.total))

const SHAPES: readonly (readonly string[])[] = [
  ['tab', 'cat01', 'area', 'time'],
  ['cat01', 'area', 'time'],
  ['tab', 'cat01', 'area'],
  ['tab', 'cat01', 'time'],
  ['cat01'],
  ['tab', 'cat01', 'cat02', 'cat03', 'cat04', 'cat05', 'area', 'time'],
]

describe.each(SHAPES.map((axes) => [axes.join(), axes] as const))('A generated table with %s', (_, axes) => {
  it.each([1, 27, 3000])('of %i rows has exactly those, in e-Stat’s order, no two in one place', (rows) => {
    const table = generatedTable({ id: ID, seed: 3, rows, axes })
    const made = rowsOf(table)
    expect(made.length).toBe(rows)
    const places = made.map(({ positions }) => Array.from(positions, (at) => String(at).padStart(6, '0')).join(' '))
    expect(places).toEqual([...new Set(places)].toSorted())
    for (const { positions } of made)
      for (const [axis, position] of Array.from(positions).entries())
        expect(position).toBeLessThan(table.axes[axis]?.items.length ?? 0)
  })

  it('has codes of which no axis holds one twice', () => {
    for (const { items } of generatedTable({ id: ID, seed: 3, rows: 100_000, axes }).axes)
      expect(new Set(items.map(({ code }) => code)).size).toBe(items.length)
  })
})

describe('A generated table', () => {
  it('is sparse, and holds every kind of cell and several units', () => {
    const table = generatedTable({ id: ID, seed: 1, rows: 5000 })
    const product = table.axes.reduce((cells, { items }) => cells * items.length, 1)
    expect(product).toBeGreaterThan(5000 * 1.1)
    const texts = new Set(rowsOf(table).map(({ text }) => text))
    for (const kind of ['***', '-', 'X', '…', '0', '0.0', '']) expect(texts).toContain(kind)
    for (const kind of [/^\d+$/, /^\d+\.\d$/, /^-\d+$/, /^-\d+\.\d$/])
      expect([...texts].filter((text) => kind.test(text)).length).toBeGreaterThan(20)
    expect(new Set(table.axes[0]?.items.map(({ unit }) => unit)).size).toBeGreaterThan(2)
  })

  it('is the same again from the same seed, and another from another', () => {
    const made = rowsOf(generatedTable({ id: ID, seed: 1, rows: 500 }))
    expect(rowsOf(generatedTable({ id: ID, seed: 1, rows: 500 }))).toEqual(made)
    expect(rowsOf(generatedTable({ id: ID, seed: 2, rows: 500 }))).not.toEqual(made)
  })

  it('narrows and pages as the same rows do when they are held', () => {
    const table = generatedTable({ id: ID, seed: 5, rows: 700, axes: ['tab', 'cat01', 'area', 'time'], holes: 9 })
    const held = packRows(4, rowsOf(table))
    const mask = (size: number) =>
      fc.option(
        fc.array(fc.constantFrom(0, 1), { minLength: size, maxLength: size }).map((bits) => Uint8Array.from(bits)),
      )
    const selection = fc.tuple(...table.axes.map(({ items }) => mask(items.length)))
    fc.assert(
      fc.property(
        selection,
        fc.integer({ min: 1, max: 800 }),
        fc.integer({ min: 1, max: 50 }),
        (chosen, start, limit) => {
          expect(table.rows.count(chosen)).toBe(held.count(chosen))
          expect(copied(table.rows.scan(chosen, start, limit))).toEqual(copied(held.scan(chosen, start, limit)))
        },
      ),
      { numRuns: 200 },
    )
  })

  it('of ten million rows gives its last rows at once', async () => {
    const table = generatedTable({ id: ID, seed: 1, rows: 10_000_000 })
    const [last, none] = [
      copied(table.rows.scan(all(table), 9_999_999, 5)),
      [...table.rows.scan(all(table), 10_000_001, 5)],
    ]
    expect([last.length, none.length, table.rows.count(all(table))]).toEqual([2, 0, 10_000_000])
    const ask = asking([table])
    const heard = await ask('getStatsData', {
      statsDataId: ID,
      startPosition: '9999991',
      metaGetFlg: 'N',
      cdTime: 'max',
    })
    expect(at(heard.body, 'RESULT', 'STATUS')).toBe(1)
    const whole = await ask('getStatsData', { statsDataId: ID, startPosition: '9999991', metaGetFlg: 'N' })
    expect(valuesIn(whole)).toHaveLength(10)
  })

  it.each([
    [['cat01', 'tab'], 10],
    [['cat16'], 10],
    [[], 10],
    [['tab', 'time'], 1000],
  ])('refuses axes %j for %i rows', (axes, rows) => {
    expect(() => generatedTable({ id: ID, seed: 1, rows, axes })).toThrow(/axes|axis/)
  })
})
