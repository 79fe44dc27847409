/** Narrowing: lvX, cdX, cdXFrom and cdXTo, read, echoed and applied (manual 3.0, 統計データ取得, 絞り込み条件). */
import { AXIS_NAMES } from './axes.ts'
import type { Parameters } from './parameters.ts'
import type { Selection, StandinAxis, StandinItem } from './table.ts'
import { branch, type Element, leaf } from './tree.ts'

/** Conditions on one axis, as sent; those that were sent are ANDed. */
export interface Condition {
  readonly level?: string
  readonly codes?: string
  readonly from?: string
  readonly to?: string
}

/** The most codes that one cdX takes. */
export const MAX_CODES = 100

const PARTS = [
  { key: 'level', before: 'lv', after: '', echo: (axis: string) => `LEVEL_${axis}_COND` },
  { key: 'codes', before: 'cd', after: '', echo: (axis: string) => `CODE_${axis}_SELECT` },
  { key: 'from', before: 'cd', after: 'From', echo: (axis: string) => `CODE_${axis}_FROM` },
  { key: 'to', before: 'cd', after: 'To', echo: (axis: string) => `CODE_${axis}_TO` },
] as const

/** Axis id to what was asked of it. */
export type Conditions = ReadonlyMap<string, Condition>

export function readConditions(sent: Parameters): Conditions {
  const read = AXIS_NAMES.map(({ id, inParameters }): [string, Condition] => [
    id,
    Object.fromEntries(
      PARTS.flatMap(({ key, before, after }) => {
        const value = sent.get(`${before}${inParameters}${after}`)
        return value === undefined ? [] : [[key, value]]
      }),
    ),
  ])
  return new Map(read.filter(([, condition]) => Object.keys(condition).length > 0))
}

/** NARROWING_COND, or null without conditions. Axis by axis: the recordings have CAT01 before CAT02 before AREA. */
export function narrowingElement(sent: Parameters): Element | null {
  const conditions = readConditions(sent)
  const children = AXIS_NAMES.flatMap(({ id, inEcho }) =>
    PARTS.flatMap(({ key, echo }) => {
      const value = conditions.get(id)?.[key]
      return value === undefined ? [] : leaf(echo(inEcho), value)
    }),
  )
  return children.length === 0 ? null : branch('NARROWING_COND', children)
}

/** `X`, `X-Y`, `X-` (X to 9) and `-X` (1 to X). */
const LEVELS = /^(?:(?<only>[1-9])|(?<from>[1-9])-(?<to>[1-9])?|-(?<upTo>[1-9]))$/

/** What is wrong with the conditions, in words, or null. */
export function faultIn(conditions: Conditions): string | null {
  for (const [axis, { level, codes }] of conditions) {
    if (codes !== undefined && codes.split(',').length > MAX_CODES)
      return `${axis}のコードは${MAX_CODES}件まで指定できます。`
    if (level !== undefined && !LEVELS.test(level)) return `${axis}の階層レベルの指定が正しくありません。`
  }
  return null
}

/** A mask for each axis of the table; null where nothing narrows it. Conditions on axes it lacks are ignored. */
export const select = (axes: readonly StandinAxis[], conditions: Conditions): Selection =>
  axes.map((axis) => {
    const condition = conditions.get(axis.id)
    return condition === undefined ? null : mask(axis, condition)
  })

/** What both leave. */
export const both = (one: Selection, other: Selection): Selection =>
  one.map((mask, axis) => {
    const second = other[axis] ?? null
    return mask === null || second === null ? (mask ?? second) : mask.map((chosen, at) => chosen & (second[at] ?? 0))
  })

/** CLASS_INF holds what the conditions leave, whether or not cells exist for it. */
export const narrowed = (axes: readonly StandinAxis[], selection: Selection): readonly StandinAxis[] =>
  axes.map((axis, index) => {
    const chosen = selection[index] ?? null
    return chosen === null ? axis : { ...axis, items: axis.items.filter((_, position) => chosen[position] === 1) }
  })

function mask({ items }: StandinAxis, { level, codes, from, to }: Condition): Uint8Array {
  const edge = (text: string): string => codeAt(items, text) ?? text
  const wanted = codes === undefined ? null : new Set(edge(codes).split(','))
  const low = from === undefined ? null : edge(from)
  const high = to === undefined ? null : edge(to)
  const levels = level === undefined ? null : levelRange(level)
  return Uint8Array.from(items, ({ code, level }) => {
    if (wanted !== null && !wanted.has(code)) return 0
    if ((low !== null && code < low) || (high !== null && code > high)) return 0
    return levels === null || (level !== '' && Number(level) >= levels.from && Number(level) <= levels.to) ? 1 : 0
  })
}

/** The smallest or largest code of the axis where the word says so. Codes are compared as text. */
function codeAt(items: readonly StandinItem[], word: string): string | null {
  if (word !== 'min' && word !== 'max') return null
  return items.map(({ code }) => code).toSorted()[word === 'min' ? 0 : items.length - 1] ?? null
}

function levelRange(text: string): { from: number; to: number } {
  const { only, from, to, upTo } = LEVELS.exec(text)?.groups ?? {}
  return { from: Number(only ?? from ?? 1), to: Number(only ?? to ?? upTo ?? 9) }
}
