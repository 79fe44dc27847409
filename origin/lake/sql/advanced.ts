/**
 * The "advanced" analysis of a lake table: for each of its main measures the course over time, the areas with the most,
 * and the categories, as a plan of SQL (PRODUCT.md section 2).
 *
 * A figure is one cell of the table, or a sum over the parts of an axis that has no total: of one measure and unit
 * alone, only where the measure may be summed and every code of the axis is known to be a part (promise 5), and only
 * where no part is missing. Where that cannot be had, the reason is told and nothing is computed.
 */
import { both, type Words } from '../../estat/words.ts'
import { saysTotal } from '../../estat/role-names.ts'
import type { Cell, LakeTable } from '../ports.ts'
import { measureColumns } from './analysis.ts'
import { quoteName, quoteText } from './dialect.ts'
import { axesOfTable } from './dictionary.ts'
import { measureAxesOf } from './measure-axes.ts'

export interface MainMeasure {
  readonly datasetId: string | null
  readonly unit: string | null
  /** Cells with a number. */
  readonly count: number
  /** The codes that say what is measured; none where no axis does. */
  readonly codes: readonly { readonly axis: string; readonly code: string; readonly name: string | null }[]
}

/** A code of an axis, among the cells of one measure. */
export interface AxisCode {
  readonly axis: string
  readonly code: string
  readonly name: string | null
  readonly role: string | null
  readonly level: string | null
  readonly parent: string | null
}

/** How an axis that is not looked at is taken out of the way. */
export type Held =
  | { readonly axis: string; readonly by: 'total' | 'only'; readonly code: string; readonly name: string | null }
  | { readonly axis: string; readonly by: 'sum of parts'; readonly parts: number }

export interface Slice {
  readonly measure: MainMeasure
  /** Every category axis that does not say what is measured. */
  readonly held: readonly Held[]
  /** The area's total, or its parts; null where the area stays open: figures are then by area alone. */
  readonly area: Held | null
  readonly hasArea: boolean
  /** Areas that stand among their own parts, such as 全国 among the prefectures: in no list of areas. */
  readonly wholes: readonly string[]
  /** Category axes with parts to show. */
  readonly categories: readonly string[]
}

/** Measures of a table that are analysed: each takes some queries. */
export const MEASURES_SHOWN = 3
/** Areas and categories shown of each list. */
export const PLACES_SHOWN = 10
/** Periods of a course; the last ones. */
export const PERIODS_SHOWN = 60

type Table = Pick<LakeTable, 'name' | 'columns' | 'properties'>

const has = ({ columns }: Table, name: string): boolean => columns.some((column) => column.name === name)
const pick = (table: Table, name: string): string => (has(table, name) ? quoteName(name) : 'CAST(NULL AS varchar)')

/** dataset, unit, count, then code and name of each axis that measures: the measures with the most values first. */
export function mainMeasuresSql(table: Table): { readonly sql: string; readonly axes: readonly string[] } {
  const axes = measureAxesOf(table, null)
  const columns = measureColumns(table, null)
  const keys = [pick(table, 'dataset_id'), pick(table, 'unit'), ...columns]
  const places = keys.map((_, at) => (at < 2 ? at + 1 : at + 2)).join(', ')
  return {
    sql: `SELECT ${keys[0]} AS dataset, ${keys[1]} AS measured_in, count("value") AS n${columns.map((column, at) => `, ${column} AS m${at}`).join('')} FROM ${quoteName(table.name)} GROUP BY ${places} HAVING count("value") > 0 ORDER BY n DESC, ${places}`,
    axes: axes.map(({ axis }) => axis),
  }
}

export function mainMeasure(row: readonly Cell[], axes: readonly string[]): MainMeasure {
  const [dataset, unit, count, ...codes] = row
  return {
    datasetId: text(dataset),
    unit: text(unit),
    count: Number(count),
    codes: axes.flatMap((axis, at) => {
      const code = text(codes[at * 2])
      return code === null ? [] : [{ axis, code, name: text(codes[at * 2 + 1]) }]
    }),
  }
}

const text = (cell: Cell | undefined): string | null => (typeof cell === 'string' ? cell : null)

const equals = (column: string, value: string | null): string =>
  value === null ? `${quoteName(column)} IS NULL` : `${quoteName(column)} = ${quoteText(value)}`

