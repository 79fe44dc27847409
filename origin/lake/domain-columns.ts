/**
 * The convenience columns of each data_type (PRODUCT.md section 6): which axis means what, told by the axis's id
 * and name, and by the units its codes carry, never by its position. A concept that no axis fits gives no column.
 */
import { measureAxes } from '../estat/measure.ts'
import type { Axis, AxisId, TableMeta } from '../estat/model.ts'
import type { ColumnSource } from './column-plan.ts'
import type { DataType } from './ports.ts'

/** A column that takes the name on whichever classification axis is called so. */
const NAMED: Readonly<Record<string, RegExp>> = {
  sex: /男女|性別|\bsex\b|gender/i,
  age_group: /年齢|\bage\b/i,
  industry: /産業|業種|industr/i,
  occupation: /職業|職種|occupation/i,
  employment_status: /従業上の地位|雇用形態|就業状態|雇用者|employment|labou?r force status/i,
  school_type: /学校|設置者|school/i,
  grade: /学年|学級|grade/i,
  disease: /傷病|疾病|疾患|死因|感染症|disease|cause of death/i,
  facility: /施設|病院|facilit|hospital/i,
  product: /品目|商品|農産物|作物|魚種|畜種|commodit|product|\bitem/i,
  structure: /構造|structure/i,
  building_use: /用途|利用関係|建築主|\buse\b/i,
  transport_mode: /輸送|交通|車種|船種|transport/i,
  trade_flow: /輸出|輸入|export|import/i,
  service: /給付|サービス|扶助|保険|service|benefit/i,
  household: /世帯|household/i,
}

/** What each domain asks for beside period, region, indicator and category. */
const OF_DOMAIN: Readonly<Record<DataType, readonly string[]>> = {
  generic: [],
  population: ['sex', 'age_group', 'household'],
  economy: ['industry'],
  labor: ['sex', 'age_group', 'industry', 'occupation', 'employment_status'],
  education: ['sex', 'school_type', 'grade'],
  health: ['sex', 'age_group', 'disease', 'facility'],
  agriculture: ['product'],
  construction: ['structure', 'building_use'],
  transport: ['transport_mode', 'product'],
  trade: ['trade_flow', 'product'],
  social_welfare: ['sex', 'age_group', 'service', 'facility'],
}

const REGION = /地域|都道府県|市区町村|国名|area|region|prefecture|countr/i

/** Column names and sources of one dataset, in a fixed order. */
export function domainSources(
  meta: TableMeta,
  axes: readonly Axis[],
  dataType: DataType,
): readonly (readonly [name: string, source: ColumnSource])[] {
  const measures = axes.filter((axis) => measureAxes(meta).includes(axis))
  const classes = axes.filter((axis) => axis.id.startsWith('cat') && !measures.includes(axis))
  const region = axes.find(({ id }) => id === 'area') ?? onlyOne(classes, REGION)
  const named = OF_DOMAIN[dataType].flatMap((name) => {
    const axis = onlyOne(classes, NAMED[name] as RegExp)
    return axis === null || axis === region ? [] : [{ name, axis }]
  })
  const taken = new Set<Axis | null>([region, ...named.map(({ axis }) => axis)])
  const rest = classes.filter((axis) => !taken.has(axis))
  return [
    ...(axes.some(({ id }) => id === 'time') ? TIME_COLUMNS : []),
    ...(region === null ? [] : regionColumns(region.id)),
    ...(measures.length > 0 ? [['indicator', namesOn(measures)] as const] : []),
    ...named.map(({ name, axis }) => [name, axisName(axis.id)] as const),
    ...(rest.length > 0 ? [['category', namesOn(rest)] as const] : []),
  ]
}

const TIME_COLUMNS = (['year', 'quarter', 'month'] as const).map((part) => [part, { from: 'time', part }] as const)

const axisName = (axis: AxisId): ColumnSource => ({ from: 'axis', axis, part: 'name' })

const namesOn = (axes: readonly Axis[]): ColumnSource => ({ from: 'names', axes: axes.map(({ id }) => id) })

const regionColumns = (axis: AxisId) =>
  [
    ['region_code', { from: 'axis', axis, part: 'code' }],
    ['region_name', axisName(axis)],
  ] as const

/** The axis whose name fits; null where none or several do: a choice between them would be a guess. */
function onlyOne(axes: readonly Axis[], pattern: RegExp): Axis | null {
  const fitting = axes.filter(({ name }) => pattern.test(name.normalize('NFKC')))
  return fitting.length === 1 ? (fitting[0] ?? null) : null
}
