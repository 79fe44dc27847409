/**
 * What a CSV file must hold, by a reading of the raw pages that shares nothing with the product's: JSON.parse of each
 * page, and a fingerprint over all cells that does not depend on their order.
 */
import { createReadStream } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { gunzipSync } from 'node:zlib'
import { parseCsv } from '../e2e/parse-csv.ts'

export interface Cells {
  readonly count: number
  /** Codes of all axes in the table's order, unit and text of the first and the last cell. */
  readonly first: string
  readonly last: string
  /** Two sums of 32-bit hashes over all cells. */
  readonly sums: readonly [number, number]
}

class Tally {
  count = 0
  first = ''
  last = ''
  readonly sums: [number, number] = [0, 0]

  /** FNV-1a from two beginnings; sums are the same in any order, and no doubled cell makes up for a lost one. */
  add(cell: string): void {
    let a = 0x811c9dc5
    let b = 0x1b873593
    for (let at = 0; at < cell.length; at++) {
      a = Math.imul(a ^ cell.charCodeAt(at), 0x01000193)
      b = Math.imul(b ^ cell.charCodeAt(at), 0x01000193)
    }
    this.sums[0] = (this.sums[0] + a) >>> 0
    this.sums[1] = (this.sums[1] + b) >>> 0
    if (this.count++ === 0) this.first = cell
    this.last = cell
  }

  get cells(): Cells {
    const { count, first, last, sums } = this
    return { count, first, last, sums }
  }
}

interface RawClass {
  readonly '@id': string
  readonly '@name': string
  readonly CLASS: RawItem | readonly RawItem[]
}
interface RawItem {
  readonly '@code': string
  readonly '@name': string
}
interface RawPage {
  readonly GET_STATS_DATA: {
    readonly STATISTICAL_DATA: {
      readonly DATA_INF: { readonly VALUE: readonly Readonly<Record<string, string>>[] }
    }
  }
}

/**
 * @param folder Of one fetch. @param axes Ids in the table's order.
 * @param empty Whether cells without any text count: in layout wide they look like no cell.
 */
export async function cellsOfPages(folder: string, axes: readonly string[], empty: boolean): Promise<Cells> {
  const tally = new Tally()
  for (const name of (await readdir(folder)).filter((file) => file.startsWith('page-')).toSorted()) {
    const page = JSON.parse(gunzipSync(await readFile(join(folder, name))).toString()) as RawPage
    for (const value of page.GET_STATS_DATA.STATISTICAL_DATA.DATA_INF.VALUE)
      if (empty || value['$'] !== '')
        tally.add([...axes.map((axis) => value[`@${axis}`]), value['@unit'] ?? '', value['$']].join('\t'))
  }
  return tally.cells
}

/** The same of rows read elsewhere: codes of all axes, unit and text of each. */
export function cellsOfRows(rows: readonly (readonly string[])[]): Cells {
  const tally = new Tally()
  for (const row of rows) tally.add(row.join('\t'))
  return tally.cells
}

/** Axes with the names of their codes, as the upstream itself tells them. */
export interface UpstreamAxis {
  readonly id: string
  readonly names: ReadonlyMap<string, string>
}

export async function axesOf(upstream: string, appId: string, id: string): Promise<readonly UpstreamAxis[]> {
  const response = await fetch(`${upstream}/rest/3.0/app/json/getMetaInfo?appId=${appId}&statsDataId=${id}`)
  const body = (await response.json()) as {
    GET_META_INFO: { METADATA_INF: { CLASS_INF: { CLASS_OBJ: readonly RawClass[] } } }
  }
  return body.GET_META_INFO.METADATA_INF.CLASS_INF.CLASS_OBJ.map((axis) => ({
    id: axis['@id'],
    names: new Map([axis.CLASS].flat().map((item) => [item['@code'], item['@name']])),
  }))
}

/** The cells of a file in either layout. @param spread Axis whose codes are columns; null in layout long. */
export async function cellsOfCsv(path: string, axes: readonly UpstreamAxis[], spread: string | null): Promise<Cells> {
  const tally = new Tally()
  let read: ((line: readonly string[]) => readonly string[]) | null = null
  for await (const text of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
    const [line = []] = parseCsv(`${text}\n`)
    if (read === null) read = spread === null ? longReader(line, axes) : wideReader(line, axes, spread)
    else for (const cell of read(line)) tally.add(cell)
  }
  return tally.cells
}

function longReader(header: readonly string[], axes: readonly UpstreamAxis[]) {
  const codes = axes.map(({ id }) => header.indexOf(`${id}_code`))
  const [value, symbol, unit] = ['value', 'symbol', 'unit'].map((name) => header.lastIndexOf(name)) as [
    number,
    number,
    number,
  ]
  return (line: readonly string[]): readonly string[] => [
    [...codes.map((at) => line[at]), line[unit], line[value] || line[symbol]].join('\t'),
  ]
}

function wideReader(header: readonly string[], axes: readonly UpstreamAxis[], spread: string) {
  const columns = [...(axes.find(({ id }) => id === spread)?.names ?? [])].map(([code, name]) => ({
    code,
    at: Math.max(header.lastIndexOf(name), header.indexOf(`${name} (${code})`)),
  }))
  const others = axes.map(({ id }) => (id === spread ? null : header.indexOf(`${id}_code`)))
  const unit = header.indexOf('unit')
  return (line: readonly string[]): readonly string[] =>
    columns.flatMap(({ code, at }) => {
      const text = at < 0 ? '' : (line[at] ?? '')
      return text === ''
        ? []
        : [[...others.map((other) => (other === null ? code : line[other])), line[unit], text].join('\t')]
    })
}
