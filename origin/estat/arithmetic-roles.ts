/**
 * What figures tell of roles that names and parent codes leave open (PRODUCT.md, promise 5): sums that hold on every
 * complete group within rounding. One group where a sum does not hold is enough against it. Nothing that names or
 * parents say is overruled but one thing: a parent whose codes add up to more than it is no total of them.
 */
import { addsUp, type Group, groupsOf } from './arithmetic.ts'
import { treesOf, type Tree } from './arithmetic-trees.ts'
import { ROLE_EVIDENCE as BY } from './evidence.ts'
import type { Axis, Observation, TableMeta } from './model.ts'
import { bandOf, tiles } from './partitions.ts'
import { saysTotal } from './role-names.ts'
import type { JudgedRole, Roles, RolesOfAxis } from './roles.ts'

/** One sum that a name suggests may be believed on less evidence than one found among many. */
const UNLIKELY = 1e-3

/**
 * @param rows Any rows of the table, best all of them; groups that miss a code are left out.
 * @param roles As `rolesOf` judged them.
 */
export function rolesFromRows(meta: TableMeta, rows: readonly Observation[], roles: Roles): Roles {
  return Object.fromEntries(
    Object.entries(roles).map(([id, judged]) => {
      const axis = meta.axes.find((one) => one.id === id)
      return [id, axis === undefined ? judged : judgeAxis(axis, groupsOf(meta, axis, rows), judged)]
    }),
  )
}

function judgeAxis(axis: Axis, groups: readonly Group[], judged: RolesOfAxis): RolesOfAxis {
  if (groups.length === 0) return judged
  const roles = withoutContradictions(axis, groups, judged)
  if (!axis.items.some(({ code }) => roles[code]?.role === 'unknown')) return roles
  const found = fromBands(axis, groups, roles) ?? fromNamedTotal(axis, groups, roles) ?? fromTrees(axis, groups, roles)
  const more = { ...roles, ...onlyUnknown(found, roles) }
  return { ...more, ...onlyUnknown(differences(axis, groups, more), more) }
}

type Found = readonly (readonly [code: string, role: JudgedRole])[]

const onlyUnknown = (found: Found, roles: RolesOfAxis): RolesOfAxis =>
  Object.fromEntries(found.filter(([code]) => roles[code]?.role === 'unknown'))

const codesWith = (axis: Axis, roles: RolesOfAxis, ...wanted: readonly string[]): readonly string[] =>
  axis.items.filter(({ code }) => wanted.includes(roles[code]?.role ?? '')).map(({ code }) => code)

/** Codes that overlap add up to more than their parent: then neither is it their total, nor are they its parts. */
function withoutContradictions(axis: Axis, groups: readonly Group[], roles: RolesOfAxis): RolesOfAxis {
  const children = childrenOf(axis, roles)
  const changed = axis.items.flatMap((item): Found => {
    const parts = children.get(item.code) ?? []
    if (parts.length < 2 || roles[item.code]?.role !== 'total') return []
    const { over, groups: complete } = addsUp(groups, item.code, parts)
    if (over === 0) return []
    const because = BY.moreThan(item.code, over, complete)
    const loose = parts.filter((code) => roles[code]?.role === 'part')
    return [...(saysTotal(item) ? [] : [item.code]), ...loose].map((code) => [code, { role: 'unknown', because }])
  })
  return { ...roles, ...Object.fromEntries(changed) }
}

/** Parent code to its codes, without those that stand beside the parts. */
function childrenOf({ items }: Axis, roles: RolesOfAxis): ReadonlyMap<string, readonly string[]> {
  const children = new Map<string, string[]>()
  for (const { code, parentCode } of items) {
    if (parentCode === null || parentCode === code || roles[code]?.role === 'of_which') continue
    const own = children.get(parentCode)
    if (own === undefined) children.set(parentCode, [code])
    else own.push(code)
  }
  return children
}

