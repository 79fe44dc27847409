/** Class lists of generated tables: shaped as recordings have them, with the names that break careless writers. */
import { PREFECTURES } from '../../estat/prefectures.ts'
import type { StandinAxis, StandinItem } from '../table.ts'

/** Most items that an axis has, as large tables at e-Stat have them. Without a limit where no other axis can grow. */
const CAPS: Readonly<Record<string, number>> = { tab: 4, area: 1900, time: 60 }
const CATEGORY_CAP = 120

/**
 * How many items each axis gets for a table of at least so many cells: all grow alike, towards their caps, then the last
 * category or area beyond its own.
 *
 * @param ids At least one of them a category or `area`, unless few cells are enough.
 */
export function axisSizes(ids: readonly string[], cells: number): readonly number[] {
  const caps = ids.map((id) => CAPS[id] ?? CATEGORY_CAP)
  const most = caps.reduce((product, cap) => product * cap, 1)
  const scale = Math.min(1, (cells / most) ** (1 / ids.length))
  // All measures, and so all units, as soon as there is room.
  const sizes = caps.map((cap, at) =>
    ids[at] === 'tab' && cells >= 64 ? cap : Math.min(cap, Math.max(1, Math.floor(cap * scale))),
  )
  const product = (): number => sizes.reduce((all, size) => all * size, 1)
  while (product() < cells) {
    const open = ids.map((_, at) => at).filter((at) => (sizes[at] ?? 0) < (caps[at] ?? 0))
    if (open.length === 0) break
    const smallest =
      open.toSorted((a, b) => (sizes[a] ?? 0) / (caps[a] ?? 1) - (sizes[b] ?? 0) / (caps[b] ?? 1))[0] ?? 0
    sizes[smallest] = (sizes[smallest] ?? 0) + 1
  }
  const longest = ids.findLastIndex((id) => id === 'area' || id.startsWith('cat'))
  if (longest >= 0 && product() < cells) sizes[longest] = Math.ceil(cells / (product() / (sizes[longest] ?? 1)))
  return sizes
}

/** An axis with its items. @param withUnits True for the axis that carries the units. */
export function generatedAxis(id: string, size: number, withUnits: boolean): StandinAxis {
  const place = id === 'tab' ? tabItem : id === 'area' ? areaItem : id === 'time' ? timeItem : categoryItem
  const items = Array.from({ length: size }, (_, at) => {
    const item = place(at)
    return withUnits ? { ...item, unit: UNITS[at % UNITS.length] ?? null } : item
  })
  const name = AXIS_NAMES[id] ?? `分類${id.slice(3)}`
  return { id, name, description: null, explanations: [], items }
}

/** An axis name may be that of a column: a CSV then has two columns of one name (reference/estat-api.md, 7.14). */
const AXIS_NAMES: Readonly<Record<string, string>> = { tab: '表章項目', area: '地域', time: '時間軸', cat15: 'unit' }

/** Null for a rank or an index, which have no unit. */
const UNITS: readonly (string | null)[] = ['人', '千円', null, '％']

const item = (code: string, name: string, level: string, parentCode: string | null = null): StandinItem => ({
  code,
  name,
  level,
  unit: null,
  parentCode,
  addInf: null,
})

const TABS = ['実数', '金額', '順位', '割合']
const tabItem = (at: number): StandinItem => item(`${100 + at * 10}`, TABS[at] ?? `項目${at + 1}`, '')

/** All kinds of names that recordings have, and some that a writer of CSV must get right. */
const NAMES = ['（再掲）', '"引用", 読点', '<参考>', '=1+1', "Ａ　人口's", '５～９歳', '#H1']

function categoryItem(at: number): StandinItem {
  if (at === 0) return item('000', '総数', '1')
  const extra = at % 5 === 0 ? ` ${NAMES[(at / 5 - 1) % NAMES.length] ?? ''}` : ''
  const code = at % 17 === 3 ? `#H${String(at).padStart(5, '0')}` : String(at).padStart(3, '0')
  return item(code, at % 40 === 20 ? (NAMES[3] ?? '') : `区分${at}${extra}`, '2', '000')
}

/** All Japan, the prefectures, then municipalities of one prefecture after the other. */
function areaItem(at: number): StandinItem {
  if (at === 0) return item('00000', '全国', '1')
  const prefecture = PREFECTURES[(at - 1) % 47]
  const parent = prefecture?.code ?? ''
  if (at <= 47) return item(parent, prefecture?.name ?? '', '2', '00000')
  const number = Math.floor((at - 1) / 47)
  const code = `${parent.slice(0, 2)}${String(100 + number).padStart(3, '0')}`
  return item(code, `${prefecture?.name ?? ''} 第${number}市`, '3', parent)
}

const NEWEST_YEAR = 2024

/** Years, newest first, as many recordings have them. */
function timeItem(at: number): StandinItem {
  const year = NEWEST_YEAR - at
  return item(`${year}000000`, `${year}年`, '1')
}
