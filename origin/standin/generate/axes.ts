/** Class lists of generated tables: shaped as recordings have them, with the names that break careless writers. */
import { PREFECTURES } from '../../estat/prefectures.ts'
import type { StandinAxis } from '../table.ts'

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

/** Place in each pair of texts: Japanese, English. */
export type Language = 0 | 1
type Texts = readonly [ja: string, en: string]

/** An axis with its items. @param withUnits True for the axis that carries the units. */
export function generatedAxis(id: string, size: number, withUnits: boolean, language: Language): StandinAxis {
  const made = id === 'tab' ? tabItem : id === 'area' ? areaItem : id === 'time' ? timeItem : categoryItem
  const items = Array.from({ length: size }, (_, at) => {
    const { code, names, level, parentCode = null } = made(at)
    const unit = withUnits ? (UNITS[at % UNITS.length]?.[language] ?? null) : null
    return { code, name: names[language], level, unit, parentCode, addInf: null }
  })
  const name = (AXIS_NAMES[id] ?? [`分類${id.slice(3)}`, `Class ${id.slice(3)}`])[language]
  return { id, name, description: null, explanations: [], items }
}

/** An axis name may be that of a column: a CSV then has two columns of one name (reference/estat-api.md, 7.14). */
const AXIS_NAMES: Readonly<Record<string, Texts>> = {
  tab: ['表章項目', 'Tabulated variable'],
  area: ['地域', 'Area'],
  time: ['時間軸', 'Time'],
  cat15: ['unit', 'unit'],
}

/** Null for a rank or an index, which have no unit. */
const UNITS: readonly (Texts | null)[] = [['人', 'persons'], ['千円', 'thousand yen'], null, ['％', '%']]

interface Item {
  readonly code: string
  readonly names: Texts
  readonly level: string
  readonly parentCode?: string
}

const TABS: readonly Texts[] = [
  ['実数', 'Number'],
  ['金額', 'Amount'],
  ['順位', 'Rank'],
  ['割合', 'Rate'],
]
const tabItem = (at: number): Item => ({ code: `${100 + at * 10}`, names: TABS[at] ?? ['項目', 'Item'], level: '' })

/** All kinds of names that recordings have, and some that a writer of CSV must get right. */
const NAMES = ['（再掲）', '"引用", 読点', '<参考>', '=1+1', "Ａ　人口's", '５～９歳', '#H1']

function categoryItem(at: number): Item {
  if (at === 0) return { code: '000', names: ['総数', 'Total'], level: '1' }
  const extra = at % 5 === 0 ? ` ${NAMES[(at / 5 - 1) % NAMES.length] ?? ''}` : ''
  const formula = at % 40 === 20 ? '=1+1' : null
  return {
    code: at % 17 === 3 ? `#H${String(at).padStart(5, '0')}` : String(at).padStart(3, '0'),
    names: [formula ?? `区分${at}${extra}`, formula ?? `Group ${at}${extra}`],
    level: '2',
    parentCode: '000',
  }
}

/** All Japan, the prefectures, then municipalities of one prefecture after the other. */
function areaItem(at: number): Item {
  if (at === 0) return { code: '00000', names: ['全国', 'Japan'], level: '1' }
  const { code = '', name = '', english = '' } = PREFECTURES[(at - 1) % 47] ?? {}
  if (at <= 47) return { code, names: [name, english], level: '2', parentCode: '00000' }
  const number = Math.floor((at - 1) / 47)
  return {
    code: `${code.slice(0, 2)}${String(100 + number).padStart(3, '0')}`,
    names: [`${name} 第${number}市`, `${english} City ${number}`],
    level: '3',
    parentCode: code,
  }
}

const NEWEST_YEAR = 2024

/** Years, newest first, as many recordings have them. */
function timeItem(at: number): Item {
  const year = NEWEST_YEAR - at
  return { code: `${year}000000`, names: [`${year}年`, String(year)], level: '1' }
}
