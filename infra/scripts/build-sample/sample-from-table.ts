import type { Extent } from '../../../origin/estat/model.ts'
import type { SampleFile, SampleItem } from '../../../origin/sample/sample-file.ts'
import type { StandinItem, StandinTable } from '../../../origin/standin/table.ts'
import { writeJson } from '../../../origin/standin/write-json.ts'

/** What an excerpt says of itself; rows are counted here. */
export type Told = Omit<Extent, 'rows'> | null

/** A table in the bundle's form: one line of values for each combination of all axes but the last. */
export function sampleFromTable(table: StandinTable, source: SampleFile['source'], told: Told): SampleFile {
  refuseWhatIsNotCarried(table)
  const lead = table.axes.slice(0, -1)
  const last = table.axes.at(-1)?.items ?? []
  const lines = new Map<string, Map<number, string>>()
  for (const { positions, text } of table.rows.scan(all(table), 1, table.rows.total)) {
    const codes = JSON.stringify(lead.map(({ items }, axis) => items[positions[axis] ?? -1]?.code))
    const cells = lines.get(codes) ?? new Map<number, string>()
    lines.set(codes, cells.set(positions[lead.length] ?? -1, text))
  }
  const used = last.map((_, position) => position).filter((at) => [...lines.values()].some((cells) => cells.has(at)))
  return {
    source,
    extent: told && { rows: table.rows.total, ...told },
    table_inf: (JSON.parse(writeJson(table.info)) as { readonly TABLE_INF: unknown }).TABLE_INF,
    axes: table.axes.map(({ id, name, description, items }) => ({ id, name, description, items: items.map(itemOf) })),
    notes: table.notes.map(({ symbol, meaning }) => [symbol, meaning] as const),
    columns: [...lead.map(({ id }) => id), ...used.map((position) => last[position]?.code ?? '')],
    rows: Array.from(lines, ([codes, cells]) => [
      ...(JSON.parse(codes) as string[]),
      ...used.map((position) => cells.get(position) ?? null),
    ]),
  }
}

const all = ({ axes }: StandinTable): null[] => axes.map(() => null)

function itemOf({ code, name, level, unit, parentCode }: StandinItem): SampleItem {
  const tail = parentCode === null ? (unit === null ? [] : [unit]) : [unit, parentCode]
  return [code, name, level, ...tail]
}

/** No recording has these; one that did would lose them without a word. */
function refuseWhatIsNotCarried({ axes, annotations }: StandinTable): void {
  const carried = axes.every(
    ({ explanations, items }) => explanations.length === 0 && items.every(({ addInf }) => addInf === null),
  )
  if (!carried || annotations.length > 0) throw new Error('The recording has parts that the bundle has no place for.')
}
