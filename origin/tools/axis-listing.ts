/** Axes of a table as describe_dataset shows them: the first codes of each, or one axis page by page. */
import * as z from 'zod'
import { resolveAxis } from '../estat/filters.ts'
import { matchItems } from '../estat/match-name.ts'
import { measureAxes } from '../estat/measure.ts'
import type { Axis, ClassItem, TableMeta } from '../estat/model.ts'
import type { Roles, RolesOfAxis } from '../estat/roles.ts'
import { fold } from '../estat/text.ts'
import type { Lang } from '../estat/words.ts'
import { estimateTokens, fitting } from './budget.ts'
import { cursorAt, positionOf } from './cursor.ts'
import type { DeepReadonly } from './define-tool.ts'

const role = z.enum(['total', 'part', 'of_which', 'unknown'])

const code = z.object({
  code: z.string(),
  name: z.string(),
  level: z.int().nullable(),
  parent_code: z.string().nullable(),
  unit: z.string().nullable(),
  role: role.describe('Part it plays in sums; never add a total to its parts.'),
})

export const axisOutput = z.object({
  id: z.string().describe('Key for filters: tab, cat01 to cat15, area, time.'),
  name: z.string(),
  description: z.string().nullable(),
  is_measure: z.boolean().describe('True where its codes say what is measured.'),
  codes: z.int().describe('Codes in all.'),
  levels: z.record(z.string(), z.int()).describe('Level to number of codes.'),
  unknown_roles: z
    .int()
    .nullable()
    .describe('Codes of which nothing tells whether they are parts: do not add them up. Null: never summed over.'),
  shown: z.array(code).describe('The first codes; all of them with the argument axis.'),
  evidence: z
    .array(z.object({ role, because: z.string(), codes: z.array(z.string()) }))
    .describe('Why the codes shown have their roles.'),
})
type AxisOutput = DeepReadonly<z.infer<typeof axisOutput>>

export interface AxisListing {
  readonly axes: readonly AxisOutput[]
  /** Codes that fit; null without an axis. */
  readonly matched: number | null
  readonly next: string | null
}

/** Codes of each axis that the overview shows: as many as its budget allows, from the first. */
const OVERVIEW_CODES = [12, 8, 5, 3, 2, 1]

/** All axes by their first codes. @param tokens What they may take together. */
export function overview(meta: TableMeta, roles: Roles, tokens: number, lang: Lang): AxisListing {
  const of = (count: number) =>
    meta.axes.map((one) => toAxis(meta, one, one.items.slice(0, count), { roles: roles[one.id], lang }))
  const fits = OVERVIEW_CODES.find((count) => estimateTokens(JSON.stringify(of(count))) <= tokens)
  return { axes: of(fits ?? 0), matched: null, next: null }
}

/** One axis page by page. @throws Fault INVALID_PARAMETER for an unknown axis, or a cursor of another question. */
export async function oneAxis(
  meta: TableMeta,
  roles: Roles,
  wanted: {
    readonly axis: string
    readonly find?: string | undefined
    readonly level?: number | undefined
    readonly cursor?: string | undefined
  },
  tokens: number,
  lang: Lang,
): Promise<AxisListing> {
  const one = resolveAxis(meta, wanted.axis)
  const find = wanted.find === undefined ? null : fold(wanted.find)
  // What a filter would take for this word is found as well: 東京都 府中市 where the list says 府中市.
  const meant = wanted.find === undefined ? [] : matchItems(one, wanted.find)
  const fits = one.items.filter(
    (item) =>
      (wanted.level === undefined || item.level === wanted.level) &&
      (find === null || fold(item.name).includes(find) || fold(item.code).includes(find) || meant.includes(item)),
  )
  const subject = [meta.info.id, one.id, wanted.find, wanted.level]
  const start = await positionOf(subject, wanted.cursor)
  const rest = fits.slice(start, start + MOST_CODES)
  const items = rest.slice(
    0,
    fitting(toAxis(meta, one, rest, { roles: roles[one.id], lang }).shown.map(withEvidence), tokens),
  )
  const end = start + items.length
  return {
    axes: [toAxis(meta, one, items, { roles: roles[one.id], lang })],
    matched: fits.length,
    next: end < fits.length ? await cursorAt(subject, end) : null,
  }
}

/** More codes than these never fit a page. */
const MOST_CODES = 400
/** What a code takes again in `evidence`, where reasons are many. */
const withEvidence = (shown: AxisOutput['shown'][number]): unknown => [shown, shown.code, '10 codes']

function toAxis(
  meta: TableMeta,
  axis: Axis,
  items: readonly ClassItem[],
  { roles, lang }: { readonly roles: RolesOfAxis | undefined; readonly lang: Lang },
): AxisOutput {
  const { id, name, description, items: all } = axis
  const levels: Record<string, number> = {}
  for (const { level } of all) levels[String(level ?? '-')] = (levels[String(level ?? '-')] ?? 0) + 1
  return {
    id,
    name,
    description: description === null ? null : description.slice(0, 200),
    is_measure: measureAxes(meta).includes(axis),
    codes: all.length,
    levels,
    unknown_roles: roles === undefined ? null : all.filter((item) => roles[item.code]?.role === 'unknown').length,
    shown: items.map((item) => ({
      code: item.code,
      name: item.name,
      level: item.level,
      parent_code: item.parentCode,
      unit: item.unit,
      role: roles?.[item.code]?.role ?? 'unknown',
    })),
    evidence: evidenceOf(items, roles ?? {}, lang),
  }
}

/** Codes of one reason together. */
function evidenceOf(items: readonly ClassItem[], roles: RolesOfAxis, lang: Lang): AxisOutput['evidence'] {
  const groups = new Map<string, { role: z.infer<typeof role>; because: string; codes: string[] }>()
  for (const { code: one } of items) {
    const judged = roles[one]
    if (judged === undefined) continue
    const because = judged.because[lang]
    const key = `${judged.role} ${because}`
    const group = groups.get(key) ?? { role: judged.role, because, codes: [] }
    group.codes.push(one)
    groups.set(key, group)
  }
  return [...groups.values()]
}
