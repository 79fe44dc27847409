import * as z from 'zod'
import { fault } from '../../shared/fault.ts'
import { resolveAxis } from '../estat/filters.ts'
import { type NamedMeasure, measureAxes, measuresOf } from '../estat/measure.ts'
import type { Axis, ClassItem, TableMeta } from '../estat/model.ts'
import { type JudgedRole, rolesOf } from '../estat/roles.ts'
import { seriesTags } from '../estat/series-tags.ts'
import { fold } from '../estat/text.ts'
import { comparePeriods, isDated, timedItems } from '../estat/time.ts'
import { fitting } from './budget.ts'
import { cursorAt, positionOf } from './cursor.ts'
import { type DeepReadonly, defineTool } from './define-tool.ts'
import { cursor, datasetId, lang, nextCursor, READ_ONLY, source } from './params.ts'
import { sourceFor } from './source-for.ts'
import { parseTableId } from '../estat/table-url.ts'

/** Codes of an axis that the overview shows, from the first. */
const OVERVIEW_CODES = 12

const code = z.object({
  code: z.string(),
  name: z.string(),
  level: z.int().nullable(),
  parent_code: z.string().nullable(),
  unit: z.string().nullable(),
  role: z
    .enum(['total', 'part', 'of_which', 'unknown'])
    .describe('Part it plays in sums; never add a total to its parts.'),
})

const axis = z.object({
  id: z.string().describe('Key for filters: tab, cat01 to cat15, area, time.'),
  name: z.string(),
  description: z.string().nullable(),
  is_measure: z.boolean().describe('True where its codes say what is measured.'),
  codes: z.int().describe('Codes in all.'),
  levels: z.record(z.string(), z.int()).describe('Level to number of codes.'),
  shown: z.array(code).describe('The first codes; all of them with the argument axis.'),
})

const output = z.object({
  success: z.literal(true),
  dataset_id: z.string(),
  title: z.string(),
  survey: z.string(),
  organisation: z.string(),
  cycle: z.string().nullable(),
  survey_date: z.string().nullable(),
  updated_date: z.string().nullable(),
  rows: z.int().describe('Rows of the table by count, or of the bundled excerpt.'),
  axes: z.array(axis),
  matched_codes: z.int().nullable().describe('With axis: codes that fit find and level.'),
  measures: z
    .array(
      z.object({
        axis: z.string(),
        code: z.string(),
        name: z.string(),
        unit: z.string().nullable(),
        kind: z.enum(['count', 'quantity', 'money', 'rate', 'index', 'unknown']),
        summable: z.boolean(),
        because: z.string(),
      }),
    )
    .describe('What is measured; only summable ones may be added, and only over parts.'),
  time: z
    .object({ first: z.string(), last: z.string(), periods: z.int(), kinds: z.array(z.string()) })
    .nullable()
    .describe('Span of the time axis by its codes; null for a table without one.'),
  tags: z
    .array(z.string())
    .describe('seasonally_adjusted, not_seasonally_adjusted, real, nominal, where the title says so.'),
  symbols: z.record(z.string(), z.string()).describe('Symbols of missing values and their meaning in this table.'),
  extent: z.string().nullable().describe('Where only an excerpt is bundled: what it holds.'),
  source,
  next_cursor: nextCursor,
})
type Output = DeepReadonly<z.infer<typeof output>>

/** Measures shown; a table with more is asked for by axis. */
const MEASURES_SHOWN = 30

export const describeDataset = defineTool({
  name: 'describe_dataset',
  version: 1,
  title: '統計表の構造を見る · Describe a table',
  description: [
    'Axes of one e-Stat table with codes, names, levels, units and roles; its measures, symbols, span of time and row count. Use it before fetch_dataset_filtered, to learn which names and codes exist.',
    'With axis (and find or level) it lists the codes of that axis page by page. Not for figures, and not for finding a table (search_estat_data).',
    '統計表の軸、コード、単位、期間を確認します。',
  ].join(' '),
  input: z.object({
    dataset_id: datasetId,
    axis: z.string().optional().describe('One axis to list in full: "area", "cat01" or its Japanese name.'),
    find: z.string().optional().describe('Only codes whose code or name contains this, e.g. "横浜". Needs axis.'),
    level: z.int().min(1).max(9).optional().describe('Only codes of this level, e.g. 2. Needs axis.'),
    cursor,
    lang,
  }),
  output,
  annotations: READ_ONLY,
  scope: 'read',
  weight: 1,
  cache: null,
  needs: ['stats'],

  async run(input, { stats }, { signal, now }) {
    const id = parseTableId(input.dataset_id)
    if (
      input.axis === undefined &&
      (input.find !== undefined || input.level !== undefined || input.cursor !== undefined)
    )
      throw fault('INVALID_PARAMETER', 'find, level and cursor go with axis.', {
        hint: 'Name the axis too, e.g. {"axis": "area", "find": "横浜"}.',
      })
    const ask = { lang: input.lang, signal }
    const meta = await stats.describe(id, ask)
    const first = await stats.page({ id, narrow: [] }, { start: 1, limit: 1 }, ask)
    const chosen = await chooseCodes(meta, input)
    const roles = rolesOf(meta)
    const measures = measuresOf(meta)
    const measured = measureAxes(meta)
    return {
      success: true as const,
      dataset_id: id,
      title: meta.info.title,
      survey: meta.info.statName.name,
      organisation: meta.info.govOrg.name,
      cycle: meta.info.cycle,
      survey_date: meta.info.surveyDate,
      updated_date: meta.info.updatedDate,
      rows: first.total,
      axes: chosen.axes.map(({ axis: one, items }) => toAxis(one, items, roles[one.id] ?? {}, measured.includes(one))),
      matched_codes: chosen.matched,
      measures: measures.slice(0, MEASURES_SHOWN).map(toMeasure),
      time: spanOf(meta),
      tags: [...seriesTags(`${meta.info.statisticsName} ${meta.info.title}`)],
      symbols: Object.fromEntries(first.notes.map(({ symbol, meaning }) => [symbol, meaning])),
      extent: meta.extent === null ? null : input.lang === 'J' ? meta.extent.noteJa : meta.extent.note,
      source: sourceFor(meta, stats, now),
      next_cursor: chosen.next,
    }
  },
  render,
})