function ofMeasure(table: Table, { datasetId, unit, codes }: MainMeasure): readonly string[] {
  return [
    ...(has(table, 'dataset_id') ? [equals('dataset_id', datasetId)] : []),
    ...(has(table, 'unit') ? [equals('unit', unit)] : []),
    ...codes.map(({ axis, code }) => equals(`${axis}_code`, code)),
  ]
}

const openAxes = (table: Table, measure: MainMeasure): readonly string[] =>
  axesOfTable(table).filter((axis) => axis !== 'time' && !measure.codes.some((code) => code.axis === axis))

/** axis, code, name, role, level and parent of every code that the measure's cells use; null where it has no axis left. */
export function codesSql(table: Table, measure: MainMeasure): string | null {
  const where = ofMeasure(table, measure).join(' AND ')
  const parts = openAxes(table, measure).map((axis) => {
    const more = ['role', 'level', 'parent_code'].map((part) => pick(table, `${axis}_${part}`))
    const [role, level, parent] = more.map((column) => `CAST(${column} AS varchar)`)
    return `SELECT ${quoteText(axis)} AS axis, ${quoteName(`${axis}_code`)} AS code, ${quoteName(`${axis}_name`)} AS name, ${role} AS role, ${level} AS lv, ${parent} AS parent FROM ${quoteName(table.name)} WHERE ${where} AND ${quoteName(`${axis}_code`)} IS NOT NULL GROUP BY 2, 3, 4, 5, 6`
  })
  return parts.length === 0 ? null : `${parts.join(' UNION ALL ')} ORDER BY 1, 2`
}

export const axisCode = ([axis, code, name, role, level, parent]: readonly Cell[]): AxisCode => ({
  axis: text(axis) ?? '',
  code: text(code) ?? '',
  name: text(name),
  role: text(role),
  level: text(level),
  parent: text(parent),
})

const noTotal = (axis: string, codes: number, summable: boolean): Words =>
  both(
    `${axis} には${codes}個のコードがあり、合計が一つに定まらず、${summable ? '内訳かどうか分からないコードもあります' : '合算できない値です'}。analysis_type "custom" でどれかのコードに絞ってください。`,
    `${axis} has ${codes} codes, no single total, and ${summable ? 'roles that are not all known' : 'a measure that is never summed'}: fix one of them with analysis_type "custom".`,
  )

/** @returns The slice, or in words why there is none. */
export function planSlice(measure: MainMeasure, codes: readonly AxisCode[], summable: boolean): Slice | Words {
  const byAxis = new Map<string, AxisCode[]>()
  for (const code of codes) byAxis.set(code.axis, [...(byAxis.get(code.axis) ?? []), code])
  const held: Held[] = []
  for (const [axis, list] of byAxis) {
    if (axis === 'area') continue
    const how = hold(axis, list, summable)
    if (how === null) return noTotal(axis, list.length, summable)
    held.push(how)
  }
  const area = byAxis.get('area')
  const parts = (axis: string): boolean => (byAxis.get(axis) ?? []).filter(({ role }) => role === 'part').length > 1
  return {
    measure,
    held,
    area: area === undefined ? null : hold('area', area, summable),
    hasArea: area !== undefined && area.length > 1,
    wholes: area === undefined ? [] : wholesOf(area),
    categories: [...byAxis.keys()].filter((axis) => axis !== 'area' && parts(axis)),
  }
}

/**
 * A total is left out where its name says so (合計), or where it stands beside its parts: they name it as their parent, or nothing says whose part anyone
 * is and it is the only total of its level. 横浜市 is the total of its wards and stays a city among cities.
 */
function wholesOf(areas: readonly AxisCode[]): readonly string[] {
  const hasParents = areas.some(({ parent }) => parent !== null && parent !== '')
  return areas.flatMap(({ code, name, role, level }) => {
    if (role !== 'total') return []
    if (saysTotal({ code, name: name ?? '', level: null, unit: null, parentCode: null })) return [code]
    const peers = areas.filter((other) => other.level === level && other.code !== code)
    const isWhole = hasParents
      ? peers.some(({ parent }) => parent === code)
      : peers.every((peer) => peer.role !== 'total') && peers.length > 0
    return isWhole ? [code] : []
  })
}

