/**
 * What a table measures: which axis says it, and whether its figures may be summed (PRODUCT.md, promise 5).
 * Judged by unit and names, conservatively: a sum that is refused costs a question, a wrong sum a decision.
 */
import { KIND_EVIDENCE as BY } from './evidence.ts'
import type { Axis, MeasureKind, Observation, TableInfo, TableMeta } from './model.ts'
import { fold } from './text.ts'
import { readUnit } from './unit.ts'
import type { Words } from './words.ts'

export interface Measure {
  /** Names of the codes that say what is measured, in order of axes; empty where no axis does. */
  readonly names: readonly string[]
  readonly unit: string | null
  readonly kind: MeasureKind
  /** Only counts, quantities and money, and only within one measure and unit. */
  readonly summable: boolean
  /** 1e9 for 10億円; null where the unit does not say. */
  readonly unitScale: number | null
  /** 円 for 10億円. */
  readonly baseUnit: string | null
  /** Why this kind, in words. */
  readonly because: Words
}

/** Surveys whose amounts are means for one household or one worker, whatever the unit says. */
const SURVEYS_OF_MEANS: ReadonlyMap<string, string> = new Map([
  ['00200561', '家計調査'],
  ['00200564', '全国家計構造調査'],
  ['00200571', '小売物価統計調査'],
  ['00450071', '毎月勤労統計調査'],
  ['00450091', '賃金構造基本統計調査'],
])

// Folded names. 率 and 比 only at the end of a word: 能率手当 and 比較 are neither.
const PER = /当たり|あたり|につき|密度|\bper(?:capita|household)/
const RATIO = /率(?=$|[(_・,])|比(?=$|[(_・,])|比率|割合|シェア|寄与度|rate$|ratio$/
const INDEX = /指数|index$/
const RANK = /順位|ランキング|rank$/
const MEAN =
  /平均|中央値|中位|最頻|偏差|価格|単価|物価|賃金|給与|給料|月額|日額|時給|年収|家賃|average|mean|median|price|wage/

/** Whether a measure is an order already: 順位. */
export const namesRank = (names: readonly string[]): boolean => names.some((name) => RANK.test(fold(name)))

type Verdict = Pick<Measure, 'kind' | 'because'>

function byName(names: readonly string[]): Verdict | null {
  const text = names.map(fold)
  const says = (pattern: RegExp): string | undefined => names[text.findIndex((name) => pattern.test(name))]
  const found = [[RANK, 'unknown', BY.rank], [PER, 'rate', BY.per], [RATIO, 'rate', BY.ratio],
    [INDEX, 'index', BY.index], [MEAN, 'unknown', BY.mean]] as const // biome-ignore format: a table
  for (const [pattern, kind, what] of found) {
    const name = says(pattern)
    if (name !== undefined) return { kind, because: what(name) }
  }
  return null
}

function judge(info: TableInfo, names: readonly string[], unit: string | null): Verdict {
  const { kind } = readUnit(unit)
  if (kind === 'rate' || kind === 'index') return { kind, because: BY.unit(unit) }
  const named = byName(names)
  if (named !== null) return named
  if (kind === 'unknown') return { kind, because: BY.unit(unit) }
  const survey = SURVEYS_OF_MEANS.get(info.statName.code)
  if (survey !== undefined) return { kind: 'unknown', because: BY.survey(survey) }
  if (PER.test(fold(info.title))) return { kind: 'unknown', because: BY.title }
  return { kind, because: BY.unit(unit) }
}

const SUMMABLE: ReadonlySet<MeasureKind> = new Set<MeasureKind>(['count', 'quantity', 'money'])

/** One measure, judged by the names of what is measured and the unit of its figures. */
export function measureFrom(info: TableInfo, names: readonly string[], unit: string | null): Measure {
  const { base, scale } = readUnit(unit)
  const verdict = judge(info, names, unit)
  return {
    names,
    unit,
    ...verdict,
    summable: SUMMABLE.has(verdict.kind),
    unitScale: scale,
    baseUnit: base === '' ? null : base,
  }
}

const carriesUnits = ({ items }: Axis): boolean => items.some(({ unit }) => unit !== null)

/**
 * The axes that say what is measured: those whose codes carry units, `tab` or a category (no table need have
 * `tab`: reference/estat-api.md, 7.12), and `tab` where it offers a choice or nothing else says it. In e-Stat's order.
 */
export function measureAxes(meta: TableMeta): readonly Axis[] {
  const withUnits = meta.axes.filter(carriesUnits)
  return meta.axes.filter(
    (axis) => withUnits.includes(axis) || (axis.id === 'tab' && (axis.items.length > 1 || withUnits.length === 0)),
  )
}

export interface NamedMeasure extends Measure {
  readonly axis: string
  readonly code: string
}

/** Each code of the measure axes judged by itself, for a description of the table. */
export const measuresOf = (meta: TableMeta): readonly NamedMeasure[] =>
  measureAxes(meta).flatMap(({ id, items }) =>
    items.map(({ code, name, unit }) => ({ axis: id, code, ...measureFrom(meta.info, [name], unit) })),
  )

/** The measure of a row: by all its codes on the measure axes and the unit of the cell. Remembers what it has judged. */
export function measureOfRow(meta: TableMeta): (row: Pick<Observation, 'codes' | 'unit'>) => Measure {
  const axes = measureAxes(meta).map(({ id, items }) => ({ id, names: new Map(items.map(({ code, name }) => [code, name])) })) // biome-ignore format: one line
  const known = new Map<string, Measure>()
  return ({ codes, unit }) => {
    const key = JSON.stringify([unit, ...axes.map(({ id }) => codes[id])])
    const measure = known.get(key) ?? measureFrom(meta.info, axes.flatMap(({ id, names }) => names.get(codes[id] ?? '') ?? []), unit) // biome-ignore format: one line
    known.set(key, measure)
    return measure
  }
}

/** Index numbers and rates among a table's measures: what no sum is ever made of. */
export interface NeverSummed {
  /** True where every measure of the table is one. */
  readonly all: boolean
  readonly codes: readonly {
    readonly axis: string
    readonly code: string
    readonly name: string
    readonly kind: 'rate' | 'index'
  }[]
}

export function neverSummed(meta: TableMeta): NeverSummed {
  const judged = measuresOf(meta)
  const codes = judged.flatMap(({ axis, code, names, kind }) =>
    kind === 'rate' || kind === 'index' ? [{ axis, code, name: names.join(' '), kind }] : [],
  )
  const all = measureAxes(meta).some(({ id, items }) => codes.filter(({ axis }) => axis === id).length === items.length)
  return { all, codes }
}