interface Chosen {
  readonly axes: readonly { readonly axis: Axis; readonly items: readonly ClassItem[] }[]
  readonly matched: number | null
  readonly next: string | null
}

/** All axes by their first codes, or one axis page by page. */
async function chooseCodes(
  meta: TableMeta,
  input: {
    axis?: string | undefined
    find?: string | undefined
    level?: number | undefined
    cursor?: string | undefined
  },
): Promise<Chosen> {
  if (input.axis === undefined)
    return {
      axes: meta.axes.map((one) => ({ axis: one, items: one.items.slice(0, OVERVIEW_CODES) })),
      matched: null,
      next: null,
    }
  const one = resolveAxis(meta, input.axis)
  const wanted = input.find === undefined ? null : fold(input.find)
  const fits = one.items.filter(
    (item) =>
      (input.level === undefined || item.level === input.level) &&
      (wanted === null || fold(item.name).includes(wanted) || fold(item.code).includes(wanted)),
  )
  const subject = [meta.info.id, one.id, input.find, input.level]
  const start = await positionOf(subject, input.cursor)
  const rest = fits.slice(start)
  const items = rest.slice(0, fitting(rest))
  const end = start + items.length
  return {
    axes: [{ axis: one, items }],
    matched: fits.length,
    next: end < fits.length ? await cursorAt(subject, end) : null,
  }
}

function toAxis(
  { id, name, description, items: all }: Axis,
  items: readonly ClassItem[],
  roles: Readonly<Record<string, JudgedRole>>,
  isMeasure: boolean,
): Output['axes'][number] {
  const levels: Record<string, number> = {}
  for (const { level } of all) levels[String(level ?? '-')] = (levels[String(level ?? '-')] ?? 0) + 1
  return {
    id,
    name,
    description: description === null ? null : description.slice(0, 400),
    is_measure: isMeasure,
    codes: all.length,
    levels,
    shown: items.map((item) => ({
      code: item.code,
      name: item.name,
      level: item.level,
      parent_code: item.parentCode,
      unit: item.unit,
      role: roles[item.code]?.role ?? 'unknown',
    })),
  }
}

const toMeasure = ({ axis: on, code: of, names, unit, kind, summable, because }: NamedMeasure) => ({
  axis: on,
  code: of,
  name: names.join(' '),
  unit,
  kind,
  summable,
  because,
})

function spanOf({ axes }: TableMeta): Output['time'] {
  const time = axes.find(({ id }) => id === 'time')
  if (time === undefined) return null
  const timed = timedItems(time).filter(({ period }) => isDated(period))
  const sorted = timed.toSorted((a, b) => comparePeriods(a.period, b.period))
  const names = time.items.map(({ name }) => name)
  return {
    first: sorted[0]?.item.name ?? names[0] ?? '',
    last: sorted.at(-1)?.item.name ?? names.at(-1) ?? '',
    periods: time.items.length,
    kinds: [...new Set(timed.map(({ period }) => period.kind))],
  }
}

function render(result: Output): string {
  const { axes, measures, symbols } = result
  const lines = [
    `${result.dataset_id} ${result.survey}「${result.title}」(${result.organisation})`,
    `${result.rows.toLocaleString('en')} rows; updated ${result.updated_date ?? 'unknown'}; ${result.time ? `${result.time.first} to ${result.time.last}` : 'no time axis'}`,
    ...(result.extent === null ? [] : [`Excerpt: ${result.extent}`]),
    '',
    ...axes.flatMap(renderAxis),
    ...(axes.length > 1
      ? measures.map(({ name, unit, kind }) => `Measure: ${name} (${unit ?? 'no unit'}), ${kind}`)
      : []),
    ...Object.entries(symbols).map(([symbol, meaning]) => `Symbol ${symbol}: ${meaning}`),
    ...(result.next_cursor === null ? [] : [`More codes: call again with cursor "${result.next_cursor}".`]),
    ...(result.source.note === null ? [] : [result.source.note]),
    result.source.citation,
  ]
  return lines.join('\n')
}

function renderAxis({ id, name, codes, shown }: Output['axes'][number]): string[] {
  const more = codes > shown.length ? `, ${shown.length} shown` : ''
  return [
    `${id} ${name} (${codes} codes${more})`,
    ...shown.map(
      (item) =>
        `  ${item.code}\t${item.name}${item.unit === null ? '' : `\t${item.unit}`}${item.role === 'unknown' ? '' : `\t${item.role}`}`,
    ),
  ]
}