function hold(axis: string, codes: readonly AxisCode[], summable: boolean): Held | null {
  const [first] = codes
  if (first !== undefined && codes.length === 1) return { axis, by: 'only', code: first.code, name: first.name }
  const totals = codes.filter(({ role }) => role === 'total')
  const [total] = totals
  if (total !== undefined && totals.length === 1) return { axis, by: 'total', code: total.code, name: total.name }
  const allParts = totals.length === 0 && codes.every(({ role }) => role === 'part')
  return allParts && summable ? { axis, by: 'sum of parts', parts: codes.length } : null
}

const holds = (held: readonly Held[]): readonly string[] =>
  held.flatMap((one) => (one.by === 'sum of parts' ? [] : [equals(`${one.axis}_code`, one.code)]))

/**
 * One cell, or the sum of a group without a gap; null otherwise, also where a cell is there twice (appended). A group may
 * lack codes of other periods: 85歳以上 until 2000, 85～89歳 and older since.
 */
function figure(held: readonly Held[]): string {
  const codes = held.flatMap(({ axis, by }) => (by === 'sum of parts' ? [quoteName(`${axis}_code`)] : []))
  if (codes.length === 0) return 'CASE WHEN count(*) = 1 THEN max("value") END'
  const cell = codes.join(` || '/' || `)
  return `CASE WHEN count(*) = count("value") AND count(*) = count(DISTINCT ${cell}) THEN sum("value") END`
}

const where = (conditions: readonly string[]): string =>
  conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`

/** code, name, kind, values, figure (null where the area is open) of each period, in order of time. */
export function courseSql(table: Table, { measure, held, area, hasArea }: Slice): string {
  const all = area === null ? held : [...held, area]
  const value = hasArea && area === null ? 'CAST(NULL AS double)' : figure(all)
  const time = ['time_code', 'time_name', 'time_kind'].map((name) => pick(table, name))
  return `SELECT ${time.join(', ')}, count("value") AS n, ${value} AS v FROM ${quoteName(table.name)}${where([...ofMeasure(table, measure), ...holds(all)])} GROUP BY ${time.join(', ')}, ${pick(table, 'time_start')} ORDER BY ${pick(table, 'time_start')}, ${time[0]}`
}

/** level, areas of that level, code, name, figure: those with the most of each level, without `wholes`. */
export function areasSql(table: Table, { measure, held, wholes }: Slice, time: string | null): string {
  const level = has(table, 'area_level') ? '"area_level"' : 'CAST(NULL AS integer)'
  const conditions = [
    ...ofMeasure(table, measure),
    ...holds(held),
    ...(time === null ? [] : [equals('time_code', time)]),
    ...(has(table, 'area_role') ? [`coalesce("area_role", 'unknown') <> 'of_which'`] : []),
    ...(wholes.length === 0 ? [] : [`"area_code" NOT IN (${wholes.map(quoteText).join(', ')})`]),
  ]
  const inner = `SELECT ${level} AS lv, "area_code" AS code, "area_name" AS name, ${figure(held)} AS v FROM ${quoteName(table.name)}${where(conditions)} GROUP BY 1, 2, 3`
  const ranked = `SELECT lv, count(*) OVER (PARTITION BY lv) AS areas, code, name, v, row_number() OVER (PARTITION BY lv ORDER BY v DESC NULLS LAST, code) AS place FROM (${inner}) AS figures WHERE v IS NOT NULL`
  return `SELECT lv, areas, code, name, v FROM (${ranked}) AS ranked WHERE place <= ${PLACES_SHOWN} ORDER BY lv, place`
}

/** code, name, figure of the parts of a category axis, the largest first. */
export function categoriesSql(table: Table, { measure, held, area }: Slice, axis: string, time: string | null): string {
  const others = [...held.filter((one) => one.axis !== axis), ...(area === null ? [] : [area])]
  const conditions = [
    ...ofMeasure(table, measure),
    ...holds(others),
    ...(time === null ? [] : [equals('time_code', time)]),
    `${quoteName(`${axis}_role`)} = 'part'`,
  ]
  return `SELECT ${quoteName(`${axis}_code`)} AS code, ${quoteName(`${axis}_name`)} AS name, ${figure(others)} AS v FROM ${quoteName(table.name)}${where(conditions)} GROUP BY 1, 2 ORDER BY v DESC NULLS LAST, 1`
}
