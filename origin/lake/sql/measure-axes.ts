/** Which axes say what is measured: figures of different measures are never put together. */
import type { TableMeta } from '../../estat/model.ts'
import type { LakeTable } from '../ports.ts'

export interface MeasureAxis {
  /** `tab`, `cat01`, ...: the table has its `_code` and `_name` columns. */
  readonly axis: string
  /** The datasets that measure by it; null for all. */
  readonly datasets: readonly string[] | null
}

const PREFIX = 'estat.dataset.'

/**
 * `tab` where the table has it; and the axis that a dataset's record names as `measureAxis`, else the one whose codes
 * carry different units in `meta` (社会・人口統計体系 has one 表章項目, and the items on cat01).
 */
export function measureAxesOf(
  { columns, properties }: Pick<LakeTable, 'columns' | 'properties'>,
  meta: TableMeta | null,
): readonly MeasureAxis[] {
  const names = new Set(columns.map((column) => column.name))
  const has = (axis: string): boolean => names.has(`${axis}_code`) && names.has(`${axis}_name`)
  const records = Object.entries(properties).filter(([key]) => key.startsWith(PREFIX))
  const axes = new Map<string, string[]>()
  for (const [key, json] of records) {
    const axis = measureAxisIn(json) ?? unitAxis(meta)
    if (axis !== null && axis !== 'tab' && has(axis))
      axes.set(axis, [...(axes.get(axis) ?? []), key.slice(PREFIX.length)])
  }
  const alone = records.length === 0 ? unitAxis(meta) : null
  if (alone !== null && alone !== 'tab' && has(alone)) axes.set(alone, [])
  const found = [...axes].map(([axis, datasets]) => ({
    axis,
    datasets: datasets.length === records.length || !names.has('dataset_id') ? null : datasets,
  }))
  return [...(has('tab') ? [{ axis: 'tab', datasets: null }] : []), ...found]
}

function measureAxisIn(json: string): string | null {
  try {
    const record: unknown = JSON.parse(json)
    const named = typeof record === 'object' && record !== null && 'measureAxis' in record ? record.measureAxis : null
    return typeof named === 'string' ? named : null
  } catch {
    return null
  }
}

/** The first axis, `tab` aside, whose codes carry more than one unit. */
function unitAxis(meta: TableMeta | null): string | null {
  const mixed = meta?.axes.find(
    ({ id, items }) => id !== 'tab' && new Set(items.map((item) => item.unit).filter((unit) => unit !== null)).size > 1,
  )
  return mixed?.id ?? null
}
