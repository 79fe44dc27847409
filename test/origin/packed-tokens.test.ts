/**
 * Packed rows take at least 40 % fewer tokens (o200k_base, js-tiktoken) than e-Stat's own answer with the same content,
 * on every recorded and bundled table with 20 rows or more:
 *
 * - the whole block (columns, fixed, rows, legend, symbols) with codes alone, beside VALUE objects, which hold codes alone;
 * - the whole block with names, beside VALUE with the CLASS_INF that e-Stat sends along (metaGetFlg=Y, narrowed to the
 *   codes in the rows: reference/estat-api.md, 3.4 and 3.5), and beside VALUE objects joined with their names;
 * - the text twin, beside the same two.
 *
 * From 80 rows on the block with all names is also below 0.6 of VALUE objects without any. Every figure is printed, and nothing is lost:
 * each cell comes back with its codes, names, unit and value or symbol.
 */
import { getEncoding } from 'js-tiktoken'
import { afterAll, describe, expect, it } from 'vitest'
import { statsHttp } from '../../origin/adapters/stats-http.ts'
import type { TableMeta, WireValue } from '../../origin/estat/model.ts'
import { decodeObservation } from '../../origin/estat/observation.ts'
import { renderRows } from '../../origin/estat/render-rows.ts'
import { type Cell, type PackedRows, packRows } from '../../origin/estat/rows.ts'
import type { StatsSource } from '../../origin/ports.ts'
import { createStandin } from '../../origin/standin/standin.ts'
import { readCells, recordingsPresent, valueRecordings } from '../recordings.ts'
import { tableOfRecording } from '../standin/table-of-recording.ts'
import { ask, sampleIds, sampleStats } from './estat/tables.ts'

const encoding = getEncoding('o200k_base')
const tokens = (content: unknown): number =>
  encoding.encode(typeof content === 'string' ? content : JSON.stringify(content)).length

const MOST = 0.6
const [LEAST_ROWS, MOST_ROWS] = [20, 300]
/** Names alone outweigh what is lifted out of few rows. */
const MANY_ROWS = 80

/** CLASS_INF as e-Stat narrows it. */
const classInf = ({ axes }: TableMeta, values: readonly WireValue[]) =>
  axes.map(({ id, name, items }) => {
    const used = new Set(values.map((value) => value[`@${id}`]))
    return {
      '@id': id,
      '@name': name,
      CLASS: items
        .filter(({ code }) => used.has(code))
        .map(({ code, name: label, level, unit, parentCode }) => ({
          '@code': code,
          '@name': label,
          '@level': String(level ?? ''),
          ...(unit === null ? {} : { '@unit': unit }),
          ...(parentCode === null ? {} : { '@parentCode': parentCode }),
        })),
    }
  })

/** VALUE objects with a name beside each code: what a client makes of them before it shows them. */
const joined = ({ axes }: TableMeta, values: readonly WireValue[]) =>
  values.map((value) => ({
    ...value,
    ...Object.fromEntries(
      axes.map(({ id, items }) => [`@${id}_name`, items.find(({ code }) => code === value[`@${id}`])?.name]),
    ),
  }))

/** The VALUE objects, joined with names, that packed rows say. */
const unpacked = ({ axes }: TableMeta, { columns, fixed, rows, legend }: PackedRows) =>
  rows.map((cells) => {
    const cellOf = (column: string): Cell => cells[columns.indexOf(column)] ?? fixed[column] ?? null
    const codes = axes.flatMap(({ id }) => {
      const code = String(cellOf(`${id}_code`))
      return [
        [`@${id}`, code],
        [`@${id}_name`, cellOf(`${id}_name`) ?? legend[`${id}_code`]?.[code] ?? code],
      ]
    })
    const unit = cellOf('unit')
    const text = cellOf('value') ?? cellOf('symbol')
    return { ...Object.fromEntries(codes), ...(unit === null ? {} : { '@unit': unit }), $: text }
  })

/** Numbers as numbers: 102.0 and 102 are one. */
const comparable = ({ $, ...rest }: Readonly<Record<string, unknown>>) => ({
  ...rest,
  $: Number.isNaN(Number($)) ? $ : Number($),
})

const printed: string[] = []

async function measure(what: string, stats: StatsSource, id: string): Promise<void> {
  const meta = await stats.describe(id, ask)
  const { values, notes } = await stats.page({ id, narrow: [] }, { start: 1, limit: MOST_ROWS }, ask)
  if (values.length < LEAST_ROWS) {
    printed.push(`${what}: ${values.length} rows, too few to compare`)
    return
  }
  const rows = values.map(decodeObservation)
  const named = packRows(meta, rows, notes, { names: true })
  expect(unpacked(meta, named).map(comparable)).toEqual(joined(meta, values).map(comparable))
  const [ours, text, coded] = [
    tokens(named),
    tokens(renderRows(named)),
    tokens(packRows(meta, rows, notes, { names: false })),
  ]
  const [bare, sent, both] = [tokens(values), tokens([classInf(meta, values), values]), tokens(joined(meta, values))]
  const shares = {
    'codes / VALUE': coded / bare,
    'names / VALUE + CLASS_INF': ours / sent,
    'names / VALUE joined': ours / both,
    'text / VALUE + CLASS_INF': text / sent,
    'text / VALUE joined': text / both,
  }
  const figures = { ...shares, 'names / VALUE': ours / bare }
  const shown = Object.entries(figures).map(([name, share]) => `${name} ${share.toFixed(2)}`)
  printed.push(`${what}: ${rows.length} rows, ${shown.join(', ')}`)
  for (const [name, share] of Object.entries(shares)) expect(share, name).toBeLessThanOrEqual(MOST)
  expect(rows.length < MANY_ROWS ? 0 : ours / bare, 'names / VALUE').toBeLessThanOrEqual(MOST)
}

afterAll(() => {
  process.stdout.write(`tokens (o200k_base), shares of e-Stat's own:\n  ${printed.join('\n  ')}\n`)
})

describe('packed rows beside what e-Stat sends', () => {
  it.each(sampleIds)('bundled table %s', async (id) => {
    await measure(`bundled ${id}`, sampleStats, id)
  })

  it.runIf(recordingsPresent).each(valueRecordings)('recorded %s', async (file) => {
    const { id } = readCells(file)
    const send = createStandin({ tables: [tableOfRecording(file)], accepts: ['local'], now: () => 0 })
    await measure(`recorded ${file}`, statsHttp({ send, appId: 'local', origin: 'live', now: () => 0 }), id)
  })
})
