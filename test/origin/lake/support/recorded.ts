/** Minimal readers of the recorded answers that hold values: what each recording says, and a page that holds it. */
import { readFileSync } from 'node:fs'
import type { Axis, SymbolNote } from '../../../../origin/estat/model.ts'
import { axesOf, bodyOf, type Cell, type ClassObject, listOf, RECORDINGS } from './page.ts'

export interface Recorded {
  readonly id: string
  /** Empty lists of items where the recording has no names. */
  readonly axes: readonly Axis[]
  readonly notes: readonly SymbolNote[]
  /** `@tab`, `@cat01`, ..., `@unit`, `$`. */
  readonly cells: readonly Cell[]
  /** The bytes recorded, where they are a JSON answer; else the cells in a body around them. */
  readonly body: string
}

/** Every recording that holds values (INDEX.tsv), and how it is read. */
export const READERS: Readonly<Record<string, (name: string) => Recorded>> = {
  'statsdata_0000020202_limit10.json': answer,
  'statsdata_0000020201_A1101_v2.1.json': answer,
  'statsdata_0003280145_raw.json': answer,
  'statsdata_0003005798.json': answer,
  'statsdata_0003005798.csv': simple,
  'statsdata_0003286680_nextkey_excerpt.csv': simple,
  'datainf_0004052037_cpi2025_tab1.json': (name) => fragment(name, 'meta_0004052037_cpi2025.json'),
  'datainf_0003445078_census2020.json': (name) => fragment(name, null),
  'statsdata_0003109741_gdp.xml': xml,
  'labels_0003410379_prefectures.csv': labels,
  'labels_0003410379_japan.csv': labels,
  'labels_0003410380_pyramid.csv': labels,
}

const textOf = (name: string): string => readFileSync(RECORDINGS + name, 'utf8')
const idOf = (name: string): string => /\d{10}/.exec(name)?.[0] as string
interface DataInf {
  readonly NOTE?: Cell | readonly Cell[]
  readonly VALUE: Cell | readonly Cell[]
}
const notesOf = ({ NOTE }: DataInf): readonly SymbolNote[] =>
  listOf(NOTE).map((note) => ({ symbol: note['@char'] as string, meaning: note['$'] as string }))

function answer(name: string): Recorded {
  const body = textOf(name)
  const { CLASS_INF, DATA_INF } = (
    JSON.parse(body) as {
      GET_STATS_DATA: { STATISTICAL_DATA: { CLASS_INF: { CLASS_OBJ: ClassObject[] }; DATA_INF: DataInf } }
    }
  ).GET_STATS_DATA.STATISTICAL_DATA
  return {
    id: idOf(name),
    axes: axesOf(CLASS_INF.CLASS_OBJ),
    notes: notesOf(DATA_INF),
    cells: listOf(DATA_INF.VALUE),
    body,
  }
}

/** DATA_INF alone, with the metadata beside it where there is any. */
function fragment(name: string, metaName: string | null): Recorded {
  const data = JSON.parse(textOf(name)) as DataInf
  const cells = listOf(data.VALUE)
  const meta =
    metaName === null
      ? null
      : (JSON.parse(textOf(metaName)) as {
          GET_META_INFO: { METADATA_INF: { CLASS_INF: { CLASS_OBJ: ClassObject[] } } }
        })
  const axes = meta === null ? nameless(cells) : axesOf(meta.GET_META_INFO.METADATA_INF.CLASS_INF.CLASS_OBJ)
  return { id: idOf(name), axes, notes: notesOf(data), cells, body: bodyOf(cells) }
}

const nameless = (cells: readonly Cell[]): readonly Axis[] =>
  [...new Set(cells.flatMap((cell) => Object.keys(cell)))]
    .filter((key) => /^@(tab|cat\d\d|area|time)$/.test(key))
    .map((key) => ({ id: key.slice(1), name: '', description: null, items: [] }))

