/** Long CSV, read back by a parser of its own (RFC 4180). */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CSV_BOM, csvHeader, csvLine, csvRow, inert } from '../../../origin/estat/csv.ts'
import { decodeObservation } from '../../../origin/estat/observation.ts'
import { ask, axis, sampleIds, sampleMeta, sampleStats, table } from './tables.ts'

const SAFE = { raw: false }
const RAW = { raw: true }

/** RFC 4180, character by character. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = []
  let [row, cell, quoted]: [string[], string, boolean] = [[], '', false]
  for (let at = 0; at < text.length; at++) {
    const two = text.slice(at, at + 2)
    if (quoted && two === '""') [cell, at] = [`${cell}"`, at + 1]
    else if (text[at] === '"') quoted = !quoted
    else if (!quoted && text[at] === ',') [row, cell] = [[...row, cell], '']
    else if (!quoted && two === '\r\n') {
      rows.push([...row, cell])
      ;[row, cell, at] = [[], '', at + 1]
    } else cell += text[at] ?? ''
  }
  expect([quoted, row, cell]).toEqual([false, [], ''])
  return rows
}

const anyCell = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('"', ',', '\r\n', '\n', '\r', '=1+1', '-', '***', '－', '', ' ', '🀄', "'"),
)

describe('a line', () => {
  it('raw, holds any cells exactly', () => {
    fc.assert(
      fc.property(fc.array(fc.array(anyCell, { minLength: 1 }), { minLength: 1 }), (rows) => {
        expect(parseCsv(rows.map((row) => csvLine(row, RAW)).join(''))).toEqual(rows)
      }),
      { numRuns: 500 },
    )
  })

  it('made inert, differs by no more than one apostrophe in front, and never runs', () => {
    fc.assert(
      fc.property(fc.array(anyCell, { minLength: 1 }), (row) => {
        const [read = []] = parseCsv(csvLine(row, SAFE))
        for (const [index, cell] of read.entries()) {
          const sent = row[index] ?? ''
          expect(/^[=@\t\r\n]/.test(sent) ? [`'${sent}`] : [sent, `'${sent}`]).toContain(cell)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('any number stays as it is', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 }), (number) => {
        const text = number.toFixed(3)
        expect(inert(text)).toBe(text)
      }),
    )
  })
})

it.each(['-', '***', '－', 'X', 'Ｘ', '…', '*', '※', '0', '-0.3', '+5', '-1,234', '人口', ''])(
  '%j is left alone',
  (cell) => {
    expect(inert(cell)).toBe(cell)
  },
)

it.each([
  '=1+1',
  '+A1',
  '-A1',
  '@SUM(A1)',
  '\t=1',
  '\r=1',
  '\n=1',
  '＝1+1',
  '＋A1',
  '－A1',
  '＠SUM',
  '-1+cmd|x',
  '--1',
  '-2+3',
])('%j is made inert', (cell) => {
  expect(inert(cell)).toBe(`'${cell}`)
})

describe('a dataset', () => {
  const meta = table([axis('cat01', '=品目, "計"', [['#H1', '+食料']]), axis('area', '地域', [['00000', '全国']])])
  const row = decodeObservation({ '@cat01': '#H1', '@area': '00000', '@unit': '円', '@annotation': 'a', $: '100.0' })

  it('names codes and names of every axis', () => {
    expect(parseCsv(csvHeader(meta, RAW))).toEqual([
      ['cat01_code', '=品目, "計"', 'area_code', '地域', 'value', 'symbol', 'unit', 'annotation'],
    ])
    expect(csvHeader(meta, SAFE)).toBe('cat01_code,"\'=品目, ""計""",area_code,地域,value,symbol,unit,annotation\r\n')
  })

  it('keeps the text of a number, and a symbol apart from it', () => {
    expect(csvRow(meta, SAFE)(row)).toBe("#H1,'+食料,00000,全国,100.0,,円,a\r\n")
    expect(csvRow(meta, RAW)(row)).toBe('#H1,+食料,00000,全国,100.0,,円,a\r\n')
    expect(csvRow(meta, SAFE)(decodeObservation({ '@cat01': '#H1', '@area': '00000', $: '-' }))).toBe(
      "#H1,'+食料,00000,全国,,-,,\r\n",
    )
    expect(CSV_BOM).toBe('\uFEFF')
  })

  it.each(sampleIds)('bundled table %s comes back cell by cell', async (id) => {
    const whole = await sampleMeta(id)
    const { values, total } = await sampleStats.page({ id, narrow: [] }, { start: 1, limit: 100_000 }, ask)
    const rows = values.map(decodeObservation)
    const write = csvRow(whole, SAFE)
    const [header = [], ...read] = parseCsv([csvHeader(whole, SAFE), ...rows.map(write)].join(''))
    const at = new Map(header.map((name, index) => [name, index]))
    const lost = rows.filter((cell, index) => {
      const line = read[index] ?? []
      const text = (name: string) => line[at.get(name) ?? -1]
      const codes = whole.axes.every((one) => text(`${one.id}_code`) === cell.codes[one.id])
      const names = whole.axes.every(
        (one) =>
          line[(at.get(`${one.id}_code`) ?? -2) + 1] ===
          one.items.find(({ code }) => code === cell.codes[one.id])?.name,
      )
      return (
        !codes ||
        !names ||
        text('value') !== (cell.value === null ? '' : cell.text) ||
        text('symbol') !== (cell.symbol ?? '') ||
        text('unit') !== (cell.unit ?? '')
      )
    })
    expect([read.length, lost]).toEqual([total, []])
  })
})
