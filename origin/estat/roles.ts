/**
 * The part each code plays in sums (PRODUCT.md, promise 5), with the evidence: its name, parent codes, JIS area
 * codes, or names that divide a whole. Levels alone do not tell: one recorded table has 総数, 男 and 女 all at level 1
 * without a parent. `rolesFromRows` adds what figures tell.
 */
import { ROLE_EVIDENCE as BY } from './evidence.ts'
import { jisRoles } from './jis-roles.ts'
import { measureAxes } from './measure.ts'
import type { Axis, AxisId, ClassItem, Role, TableMeta } from './model.ts'
import { partitionOf } from './partitions.ts'
import { saysOfWhich, saysTotal } from './role-names.ts'
import type { Words } from './words.ts'

export interface JudgedRole {
  readonly role: Role
  /** The evidence, in words. */
  readonly because: Words
  /** The code that holds this one, where arithmetic tells and no parent code does. */
  readonly of?: string
}

export type RolesOfAxis = Readonly<Record<string, JudgedRole>>
export type Roles = Readonly<Record<AxisId, RolesOfAxis>>

/**
 * Axis to code to role. Left out are the axes that nothing is ever summed over: `tab` and others that carry the measure, and
 * `time` (e-Stat does not say whether a figure is a stock or a flow, and the population of ten years is no number).
 */
export function rolesOf(meta: TableMeta): Roles {
  const measures = measureAxes(meta)
  const axes = meta.axes.filter((axis) => axis.id !== 'time' && axis.id !== 'tab' && !measures.includes(axis))
  return Object.fromEntries(
    axes.map((axis) => [axis.id, rolesOfAxis(axis, meta.extent?.partialAxes.includes(axis.id) ?? false)]),
  )
}

/** The roles alone, as the lake keeps them; unknown ones are absent. */
export const plainRoles = (roles: Roles): Readonly<Record<AxisId, Readonly<Record<string, Role>>>> =>
  Object.fromEntries(
    Object.entries(roles).map(([axis, codes]) => [
      axis,
      Object.fromEntries(
        Object.entries(codes).flatMap(([code, { role }]) => (role === 'unknown' ? [] : [[code, role]])),
      ),
    ]),
  )

const UNKNOWN: JudgedRole = { role: 'unknown', because: BY.untold }

/** @param partial Whether the list is an excerpt: a code that stands alone under its parent then says nothing. */
function rolesOfAxis(axis: Axis, partial: boolean): Readonly<Record<string, JudgedRole>> {
  const family = familyOf(axis)
  const named = axis.items.map((item) => [item, byName(item) ?? byParents(item, family, partial)] as const)
  const open = named.filter(([, judged]) => judged === null).map(([item]) => item)
  const divided = partitionOf(open)
  const byJis = jisRoles(axis)
  return Object.fromEntries(
    named.map(([item, judged]) => [
      item.code,
      judged ??
        byJis.get(item.code) ??
        (divided?.codes.has(item.code) ? { role: 'part', because: BY[divided.what] } : UNKNOWN),
    ]),
  )
}

function byName(item: ClassItem): JudgedRole | null {
  if (saysOfWhich(item)) return { role: 'of_which', because: BY.name(item.name) }
  return saysTotal(item) ? { role: 'total', because: BY.name(item.name) } : null
}

interface Family {
  readonly items: ReadonlyMap<string, ClassItem>
  /** Parent code to its codes, without those that their name makes of-which. */
  readonly children: ReadonlyMap<string, readonly ClassItem[]>
}

function familyOf({ items }: Axis): Family {
  const children = new Map<string, ClassItem[]>()
  for (const item of items) {
    if (item.parentCode === null || item.parentCode === item.code || saysOfWhich(item)) continue
    children.set(item.parentCode, [...(children.get(item.parentCode) ?? []), item])
  }
  return { items: new Map(items.map((item) => [item.code, item])), children }
}

/** A parent of several is a total, and its codes are parts. One code alone cannot be the whole of its parent. */
function byParents(item: ClassItem, family: Family, partial: boolean): JudgedRole | null {
  const { children } = family
  const above = ancestors(item, family)
  const apart = above.find(saysOfWhich)
  if (apart !== undefined) return { role: 'of_which', because: BY.under(apart.code, apart.name) }
  const alone = [item, ...above].find((code) => isOnlyChild(code, family))
  if (alone !== undefined && !partial)
    return { role: 'of_which', because: BY.onlyChild(alone.code, alone.parentCode ?? '') }
  const own = children.get(item.code)?.length ?? 0
  if (own > 1) return { role: 'total', because: BY.parentOf(own) }
  const siblings = children.get(item.parentCode ?? '')?.length ?? 0
  return siblings > 1 ? { role: 'part', because: BY.oneOf(siblings, item.parentCode ?? '') } : null
}

const isOnlyChild = (item: ClassItem, { children, items }: Family): boolean =>
  item.parentCode !== null && items.has(item.parentCode) && children.get(item.parentCode)?.length === 1

/** From the parent upwards; a circle of parents ends it. */
function ancestors(item: ClassItem, { items }: Family): readonly ClassItem[] {
  const found: ClassItem[] = []
  let at = items.get(item.parentCode ?? '')
  while (at !== undefined && at !== item && !found.includes(at)) {
    found.push(at)
    at = items.get(at.parentCode ?? '')
  }
  return found
}
