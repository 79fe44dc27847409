/** Runs the "advanced" analysis: a few queries for each main measure (`lake/sql/advanced.ts`). */
import * as z from 'zod'
import { measureFrom } from '../estat/measure.ts'
import { both, figure, type Lang, plural } from '../estat/words.ts'
import type { Cell, LakeTable } from '../lake/ports.ts'
import {
  areasSql,
  axisCode,
  categoriesSql,
  codesSql,
  courseSql,
  type Held,
  mainMeasure,
  type MainMeasure,
  mainMeasuresSql,
  MEASURES_SHOWN,
  PERIODS_SHOWN,
  PLACES_SHOWN,
  planSlice,
  type Slice,
} from '../lake/sql/advanced.ts'
import type { AskTable } from './lake-table.ts'
import { infoOfDataset } from '../jobs/lineage.ts'

const place = z.object({ code: z.string(), name: z.string().nullable(), value: z.number().nullable() })

export const advanced = z.object({
  measures: z.array(
    z.object({
      dataset_id: z.string().nullable(),
      measure: z.string().nullable().describe('What is measured, in names.'),
      unit: z.string().nullable(),
      kind: z.string().describe('"count", "quantity" and "money" are summed over parts; others never.'),
      held: z
        .record(z.string(), z.string())
        .describe('How the other axes are taken out of the way: the total, the only code, or a sum of parts.'),
      skipped: z.string().nullable().describe('Why nothing is computed for it; null where something is.'),
      trend: z.array(
        z.object({ time_code: z.string().nullable(), time: z.string().nullable(), value: z.number().nullable() }),
      ),
      latest: z.string().nullable().describe('The period of top_areas and top_categories.'),
      top_areas: z.array(z.object({ level: z.number().nullable(), areas: z.int(), top: z.array(place) })),
      top_categories: z.array(z.object({ axis: z.string(), categories: z.int(), top: z.array(place) })),
    }),
  ),
  measures_complete: z.boolean().describe('False where the table has more measures than these.'),
})
export type Advanced = z.infer<typeof advanced>

/** Codes of one measure that are looked at; a table of every 町丁 has more, and is then skipped. */
const MOST_CODES = 5_000

export async function runAdvanced(table: LakeTable, ask: AskTable, lang: Lang): Promise<Advanced> {
  const { sql, axes } = mainMeasuresSql(table)
  const found = await ask(sql, MEASURES_SHOWN)
  const measures: Advanced['measures'] = []
  for (const row of found.rows) measures.push(await analyse(table, mainMeasure(row, axes), ask, lang))
  return { measures, measures_complete: !found.more }
}

const TOO_MANY = both(
  `コードが${figure(MOST_CODES)}を超えるため集計していません。analysis_type "custom" で絞り込んでください。`,
  `It has more than ${figure(MOST_CODES)} codes: narrow it with "custom".`,
)

async function analyse(
  table: LakeTable,
  measure: MainMeasure,
  ask: AskTable,
  lang: Lang,
): Promise<Advanced['measures'][number]> {
  const names = measure.codes.flatMap(({ name }) => (name === null ? [] : [name]))
  const info = measure.datasetId === null ? null : infoOfDataset(table, measure.datasetId)
  const judged = info === null ? null : measureFrom(info, names, measure.unit)
  const about = {
    dataset_id: measure.datasetId,
    measure: names.length === 0 ? null : names.join(' / '),
    unit: measure.unit,
    kind: judged?.kind ?? 'unknown',
    held: {},
    trend: [],
    latest: null,
    top_areas: [],
    top_categories: [],
  }
  const text = codesSql(table, measure)
  const codes = text === null ? null : await ask(text, MOST_CODES)
  if (codes?.more === true) return { ...about, skipped: TOO_MANY[lang] }
  const slice = planSlice(measure, (codes?.rows ?? []).map(axisCode), judged?.summable ?? false)
  if ('J' in slice) return { ...about, skipped: slice[lang] }
  return { ...about, held: heldInWords(slice, lang), skipped: null, ...(await figures(table, slice, ask)) }
}

async function figures(table: LakeTable, slice: Slice, ask: AskTable) {
  const periods = mainKind((await ask(courseSql(table, slice), 5_000)).rows)
  const last = periods.findLast(([, , , n]) => Number(n) > 0)
  const code = textOf(last?.[0])
  const areas = slice.hasArea ? (await ask(areasSql(table, slice, code), 10 * PLACES_SHOWN)).rows : []
  const top_categories: Advanced['measures'][number]['top_categories'] = []
  // Without one area, or a sum of all, categories would be of many areas at once.
  for (const axis of slice.hasArea && slice.area === null ? [] : slice.categories) {
    const { rows } = await ask(categoriesSql(table, slice, axis, code), 1_000)
    const top = rows.slice(0, PLACES_SHOWN).map(([id, name, value]) => placeOf(id, name, value))
    top_categories.push({ axis, categories: rows.length, top })
  }
  const open = slice.hasArea && slice.area === null
  return {
    trend: open
      ? []
      : periods
          .slice(-PERIODS_SHOWN)
          .map(([id, name, , , value]) => ({ time_code: textOf(id), time: textOf(name), value: numberOf(value) })),
    latest: textOf(last?.[1]) ?? code,
    top_areas: byLevel(areas),
    top_categories,
  }
}

/** The periods of the kind that most are of: years are not put beside months. */
function mainKind(rows: readonly (readonly Cell[])[]): readonly (readonly Cell[])[] {
  const counts = new Map<Cell, number>()
  for (const [, , kind = null] of rows) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  const [main] = [...counts].toSorted(([, a], [, b]) => b - a)
  return rows.filter(([, , kind = null]) => kind === main?.[0])
}

function byLevel(rows: readonly (readonly Cell[])[]): Advanced['measures'][number]['top_areas'] {
  const levels = new Map<Cell, Advanced['measures'][number]['top_areas'][number]>()
  for (const [level = null, areas, code, name, value] of rows) {
    const known = levels.get(level) ?? { level: numberOf(level), areas: Number(areas), top: [] }
    levels.set(level, { ...known, top: [...known.top, placeOf(code, name, value)] })
  }
  return [...levels.values()]
}

const heldInWords = ({ held, area }: Slice, lang: Lang): Record<string, string> =>
  Object.fromEntries([...held, ...(area === null ? [] : [area])].map((one) => [one.axis, inWords(one, lang)]))

const HELD = {
  J: { sum: (parts: number) => `内訳${figure(parts)}個の合計`, total: '（合計）', only: '（この値のみ）' },
  E: { sum: (parts: number) => `sum of ${plural(parts, 'part')}`, total: ' (total)', only: ' (only)' },
} as const

const inWords = (held: Held, lang: Lang): string =>
  held.by === 'sum of parts' ? HELD[lang].sum(held.parts) : `${held.name ?? held.code}${HELD[lang][held.by]}`

const textOf = (cell: Cell | undefined): string | null => (typeof cell === 'string' ? cell : null)
const numberOf = (cell: Cell | undefined): number | null => (typeof cell === 'number' ? cell : null)
const placeOf = (code: Cell | undefined, name: Cell | undefined, value: Cell | undefined) => ({
  code: textOf(code) ?? '',
  name: textOf(name),
  value: numberOf(value),
})
