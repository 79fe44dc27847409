/**
 * Where a dataset in the lake came from: written into each Parquet file, and from there into the properties of the
 * table that takes it, so that every answer from the lake can be cited.
 */
import { measureAxes, type NeverSummed, neverSummed } from '../estat/measure.ts'
import type { Extent, TableInfo } from '../estat/model.ts'
import { type SourceInfo, sourceOf } from '../estat/source.ts'
import { both, figure, type Lang } from '../estat/words.ts'
import type { FetchManifest } from './manifest.ts'
import type { LakeTable, ParquetFile } from '../lake/ports.ts'
import type { SourceOrigin } from '../ports.ts'

export interface Lineage {
  readonly info: TableInfo
  readonly extent: Extent | null
  readonly recordedAt: string | null
  readonly retrieved_at: string
  readonly origin: SourceOrigin
  /** What the fetch was narrowed to; empty for the whole table. */
  readonly filters: Readonly<Record<string, string>>
  /** Of a fetch that was cut short: the rows it has, and those that match. */
  readonly cut?: { readonly rows: number; readonly matched: number } | undefined
  /** The axis whose codes say what is measured (read by `lake/sql/measure-axes.ts`); `tab` where no category does. */
  readonly measureAxis: string | null
  /** Read by `lake/sql/never-summed.ts`, which refuses sums of these; the first `MOST_NEVER_SUMMED`. */
  readonly neverSummed: NeverSummed
}

/** More codes than these would make the table's properties long; sums of the others are warned of. */
const MOST_NEVER_SUMMED = 300

const FILE_KEY = 'estat.source'
const datasetKey = (id: string): string => `estat.dataset.${id}`

export function lineageOf(fetch: FetchManifest): Readonly<Record<string, string>> {
  const { meta, retrieved_at, origin, filters, rows, matched = rows } = fetch
  const { info, extent, recordedAt = null } = meta
  const axes = measureAxes(meta).map(({ id }) => id)
  const measureAxis = axes.find((id) => id !== 'tab') ?? axes[0] ?? null
  const never = neverSummed(meta)
  const lineage: Lineage = {
    info,
    extent,
    recordedAt,
    retrieved_at,
    origin,
    filters,
    ...(matched > rows ? { cut: { rows, matched } } : {}),
    measureAxis,
    neverSummed: { ...never, codes: never.codes.slice(0, MOST_NEVER_SUMMED) },
  }
  return { [FILE_KEY]: JSON.stringify(lineage) }
}

/** The table properties that loading a file sets. */
export function propertiesOf({ datasetId, properties }: ParquetFile): Readonly<Record<string, string>> {
  const lineage = properties[FILE_KEY]
  return lineage === undefined ? {} : { [datasetKey(datasetId)]: lineage }
}

/**
 * As `propertiesOf`, where the rows join those that the table has of the dataset: together they are as narrow as on each
 * axis either of them was, and whole where either is; a fetch that was cut short leaves its mark.
 * @param table As it was before; null where there was none.
 */
export function joinedProperties(file: ParquetFile, table: LakeTable | null): Readonly<Record<string, string>> {
  const key = datasetKey(file.datasetId)
  const [before, now] = [table?.properties[key], file.properties[FILE_KEY]]
  const has = table?.files.some(({ datasetId }) => datasetId === file.datasetId) ?? false
  if (before === undefined || now === undefined || !has) return propertiesOf(file)
  const [old, fresh] = [JSON.parse(before) as Lineage, JSON.parse(now) as Lineage]
  const whole = isWhole(old) || isWhole(fresh)
  const { cut = old.cut, ...rest } = fresh
  const joined = { ...rest, filters: whole ? {} : joinedFilters(old.filters, fresh.filters) }
  return { [key]: JSON.stringify(whole || cut === undefined ? joined : { ...joined, cut }) }
}

type Filters = Lineage['filters']

const isWhole = ({ filters, cut }: Lineage): boolean => Object.keys(filters).length === 0 && cut === undefined

function joinedFilters(old: Filters, fresh: Filters): Filters {
  const both = Object.entries(fresh).flatMap(([axis, what]) => {
    const other = old[axis]
    if (other === undefined) return []
    return [[axis, other.split('; ').includes(what) ? other : `${other}; ${what}`]]
  })
  const [first] = Object.keys(old)
  if (both.length > 0 || first === undefined || Object.keys(fresh).length === 0) return Object.fromEntries(both)
  // One area in all years, and one year in all areas: neither axis is narrow any more, and yet it is not the table.
  const [sofar, more] = [old, fresh].map((filters) => inWords(filters).join(', ')) as [string, string]
  const words = sofar.split(' / ').includes(more) ? sofar : `${sofar} / ${more}`
  return { [first]: words.slice(first.length + 2) }
}

const inWords = (filters: Filters): readonly string[] =>
  Object.entries(filters).map(([axis, what]) => `${axis}: ${what}`)

/** The sources of every dataset whose rows are in the table, in order of id. Figures from SQL are derived ones. */
export function sourcesOfTable(table: LakeTable, derived: boolean, lang: Lang = 'J'): readonly SourceInfo[] {
  const ids = [...new Set(table.files.map(({ datasetId }) => datasetId))].toSorted()
  return ids.flatMap((id) => {
    const text = table.properties[datasetKey(id)]
    if (text === undefined) return []
    const { info, extent, recordedAt, retrieved_at, origin, filters, cut } = JSON.parse(text) as Lineage
    const context = {
      retrievedAt: retrieved_at,
      origin: 'lake',
      fetchedFrom: origin,
      extent,
      recordedAt,
      derived,
    } as const
    return [narrowed(sourceOf(info, { ...context, lang }), { filters, cut }, lang)]
  })
}

/** What e-Stat says of a dataset in the table; null for one that was loaded without its record. */
export function infoOfDataset({ properties }: Pick<LakeTable, 'properties'>, id: string): TableInfo | null {
  const text = properties[datasetKey(id)]
  return text === undefined ? null : (JSON.parse(text) as Lineage).info
}

const PART_ONLY = (filters: string) =>
  both(`ここに登録されているのは統計表の一部です（${filters}）。`, `Only part of the table is kept here (${filters}).`)
const CUT_SHORT = (rows: number, matched: number) =>
  both(
    `取得は途中までです（該当する${figure(matched)}セルのうち${figure(rows)}セル）。`,
    `Its fetch was cut short: ${figure(rows)} of ${figure(matched)} cells.`,
  )

/** A source that was narrowed or cut short before it was kept says so: its rows are not the table. */
function narrowed(source: SourceInfo, { filters, cut }: Pick<Lineage, 'filters' | 'cut'>, lang: Lang): SourceInfo {
  const chosen = inWords(filters)
  const notes = [
    ...(chosen.length === 0 ? [] : [PART_ONLY(chosen.join('; '))[lang]]),
    ...(cut === undefined ? [] : [CUT_SHORT(cut.rows, cut.matched)[lang]]),
    ...(source.note === null ? [] : [source.note]),
  ]
  return notes.length === 0 ? source : { ...source, note: notes.join(lang === 'J' ? '' : ' ') }
}
