/** Wide CSV: every cell once, in the line and the column it belongs to, whatever axis is spread and however much is held. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CSV_BOM } from '../../../origin/estat/csv.ts'
import { spreadChooser } from '../../../origin/estat/csv-spread.ts'
import { HELD_CELLS, wideCsv } from '../../../origin/estat/csv-wide.ts'
import { measureAxes } from '../../../origin/estat/measure.ts'
import type { Observation, TableMeta } from '../../../origin/estat/model.ts'
import { decodeObservation } from '../../../origin/estat/observation.ts'
import { parseCsv } from '../../e2e/parse-csv.ts'
import { ask, axis, sampleIds, sampleMeta, sampleStats, table } from '../estat/tables.ts'
import { execute, openOrigin, type TestOrigin } from '../support/origin.ts'

const SAFE = { raw: false }
/** More rows than are held: what lies before the spread axis must come in order. */
const STREAMED = HELD_CELLS + 1

function write(meta: TableMeta, rows: readonly Observation[], spread: string | undefined, coming = rows.length) {
  const chooser = spreadChooser(meta, spread)
  rows.some((row) => chooser.see(row))
  const plan = chooser.choose()
  const writer = wideCsv(meta, plan, coming, SAFE)
  const text = [writer.header, ...rows.map((row) => writer.add(row)), writer.end()].join('')
  return { plan, text, lines: writer.lines() }
}

/** Cells read back: `codes of all axes | unit` to text; a cell that is not there is left out. */
function readBack(meta: TableMeta, { plan, text }: ReturnType<typeof write>): ReadonlyMap<string, string> {
  const [header = [], ...lines] = parseCsv(text)
  const first = header.indexOf('unit') + 1
  expect(header.length).toBe(first + plan.items.length + 1)
  const cells = lines.flatMap((line) =>
    plan.items.map(({ code }, at) => {
      const codes = meta.axes.map(({ id }) => (id === plan.axis.id ? code : line[header.indexOf(`${id}_code`)]))
      return [[...codes, line[first - 1]].join('|'), line[first + at] ?? ''] as const
    }),
  )
  expect(new Set(cells.map(([key]) => key)).size).toBe(cells.length)
  return new Map(cells.filter(([, cell]) => cell !== ''))
}

const asSent = (meta: TableMeta, rows: readonly Observation[]): ReadonlyMap<string, string> =>
  new Map(
    rows
      .filter(({ text }) => text !== '')
      .map((row) => [[...meta.axes.map(({ id }) => row.codes[id]), row.unit ?? ''].join('|'), row.text]),
  )

describe.each(sampleIds)('bundled table %s', (id) => {
  let meta: TableMeta
  let rows: readonly Observation[]
  beforeAll(async () => {
    meta = await sampleMeta(id)
    const { values } = await sampleStats.page({ id, narrow: [] }, { start: 1, limit: 100_000 }, ask)
    rows = values.map(decodeObservation)
  })

  it('comes back cell by cell, whichever axis is spread', () => {
    const measures = measureAxes(meta).map((one) => one.id)
    const axes = meta.axes.map((one) => one.id).filter((one) => !measures.includes(one))
    for (const spread of [undefined, ...axes])
      for (const coming of [rows.length, STREAMED])
        expect(readBack(meta, write(meta, rows, spread, coming)), spread).toEqual(asSent(meta, rows))
  })

  it('has a line for each other place and unit, in e-Stat’s order, held or streamed', () => {
    const held = write(meta, rows, undefined)
    const others = meta.axes.filter((one) => one.id !== held.plan.axis.id)
    const places = new Set(rows.map((row) => [...others.map((one) => row.codes[one.id]), row.unit].join('|')))
    expect(held.lines).toBe(places.size)
    expect(write(meta, rows, undefined, STREAMED).text).toBe(held.text)
  })

  it('spreads nothing that says what is measured', () => {
    for (const { id: measure } of measureAxes(meta))
      expect(() => spreadChooser(meta, measure)).toThrow(expect.objectContaining({ code: 'INVALID_PARAMETER' }))
  })
})

