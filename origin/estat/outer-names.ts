/**
 * What stands above a code: 東京都 above 府中市. Many tables write the last word of a name alone and say the rest by
 * @parentCode (reference/estat-api.md, 3.4) or by the first two digits of a JIS code (3.7).
 */
import { isJisAreaAxis, NATION_CODE } from './area.ts'
import type { Axis, ClassItem } from './model.ts'
import { oncePerAxis } from './once-per-axis.ts'
import { PREFECTURES } from './prefectures.ts'
import { fold } from './text.ts'

/** Deeper than any table goes; ends a circle of parents. */
const MOST_STEPS = 8

const prefectures = new Map(PREFECTURES.map((prefecture) => [prefecture.code, prefecture]))

/** Names above each code, outermost first; none that the code's own name holds already, and never the nation. */
export const outerNames: (axis: Axis) => (item: ClassItem) => readonly string[] = oncePerAxis((axis) => {
  const byCode = new Map(axis.items.map((item) => [item.code, item]))
  const isArea = isJisAreaAxis(axis)
  const isSaid = (code: string): boolean => !(isArea && code === NATION_CODE)

  return (item) => {
    const above: ClassItem[] = []
    for (let at = parentOf(item); at !== undefined && above.length < MOST_STEPS; at = parentOf(at)) above.unshift(at)
    const names = above.filter(({ code }) => isSaid(code)).map(({ name }) => name)
    const prefecture = isArea ? prefectureAbove(item) : null
    const all = prefecture === null || names.includes(prefecture) ? names : [prefecture, ...names]
    const own = fold(item.name)
    return all.filter((name) => !own.includes(fold(name)))
  }

  function parentOf({ parentCode, code }: ClassItem): ClassItem | undefined {
    return parentCode === null || parentCode === code ? undefined : byCode.get(parentCode)
  }

  function prefectureAbove({ code, name }: ClassItem): string | null {
    const above = `${code.slice(0, 2)}000`
    const known = /^\d{5}$/.test(code) && code !== above ? prefectures.get(above) : undefined
    if (known === undefined) return null
    return byCode.get(above)?.name ?? (/^[a-z]/i.test(name) ? known.english : known.name)
  }
})

/** 府中市 as 東京都 府中市. */
export const fullName = (axis: Axis, item: ClassItem): string => [...outerNames(axis)(item), item.name].join(' ')
