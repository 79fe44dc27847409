import * as z from 'zod'
import { describeDataset as describing } from '../../shared/cacheable/describe-dataset.ts'
import { fault } from '../../shared/fault.ts'
import { staleMark } from '../../shared/stale.ts'
import { type NamedMeasure, measuresOf } from '../estat/measure.ts'
import type { TableMeta } from '../estat/model.ts'
import { comparePeriods, isDated } from '../estat/period.ts'
import type { Lang } from '../estat/words.ts'
import { seriesTags } from '../estat/series-tags.ts'
import { parseTableId } from '../estat/table-url.ts'
import { timedItems } from '../estat/time.ts'
import { judgeRoles } from '../jobs/judge-roles.ts'
import { axisOutput, oneAxis, overview } from './axis-listing.ts'
import { ANSWER_TOKENS, estimateTokens } from './budget.ts'
import { type DeepReadonly, defineTool } from './define-tool.ts'
import { OF_ONE_TABLE } from './cache-policies.ts'
import { nextCursor, READ_ONLY, source } from './params.ts'
import { renderDescription } from './render-description.ts'
import { sourceFor } from './source-for.ts'
import { tableValidator } from './table-validator.ts'

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
  axes: z.array(axisOutput),
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
    .describe(
      'What is measured, the first 20 of measures_in_all; only summable ones may be added, and only over parts.',
    ),
  measures_in_all: z.int(),
  time: z
    .object({ first: z.string(), last: z.string(), periods: z.int(), kinds: z.array(z.string()) })
    .nullable()
    .describe('Span of the time axis by its codes; null for a table without one.'),
  roles_complete: z
    .boolean()
    .describe(
      'False where e-Stat did not give the rows that more roles would be told from: another call may know them.',
    ),
  tags: z
    .array(z.string())
    .describe('seasonally_adjusted, not_seasonally_adjusted, real, nominal, where the title says so.'),
  symbols: z.record(z.string(), z.string()).describe('Symbols of missing values and their meaning in this table.'),
  extent: z.string().nullable().describe('Where only an excerpt is bundled: what it holds.'),
  source,
  next_cursor: nextCursor,
  stale: staleMark,
})
export type DescribeOutput = DeepReadonly<z.infer<typeof output>>

/** Cursor, counts, the axis around its codes, and what the estimate may be wrong by. */
const MARGIN_TOKENS = 400

/** Measures shown; a table with more is asked for by axis. */
const MEASURES_SHOWN = 20

export const describeDataset = defineTool({
  name: describing.name,
  version: 2,
  title: '統計表の構造を見る · Describe a table',
  description: [
    "Shows a table's axes with codes, names, units and roles, its measures, symbols and period.",
    'Use it before fetch_dataset_filtered; with axis it lists all codes of that axis. Not for figures.',
    '統計表の軸・コード・単位・期間を示します。',
  ].join(' '),
  input: describing.input,
  output,
  annotations: READ_ONLY,
  scope: 'read',
  toolsets: ['search', 'fetch'],
  weight: 1,
  cache: OF_ONE_TABLE,
  // What e-Stat did not give this time may be there the next.
  mayKeep: ({ roles_complete }) => roles_complete,
  validator: tableValidator,
  needs: ['stats'],

  async run(raw, { stats }, { signal, now }) {
    const input = describing.normalise(raw)
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
    const { roles, complete } = await judgeRoles(stats, meta, first.total, ask)
    const measures = measuresOf(meta)
    const frame = {
      success: true as const,
      dataset_id: id,
      title: meta.info.title,
      survey: meta.info.statName.name,
      organisation: meta.info.govOrg.name,
      cycle: meta.info.cycle,
      survey_date: meta.info.surveyDate,
      updated_date: meta.info.updatedDate,
      rows: first.total,
      measures: measures.slice(0, MEASURES_SHOWN).map((one) => toMeasure(one, input.lang)),
      measures_in_all: measures.length,
      time: spanOf(meta),
      roles_complete: complete,
      tags: [...seriesTags(`${meta.info.statisticsName} ${meta.info.title}`)],
      symbols: Object.fromEntries(first.notes.map(({ symbol, meaning }) => [symbol, meaning.slice(0, 300)])),
      extent: meta.extent === null ? null : input.lang === 'J' ? meta.extent.noteJa : meta.extent.note,
      source: sourceFor(meta, stats, now, { lang: input.lang }),
    }
    const left = ANSWER_TOKENS - MARGIN_TOKENS - estimateTokens(JSON.stringify(frame))
    const { axis, find, level, cursor: at } = input
    const listed =
      axis === undefined
        ? overview(meta, roles, left, input.lang)
        : await oneAxis(meta, roles, { axis, find, level, cursor: at }, left, input.lang)
    return { ...frame, axes: listed.axes, matched_codes: listed.matched, next_cursor: listed.next }
  },
  render: renderDescription,
})

const toMeasure = ({ axis: on, code: of, names, unit, kind, summable, because }: NamedMeasure, words: Lang) => ({
  axis: on,
  code: of,
  name: names.join(' '),
  unit,
  kind,
  summable,
  because: because[words],
})

function spanOf({ axes }: TableMeta): DescribeOutput['time'] {
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
