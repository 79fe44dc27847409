/**
 * The index as bytes: a header in JSON, then every typed array as it lies in memory, then the listings in packed blocks.
 * Reading takes the first two whole and the third piece by piece. Little-endian, as every machine it runs on.
 */
import type { CatalogueEntry } from '../../ports.ts'
import { type SearchIndex, surveyParts } from './build-index.ts'
import type { GramIndex } from './gram-index.ts'

/** Raised whenever the layout or the meaning of an array changes: a file of another format is built anew. */
export const FORMAT = 1
/** Arrays begin at multiples of this, so that views need no copy. */
const ALIGN = 8
/** Listings in one packed block: what is unpacked to show one. */
export const BLOCK_ROWS = 64

const TYPES = { u8: Uint8Array, u16: Uint16Array, u32: Uint32Array, f64: Float64Array } as const
type Type = keyof typeof TYPES
type Column = Uint8Array | Uint16Array | Uint32Array | Float64Array

/** Names of the columns of an index that are typed arrays of one value for each row (or series). */
const COLUMNS = [
  'ids', 'titleOf', 'headOf', 'surveyOf', 'from', 'to', 'period', 'levels', 'collected', 'listings', 'field',
  'organisation', 'surveyedFrom', 'surveyedTo', 'opened', 'updated', 'prefecture', 'bundled', 'smallArea', 'seriesOf',
  'seriesAt', 'seriesRows',
] as const // biome-ignore format: one list reads better

export interface IndexHeader {
  readonly format: number
  readonly count: number
  readonly newest: number
  /** `code\nname` of each survey. */
  readonly surveys: readonly string[]
  /** Offsets from the first array's beginning, bytes; lengths in elements. */
  readonly arrays: readonly {
    readonly name: string
    readonly type: Type
    readonly offset: number
    readonly length: number
  }[]
  /** Bytes of all arrays together: where the blocks begin. */
  readonly size: number
}

/** @param blockAt Where each packed block of listings begins, from the end of the arrays, and where the last one ends. */
export function packIndex(
  index: SearchIndex,
  blockAt: Uint32Array,
): { header: IndexHeader; arrays: readonly Column[] } {
  const named: [string, Column][] = [
    ...COLUMNS.map((name): [string, Column] => [name, index[name]]),
    ...gramColumns('titles', index.titles),
    ...gramColumns('heads', index.heads),
    ['blockAt', blockAt],
  ]
  let offset = 0
  const arrays = named.map(([name, column]) => {
    const place = { name, type: typeOf(column), offset, length: column.length }
    offset += padded(column.byteLength)
    return place
  })
  const surveys = index.surveys.map(({ code, name }) => `${code}\n${name}`)
  const header = { format: FORMAT, count: index.count, newest: index.newest, surveys, arrays, size: offset }
  return { header, arrays: named.map(([, column]) => column) }
}

/** Bytes an array takes with its padding. */
export const padded = (bytes: number): number => Math.ceil(bytes / ALIGN) * ALIGN

/**
 * The index over the bytes of its arrays; nothing is copied.
 *
 * @param entryAt Reads the listing of a row, given where its block lies.
 */
export function unpackIndex(
  header: IndexHeader,
  bytes: ArrayBuffer,
  reader: (blockAt: Uint32Array) => (row: number) => CatalogueEntry,
): SearchIndex {
  const views = new Map(
    header.arrays.map(({ name, type, offset, length }) => [name, new TYPES[type](bytes, offset, length)]),
  )
  const view = (name: string): Column => {
    const found = views.get(name)
    if (found === undefined) throw new Error('The index lacks a column: it is of another format.')
    return found
  }
  const numbers = (name: string): Uint32Array => view(name) as Uint32Array
  const gram = (name: string): GramIndex => ({
    texts: { units: view(`${name}.units`) as Uint16Array, at: numbers(`${name}.at`) },
    grams: numbers(`${name}.grams`),
    postings: {
      bytes: view(`${name}.bytes`) as Uint8Array,
      at: numbers(`${name}.listAt`),
      counts: numbers(`${name}.counts`),
    },
  })
  const columns = Object.fromEntries(COLUMNS.map((name) => [name, view(name)])) as Pick<
    SearchIndex,
    (typeof COLUMNS)[number]
  >
  return {
    ...columns,
    count: header.count,
    newest: header.newest,
    titles: gram('titles'),
    heads: gram('heads'),
    ...surveyParts(header.surveys),
    entryAt: reader(numbers('blockAt')),
  }
}

const gramColumns = (name: string, { texts, grams, postings }: GramIndex): [string, Column][] => [
  [`${name}.units`, texts.units],
  [`${name}.at`, texts.at],
  [`${name}.grams`, grams],
  [`${name}.bytes`, postings.bytes],
  [`${name}.listAt`, postings.at],
  [`${name}.counts`, postings.counts],
]

const typeOf = (column: Column): Type =>
  column instanceof Uint8Array
    ? 'u8'
    : column instanceof Uint16Array
      ? 'u16'
      : column instanceof Uint32Array
        ? 'u32'
        : 'f64'
