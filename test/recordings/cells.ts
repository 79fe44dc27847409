/** The forms that recordings come in, each read into cells by as little code as it takes. */

export interface RecordedCell {
  /** Axis id to code, where codes were recorded. */
  readonly codes?: Readonly<Record<string, string>>
  /** Axis id to name, where names were recorded, with the cells or as metadata beside them. */
  readonly names?: Readonly<Record<string, string>>
  readonly value: number | null
  /** What stood in the place of a value; null beside a value, and where it was not recorded. */
  readonly symbol: string | null
  /** Value or symbol exactly as recorded ("100.0"); "" where it was not recorded. */
  readonly text: string
  readonly unit: string | null
}

type Cells = readonly RecordedCell[]

interface Class {
  readonly '@code': string
  readonly '@name': string
}
interface ClassObject {
  readonly '@id': string
  readonly CLASS: Class | readonly Class[]
}
type Value = Readonly<Record<string, string>>
interface Answer {
  readonly CLASS_INF: { readonly CLASS_OBJ: readonly ClassObject[] }
  readonly DATA_INF: { readonly VALUE: readonly Value[] }
}
type Names = ReadonlyMap<string, string>

const statisticalData = (text: string): Answer =>
  (JSON.parse(text) as { readonly GET_STATS_DATA: { readonly STATISTICAL_DATA: Answer } }).GET_STATS_DATA
    .STATISTICAL_DATA

export function cellsInJson(text: string): Cells {
  const { CLASS_INF, DATA_INF } = statisticalData(text)
  return cellsOf(DATA_INF.VALUE, namesOf(CLASS_INF.CLASS_OBJ))
}

export function cellsInFragment(text: string, metadata: string | null): Cells {
  const { VALUE } = JSON.parse(text) as Answer['DATA_INF']
  if (metadata === null) return cellsOf(VALUE, null)
  const meta = JSON.parse(metadata) as { GET_META_INFO: { METADATA_INF: Answer } }
  return cellsOf(VALUE, namesOf(meta.GET_META_INFO.METADATA_INF.CLASS_INF.CLASS_OBJ))
}

/** `axis code` to name. */
const namesOf = (objects: readonly ClassObject[]): Names =>
  new Map(
    objects.flatMap((object) =>
      [object.CLASS].flat().map((one) => [`${object['@id']} ${one['@code']}`, one['@name']] as const),
    ),
  )

const cellsOf = (values: readonly Value[], names: Names | null): Cells =>
  values.map((value) => {
    const codes = Object.entries(value)
      .filter(([key]) => key.startsWith('@') && key !== '@unit' && key !== '@annotation')
      .map(([key, code]) => [key.slice(1), code] as const)
    const named = names && Object.fromEntries(codes.map(([axis, code]) => [axis, names.get(`${axis} ${code}`) ?? '']))
    return {
      codes: Object.fromEntries(codes),
      ...(named === null ? {} : { names: named }),
      ...figure(value['$'] ?? ''),
      unit: value['@unit'] ?? null,
    }
  })

function figure(text: string): Pick<RecordedCell, 'value' | 'symbol' | 'text'> {
  const isNumber = /^-?\d+(\.\d+)?$/.test(text)
  return { value: isNumber ? Number(text) : null, symbol: isNumber ? null : text, text }
}

/** getSimpleStatsData, with or without its section header: pairs of code and name, then unit and value. */
export function cellsInCsv(text: string): Cells {
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => line.slice(1, -1).split('","'))
  const head = lines.findIndex(([first]) => first?.endsWith('_code'))
  const columns = lines[head] ?? []
  const axes = columns.flatMap((column, at) => (column.endsWith('_code') ? [[column.slice(0, -5), at] as const] : []))
  const unit = axes.length * 2
  return lines.slice(head + 1).map((line) => ({
    codes: Object.fromEntries(axes.map(([axis, at]) => [axis, line[at] ?? ''])),
    names: Object.fromEntries(axes.map(([axis, at]) => [axis, line[at + 1] ?? ''])),
    ...figure(line[unit + 1] ?? ''),
    unit: line[unit] || null,
  }))
}

export function cellsInXml(text: string): Cells {
  const attributes = (text: string): Value =>
    Object.fromEntries(Array.from(text.matchAll(/(\w+)="([^"]*)"/g), ([, key, value]) => [`@${key}`, unescape(value)]))
  const objects = Array.from(text.matchAll(/<CLASS_OBJ ([^>]*)>(.*?)<\/CLASS_OBJ>/gs), ([, head = '', body = '']) => ({
    '@id': attributes(head)['@id'] ?? '',
    CLASS: Array.from(body.matchAll(/<CLASS ([^>]*)\/>/g), ([, one = '']) => attributes(one) as unknown as Class),
  }))
  const values = Array.from(
    text.matchAll(/<VALUE ([^>]*)>([^<]*)<\/VALUE>/g),
    ([, head = '', text = '']): Value => ({
      ...attributes(head),
      $: unescape(text),
    }),
  )
  return cellsOf(values, namesOf(objects))
}

const unescape = (text = ''): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&')

/** `id,表章項目,男女_時系列,地域_時系列,時間軸(調査年),unit,value`; NA is a cell whose symbol was not kept. */
export const cellsByPrefecture = (text: string): Cells =>
  plainLines(text).map(([, tab = '', cat01 = '', area = '', time = '', unit = '', value = '']) => ({
    names: { tab, cat01, area, time },
    ...(value === 'NA' ? { value: null, symbol: null, text: '' } : figure(value)),
    unit,
  }))

/**
 * `year,sex,age,value`, kept under other names than e-Stat's: relabelled as the README of the recordings says, since a
 * bundle must not repeat them. Until 2000 85~89歳 is everyone of 85 and over.
 */
export const cellsBySexAndAge = (text: string): Cells =>
  plainLines(text).map(([year = '', sex = '', age = '', value = '']) => ({
    names: {
      cat01: sex.replace('性', ''),
      cat02: Number(year) < 2005 && age === '85~89歳' ? '85歳以上' : age.replace('~', '～'),
      time: `${year}年`,
    },
    ...figure(value),
    unit: null,
  }))

const plainLines = (text: string): readonly (readonly string[])[] =>
  text
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.trimEnd().split(','))