describe('a small table', () => {
  const time = axis('time', '時点', [
    ['2000000000', '2000年'],
    ['2010000000', '2010年'],
  ])
  const meta = table([
    axis('cat01', '項目', [
      ['1', '人口', { unit: '人' }],
      ['2', '面積', { unit: 'km2' }],
    ]),
    axis('area', '地域', [
      ['13206', '=府中市'],
      ['34208', '府中市'],
    ]),
    time,
  ])
  const cell = (cat01: string, area: string, at: string, unit: string, $: string, note?: string): Observation =>
    decodeObservation({
      '@cat01': cat01,
      '@area': area,
      '@time': at,
      '@unit': unit,
      ...(note ? { '@annotation': note } : {}),
      $,
    })
  const rows = [
    cell('1', '13206', '2000000000', '人', '100.0'),
    cell('1', '13206', '2010000000', '人', '***', 'a'),
    cell('1', '34208', '2010000000', '人', '-0.5'),
    cell('2', '34208', '2000000000', 'km2', '-'),
  ]

  it('keeps texts, symbols, units and annotations, and runs nothing', () => {
    expect(write(meta, rows, undefined).text).toBe(
      [
        'cat01_code,項目,area_code,地域,unit,2000年,2010年,annotation',
        "1,人口,13206,'=府中市,人,100.0,***,2010000000: a",
        '1,人口,34208,府中市,人,,-0.5,',
        '2,面積,34208,府中市,km2,-,,',
        '',
      ].join('\r\n'),
    )
  })

  it('tells two codes of one name apart in the heading', () => {
    const twins = table([
      axis('area', '地域', [
        ['13206', '府中市'],
        ['34208', '府中市'],
      ]),
      time,
    ])
    const header = parseCsv(
      write(
        twins,
        [rows[0], rows[2]].flatMap((row) => row ?? []),
        'area',
      ).text,
    )[0]
    expect(header).toEqual(['time_code', '時点', 'unit', '府中市 (13206)', '府中市 (34208)', 'annotation'])
  })

  it.each([
    ['a cell that comes twice', [rows[0], rows[0]], 'DATA_TRANSFORM_ERROR', 3],
    ['rows in no order that can be streamed', [rows[3], rows[0]], 'TOO_LARGE', STREAMED],
    ['a code without a column', [rows[0], cell('1', '13206', '1990000000', '人', '1')], 'DATA_TRANSFORM_ERROR', 3],
  ] as const)('refuses %s', (_what, bad, code, coming) => {
    const writer = wideCsv(meta, { axis: time, items: time.items }, coming, SAFE)
    const add = (): void => void bad.map((row) => row && writer.add(row))
    expect(add).toThrow(expect.objectContaining({ code }))
  })

  it('holds no more than its bound where an early axis is spread', () => {
    const wide = table([
      axis('area', '地域', [
        ['1', 'a'],
        ['2', 'b'],
      ]),
      axis(
        'time',
        '時点',
        Array.from({ length: HELD_CELLS + 1 }, (_, at) => [String(at), `t${at}`] as const),
      ),
    ])
    const [area] = wide.axes
    const writer = wideCsv(wide, { axis: area as never, items: area?.items ?? [] }, 2 * HELD_CELLS + 2, SAFE)
    const add = (): void => {
      for (let at = 0; at <= HELD_CELLS; at++)
        writer.add({ codes: { area: '1', time: String(at) }, value: 1, text: '1', symbol: null, unit: null, annotation: null }) // biome-ignore format: one row
    }
    expect(add).toThrow(expect.objectContaining({ code: 'TOO_LARGE', hint: expect.stringContaining('last axis') }))
  })
})

describe('save_dataset_as_csv, layout wide', () => {
  let origin: TestOrigin
  beforeAll(async () => {
    origin = await openOrigin()
  })
  afterAll(() => origin.close())

  it('writes the census with years as columns', async () => {
    const args = { dataset_id: '0003410379', layout: 'wide' }
    const { result, text } = await execute(origin, 'save_dataset_as_csv', args)
    expect(result).toMatchObject({ layout: 'wide', spread: 'time', rows: 48, cells: 1008, matched: 1008 })
    expect(text).toContain('time を列に展開し')
    const bytes = await origin.ports.store.get(String(result['s3_path']).replace('s3://estat-lake/', ''))
    const file = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes ?? undefined)
    expect(file.startsWith(CSV_BOM)).toBe(true)
    const [header = [], ...lines] = parseCsv(file)
    const tokyo = lines.find((line) => line.includes('東京都'))
    expect([tokyo?.[header.indexOf('1920年')], tokyo?.[header.indexOf('2020年')]]).toEqual(['3699428', '14047594'])
  })

  it('spreads the axis that is named, over what is filtered', async () => {
    const filters = { area: ['東京都', '大阪府'], time: '2020年' }
    const { result } = await execute(origin, 'save_dataset_as_csv', {
      dataset_id: '0003410379',
      filters,
      layout: 'wide',
      spread: '地域_時系列',
    })
    expect(result).toMatchObject({ spread: 'area', rows: 1, cells: 2 })
    expect(result['columns']).toEqual(expect.arrayContaining(['unit', '東京都', '大阪府', 'annotation']))
  })
})
