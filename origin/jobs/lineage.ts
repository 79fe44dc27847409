/**
 * Where a dataset in the lake came from: written into each Parquet file, and from there into the properties of the
 * table that takes it, so that every answer from the lake can be cited.
 */
import { measureAxes, type NeverSummed, neverSummed } from '../estat/measure.ts'
import type { Extent, TableInfo } from '../estat/model.ts'
import { type SourceInfo, sourceOf } from '../estat/source.ts'
import { both, type Lang } from '../estat/words.ts'
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
  /** The axis whose codes say what is measured (read by `lake/sql/measure-axes.ts`); `tab` where no category does. */
  readonly measureAxis: string | null
  /** Read by `lake/sql/never-summed.ts`, which refuses sums of these; the first `MOST_NEVER_SUMMED`. */
  readonly neverSummed: NeverSummed
}

/** More codes than these would make the table's properties long; sums of the others are warned of. */
const MOST_NEVER_SUMMED = 300

const FILE_KEY = 'estat.source'
const datasetKey = (id: string): string => `estat.dataset.${id}`

export function lineageOf({ meta, retrieved_at, origin, filters }: FetchManifest): Readonly<Record<string, string>> {
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
 * axis either of them was, and whole where either is.
 * @param table As it was before; null where there was none.
 */
export function joinedProperties(file: ParquetFile, table: LakeTable | null): Readonly<Record<string, string>> {
  const key = datasetKey(file.datasetId)
  const [before, now] = [table?.properties[key], file.properties[FILE_KEY]]
  const has = table?.files.some(({ datasetId }) => datasetId === file.datasetId) ?? false
  if (before === undefined || now === undefined || !has) return propertiesOf(file)
  const [old, fresh] = [JSON.parse(before) as Lineage, JSON.parse(now) as Lineage]
  const filters = Object.entries(fresh.filters).flatMap(([axis, what]) => {
    const other = old.filters[axis]
    if (other === undefined) return []
    return [[axis, other.split('; ').includes(what) ? other : `${other}; ${what}`]]
  })
  return { [key]: JSON.stringify({ ...fresh, filters: Object.fromEntries(filters) }) }
}

/** The sources of every dataset whose rows are in the table, in order of id. Figures from SQL are derived ones. */
export function sourcesOfTable(table: LakeTable, derived: boolean, lang: Lang = 'J'): readonly SourceInfo[] {
  const ids = [...new Set(table.files.map(({ datasetId }) => datasetId))].toSorted()
  return ids.flatMap((id) => {
    const text = table.properties[datasetKey(id)]
    if (text === undefined) return []
    const { info, extent, recordedAt, retrieved_at, origin, filters } = JSON.parse(text) as Lineage
    const context = {
      retrievedAt: retrieved_at,
      origin: 'lake',
      fetchedFrom: origin,
      extent,
      recordedAt,
      derived,
    } as const
    return [narrowed(sourceOf(info, { ...context, lang }), filters, lang)]
  })
}

/** What e-Stat says of a dataset in the table; null for one that was loaded without its record. */
export function infoOfDataset({ properties }: Pick<LakeTable, 'properties'>, id: string): TableInfo | null {
  const text = properties[datasetKey(id)]
  return text === undefined ? null : (JSON.parse(text) as Lineage).info
}

const PART_ONLY = (filters: string) =>
  both(`ここに登録されているのは統計表の一部です（${filters}）。`, `Only part of the table is kept here (${filters}).`)

/** A source that was narrowed before it was kept says so: its rows are not the table. */
function narrowed(source: SourceInfo, filters: Lineage['filters'], lang: Lang): SourceInfo {
  const chosen = Object.entries(filters).map(([axis, what]) => `${axis}: ${what}`)
  if (chosen.length === 0) return source
  const words = PART_ONLY(chosen.join('; '))[lang]
  return { ...source, note: source.note === null ? words : `${words}${lang === 'J' ? '' : ' '}${source.note}` }
}
