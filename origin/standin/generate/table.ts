/** A table of any size from a seed: metadata as e-Stat's, rows that are made when they are asked for. */
import { fault } from '../../../shared/fault.ts'
import type { TableInfo } from '../../estat/model.ts'
import { AXIS_NAMES } from '../axes.ts'
import { listingFrom } from '../listing-from-info.ts'
import type { StandinAxis, StandinTable } from '../table.ts'
import { axisSizes, generatedAxis, type Language } from './axes.ts'
import { cellsNeeded, generatedCells } from './cells.ts'
import { mix } from './random.ts'
import { type Content, generatedRows } from './rows.ts'

export interface GeneratedTable {
  /** statsDataId, ten digits. */
  readonly id: string
  /** Any 32-bit whole number. */
  readonly seed: number
  /** Exactly so many cells exist; 1 and up. */
  readonly rows: number
  /** In e-Stat's order; tab, cat01, area and time where absent. */
  readonly axes?: readonly string[]
  /** Missing cells of each 32, 0 to 31; 4 where absent. */
  readonly holes?: number
  /** `yyyy-mm-dd`. */
  readonly updatedDate?: string
}

const DEFAULT_AXES = ['tab', 'cat01', 'area', 'time']

/** @throws Fault INVALID_PARAMETER for an axis that e-Stat has not, and where the axes cannot hold so many cells. */
export function generatedTable(options: GeneratedTable): StandinTable {
  const { id, seed, rows, axes: ids = DEFAULT_AXES, holes = 4, updatedDate = '2026-01-31' } = options
  if (
    ids.length === 0 ||
    ids.join() !==
      AXIS_NAMES.filter((axis) => ids.includes(axis.id))
        .map((axis) => axis.id)
        .join()
  )
    throw fault('INVALID_PARAMETER', 'A generated table needs axes of e-Stat, in its order.')
  const needed = cellsNeeded(rows, holes)
  const sizes = axisSizes(ids, needed)
  if (sizes.reduce((product, size) => product * size, 1) < needed)
    throw fault('INVALID_PARAMETER', 'So many rows need a category or an area axis.')
  const carrier = ids.includes('tab') ? 'tab' : ids.find((axis) => axis !== 'time' && axis !== 'area')
  const axesIn = (language: Language): readonly StandinAxis[] =>
    ids.map((axis, at) => generatedAxis(axis, sizes[at] ?? 1, axis === carrier, language))
  const notesIn = (language: Language): StandinTable['notes'] =>
    SYMBOLS.map(([symbol, meanings]) => ({ symbol, meaning: meanings[language] }))
  const info: TableInfo = {
    id,
    statName: { code: '00200521', name: '国勢調査' },
    govOrg: { code: '00200', name: '総務省' },
    statisticsName: '生成された統計',
    title: `生成された表 ${ids.join('，')}別 ${rows}件`,
    titleNo: '001',
    cycle: '年次',
    surveyDate: '202401-202412',
    openDate: '2025-06-30',
    updatedDate,
    smallArea: false,
    collectArea: ['全国'],
    mainCategory: { code: '02', name: '人口・世帯' },
    subCategory: { code: '01', name: '人口' },
    totalRecords: rows,
    description: [],
  }
  return {
    id,
    ...listingFrom(info),
    englishInfo: listingFrom({ ...info, ...inEnglish(ids, rows) }).info,
    axes: axesIn(0),
    english: { axes: axesIn(1), notes: notesIn(1) },
    notes: notesIn(0),
    annotations: [{ code: 'a1', text: '暫定値' }],
    rows: generatedRows(sizes, generatedCells(seed, rows, holes), contentFrom(seed)),
  }
}

/** COLLECT_AREA and CYCLE stay: what e-Stat sends for them in English is not on record. */
const inEnglish = (ids: readonly string[], rows: number): Partial<TableInfo> => ({
  statName: { code: '00200521', name: 'Population Census' },
  govOrg: { code: '00200', name: 'Ministry of Internal Affairs and Communications' },
  statisticsName: 'Generated statistics',
  title: `Generated table by ${ids.join(', ')}: ${rows} cells`,
  mainCategory: { code: '02', name: 'Population and Households' },
  subCategory: { code: '01', name: 'Population' },
})

const SYMBOLS: readonly (readonly [symbol: string, meanings: readonly [ja: string, en: string]])[] = [
  ['***', ['調査又は集計していないもの', 'Not surveyed or tabulated']],
  ['-', ['該当数字がないもの', 'Not applicable']],
  ['X', ['秘匿', 'Suppressed']],
  ['…', ['得られないもの', 'Not available']],
]
/** Of a hundred cells: so many symbols, then zeros, then an empty one. */
const [SYMBOL_SHARE, ZERO_SHARE, EMPTY_SHARE] = [4, 7, 8]

/** Whole numbers, decimals, negative ones, symbols, zeros that are zeros, and cells without anything. */
function contentFrom(seed: number): (cell: number) => Content {
  const own = seed ^ 0x2545f491
  return (cell) => {
    const random = mix(own, cell)
    const hundredth = random % 100
    return { text: textOf(random, hundredth), annotation: hundredth === 99 ? 'a1' : null }
  }
}

function textOf(random: number, hundredth: number): string {
  if (hundredth < SYMBOL_SHARE) return SYMBOLS[hundredth]?.[0] ?? ''
  if (hundredth < ZERO_SHARE) return hundredth === SYMBOL_SHARE ? '0.0' : '0'
  if (hundredth < EMPTY_SHARE) return ''
  const value = (random >>> 7) % (hundredth < 60 ? 1000 : 10_000_000)
  if (hundredth < 75) return String(value)
  if (hundredth < 95) return `${hundredth < 80 ? '-' : ''}${Math.floor(value / 10)}.${value % 10}`
  return String(-1 - value)
}