/** 85歳以上 beside 85～89歳: parts all, where no group has a value for both. */
function fromBands(axis: Axis, groups: readonly Group[], roles: RolesOfAxis): Found | null {
  const bands = new Map(axis.items.flatMap((item) => {
    const band = roles[item.code]?.role === 'total' ? null : bandOf(item)
    return band === null ? [] : [[item.code, band] as const]
  })) // biome-ignore format: one statement
  if (bands.size < 2) return null
  const tilesWith = (left: ReadonlySet<string>): boolean =>
    groups.every(({ values }) =>
      tiles([...bands].filter(([code]) => values.has(code) && !left.has(code)).map(([, band]) => band)),
    )
  const isIn = (inner: string, outer: string): boolean => {
    const [a, b] = [bands.get(inner), bands.get(outer)]
    return a !== undefined && b !== undefined && inner !== outer && a.from >= b.from && a.to <= b.to
  }
  const codes = [...bands.keys()]
  const wide = new Set(codes.filter((code) => codes.filter((other) => isIn(other, code)).length > 1))
  const narrow = new Set(codes.filter((code) => [...wide].some((other) => isIn(code, other))))
  const part = {
    role: 'part',
    because: BY.bandsFollow(groups.length),
  } as const
  if (tilesWith(new Set())) return codes.map((code) => [code, part])
  const beside = { role: 'of_which', because: BY.bandAcross } as const
  for (const left of [wide, narrow])
    if (left.size > 0 && tilesWith(left)) return codes.map((code) => [code, left.has(code) ? beside : part])
  return null
}

/** 合計 and, beside the codes known to be in it, 上位５カ国以外計: all of them together add up to it. */
function fromNamedTotal(axis: Axis, groups: readonly Group[], roles: RolesOfAxis): Found | null {
  const [total, ...more] = codesWith(axis, roles, 'total')
  if (total === undefined || more.length > 0) return null
  const parts = codesWith(axis, roles, 'part', 'unknown')
  const verdict = addsUp(groups, total, parts)
  if (parts.length < 2 || !verdict.holds || verdict.chance > UNLIKELY) return null
  const because = BY.addUpTo(parts.length, total, verdict.groups)
  return parts.map((code) => [code, { role: 'part', because, of: total }])
}

/**
 * Parts are told only where one sum holds all codes but those that a difference explains, and no parts are known from
 * elsewhere: the parts of two sums overlap, and those of one that leaves codes out are not parts of the whole.
 */
function fromTrees(axis: Axis, groups: readonly Group[], roles: RolesOfAxis): Found {
  const roots = treesOf(groups, codesWith(axis, roles, 'total', 'part', 'unknown'))
  const trees = roots.filter(({ parts }) => parts.length > 0)
  const apart = new Set(differences(axis, groups, roles).map(([code]) => code))
  const outside = roots.filter(({ code, parts }) => parts.length === 0 && !apart.has(code))
  return trees.flatMap((tree) => rolesInTree(tree, null, trees.length === 1 && outside.length === 0))
}

function rolesInTree({ code, parts, groups }: Tree, above: Tree | null, tellParts: boolean): Found {
  const of = above === null ? {} : { of: above.code }
  if (parts.length > 0) {
    const codes = parts.map((part) => part.code)
    const because = BY.sumOf(codes, groups)
    const own: JudgedRole = { role: 'total', because, ...of }
    return [[code, own], ...parts.flatMap((part) => rolesInTree(part, { code, parts, groups }, tellParts))]
  }
  if (above === null) return []
  const sum = BY.withOthers(above.code, above.parts.length - 1, above.groups)
  return tellParts
    ? [[code, { role: 'part', because: sum, ...of }]]
    : [[code, { role: 'unknown', because: BY.outside(sum) }]]
}

/** 純輸出 is 輸出 less 輸入: what is taken off is no part. */
function differences(axis: Axis, groups: readonly Group[], roles: RolesOfAxis): Found {
  const codes = codesWith(axis, roles, 'part', 'unknown', 'total')
  return codes.flatMap((code, index): Found => {
    const [more, less] = codes.slice(index + 1)
    if (more === undefined || less === undefined) return []
    const { holds, groups: complete, chance } = addsUp(groups, code, [more], [less])
    if (!holds || complete < 2 || chance > UNLIKELY * UNLIKELY) return []
    const because = BY.difference(code, more, less, complete)
    return [more, less].map((one) => [one, { role: 'of_which', because, of: code }] as const)
  })
}