function xml(name: string): Recorded {
  const text = textOf(name)
  const cells = elements(text, 'VALUE').map(({ attributes, content }) => ({ ...prefixed(attributes), $: content }))
  const objects = Array.from(text.matchAll(/<CLASS_OBJ ([^>]*)>(.*?)<\/CLASS_OBJ>/gs), ([, own = '', inner = '']) => {
    return {
      ...prefixed(attributesOf(own)),
      CLASS: elements(inner, 'CLASS').map(({ attributes }) => prefixed(attributes)),
    }
  })
  const notes = elements(text, 'NOTE').map(({ attributes, content }) => ({
    symbol: attributes['char'] as string,
    meaning: content,
  }))
  return { id: idOf(name), axes: axesOf(objects as unknown as ClassObject[]), notes, cells, body: bodyOf(cells) }
}

const elements = (text: string, tag: string) =>
  Array.from(
    text.matchAll(new RegExp(`<${tag} ([^>]*?)(?:/>|>([^<]*)</${tag}>)`, 'g')),
    ([, own = '', content = '']) => ({
      attributes: attributesOf(own),
      content: plain(content),
    }),
  )
const attributesOf = (text: string): Record<string, string> =>
  Object.fromEntries(Array.from(text.matchAll(/(\w+)="([^"]*)"/g), ([, key = '', value = '']) => [key, plain(value)]))
const prefixed = (attributes: Record<string, string>): Cell =>
  Object.fromEntries(Object.entries(attributes).map(([key, value]) => [`@${key}`, value]))
const plain = (text: string): string =>
  text.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')

/** getSimpleStatsData: after the line "VALUE", `<axis>_code`, name of the axis, ..., unit, value, annotation. */
function simple(name: string): Recorded {
  const lines = textOf(name)
    .trim()
    .split('\n')
    .map((line) => Array.from(line.matchAll(/"((?:[^"]|"")*)"/g), ([, field = '']) => field.replaceAll('""', '"')))
  const start = lines.findIndex(([first]) => first?.endsWith('_code'))
  const [header = [], ...rows] = lines.slice(start)
  const axes = header.flatMap((title, at) =>
    title.endsWith('_code') ? [{ id: title.slice(0, -5), name: header[at + 1] as string, at }] : [],
  )
  const [unitAt, valueAt] = [header.indexOf('unit'), header.indexOf('value')]
  const notes = lines
    .slice(0, start)
    .filter(([first]) => first === 'NOTE')
    .map(([, symbol = '', meaning = '']) => ({ symbol, meaning }))
  const cells = rows.map((row) => ({
    ...Object.fromEntries(axes.map(({ id, at }) => [`@${id}`, row[at] as string])),
    ...(row[unitAt] ? { '@unit': row[unitAt] } : {}),
    $: row[valueAt] as string,
  }))
  const named = axes.map(({ id, name: title, at }) =>
    axisOf(id, title, new Map(rows.map((row) => [row[at] as string, row[at + 1] as string]))),
  )
  return { id: idOf(name), axes: named, notes, cells, body: bodyOf(cells) }
}

/** Flattened to labels: no codes were kept, so the test numbers them. */
function labels(name: string): Recorded {
  const [header = [], ...rows] = textOf(name)
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split(','))
  const idsOfTitle: Readonly<Record<string, string>> = {
    表章項目: 'tab', '男女_時系列': 'cat01', '地域_時系列': 'area', '時間軸(調査年)': 'time', sex: 'cat01', age: 'cat02', year: 'time',
  } // biome-ignore format: one line
  const axes = header.flatMap((title, at) => {
    const id = idsOfTitle[title]
    return id === undefined ? [] : [{ id, title, at, codes: [...new Set(rows.map((row) => row[at] as string))] }]
  })
  const cells = rows.map((row) => ({
    ...Object.fromEntries(axes.map(({ id, at, codes }) => [`@${id}`, String(codes.indexOf(row[at] as string))])),
    ...(header.includes('unit') ? { '@unit': row[header.indexOf('unit')] as string } : {}),
    $: row[header.indexOf('value')] as string,
  }))
  const named = axes.map(({ id, title, codes }) =>
    axisOf(id, title, new Map(codes.map((label, at) => [String(at), label]))),
  )
  return { id: idOf(name), axes: named, notes: [], cells, body: bodyOf(cells) }
}

const axisOf = (id: string, name: string, names: ReadonlyMap<string, string>): Axis => ({
  id,
  name,
  description: null,
  items: [...names].map(([code, label]) => ({ code, name: label, level: null, unit: null, parentCode: null })),
})
