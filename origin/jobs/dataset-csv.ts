/** The lines of a kept fetch in either layout, a batch of rows at a time: memory does not grow with the rows. */
import { type CsvOptions, csvHeader, csvRow } from '../estat/csv.ts'
import { type SpreadPlan, spreadChooser } from '../estat/csv-spread.ts'
import { wideCsv } from '../estat/csv-wide.ts'
import type { ObjectStore } from '../ports.ts'
import type { FetchManifest } from './manifest.ts'
import { readPages } from './read-pages.ts'

export interface DatasetCsv {
  /** Text of the file in parts, without BOM. To be read once. */
  readonly parts: AsyncGenerator<string>
  readonly columns: readonly string[]
  /** Lines given out so far, without the heading, and cells in them. */
  readonly count: () => { readonly lines: number; readonly cells: number }
}

export interface Reading {
  readonly signal: AbortSignal
  readonly progress: (done: number, total: number | null, message: string) => void
  /** Asked after each batch of rows: may take a rest. Absent: none is taken. */
  readonly breathe?: (() => Promise<void>) | undefined
}

export function longCsv(
  store: ObjectStore,
  manifest: FetchManifest,
  options: CsvOptions,
  { signal, progress, breathe }: Reading,
): DatasetCsv {
  const { meta } = manifest
  const line = csvRow(meta, options)
  const tells = everySo(manifest.rows)
  let rows = 0
  async function* parts(): AsyncGenerator<string> {
    yield csvHeader(meta, options)
    for await (const observations of readPages(store, manifest, signal)) {
      yield observations.map(line).join('')
      rows += observations.length
      if (tells(rows)) progress(rows, manifest.rows, `${rows} of ${manifest.rows} rows written`)
      await breathe?.()
    }
  }
  const columns = [...meta.axes.flatMap(({ id, name }) => [`${id}_code`, name]), ...VALUE_COLUMNS]
  return { parts: parts(), columns, count: () => ({ lines: rows, cells: rows }) }
}

const VALUE_COLUMNS = ['value', 'symbol', 'unit', 'annotation']

/** Rows between two words of progress. */
const TOLD_EVERY = 50_000

function everySo(total: number): (done: number) => boolean {
  let told = 0
  return (done) => {
    if (done < told + TOLD_EVERY && done < total) return false
    told = done
    return true
  }
}

/**
 * Reads the pages twice: the first time only until it is known which codes become columns, mostly one page.
 *
 * @throws Fault as `spreadChooser` and `wideCsv` say.
 */
export async function wideCsvOf(
  store: ObjectStore,
  manifest: FetchManifest,
  { spread, ...options }: CsvOptions & { readonly spread: string | undefined },
  { signal, progress, breathe }: Reading,
): Promise<DatasetCsv & { readonly plan: SpreadPlan }> {
  const plan = await planSpread(store, manifest, spread, { signal, breathe })
  const writer = wideCsv(manifest.meta, plan, manifest.rows, options)
  const tells = everySo(manifest.rows)
  let cells = 0
  async function* parts(): AsyncGenerator<string> {
    yield writer.header
    for await (const observations of readPages(store, manifest, signal)) {
      for (const row of observations) {
        const text = writer.add(row)
        if (text !== '') yield text
      }
      cells += observations.length
      if (tells(cells)) progress(cells, manifest.rows, `${cells} of ${manifest.rows} cells written`)
      await breathe?.()
    }
    yield writer.end()
  }
  return { plan, parts: parts(), columns: writer.columns, count: () => ({ lines: writer.lines(), cells }) }
}

async function planSpread(
  store: ObjectStore,
  manifest: FetchManifest,
  spread: string | undefined,
  { signal, breathe }: Pick<Reading, 'signal' | 'breathe'>,
): Promise<SpreadPlan> {
  const chooser = spreadChooser(manifest.meta, spread)
  for await (const observations of readPages(store, manifest, signal)) {
    if (observations.some((row) => chooser.see(row))) break
    await breathe?.()
  }
  return chooser.choose()
}
