/** The listings in stored pages, one for each id: a later page speaks, and the areas of one page's batch are gathered. */
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import type { TableInfo } from '../estat/model.ts'
import type { CatalogueEntry } from '../ports.ts'

const unpack = promisify(gunzip)

export interface PageFile {
  readonly path: string
  /** Pages of one build together: e-Stat may list a table on two of them, once for each area. */
  readonly batch: string
}

export async function readPages(files: readonly PageFile[]): Promise<CatalogueEntry[]> {
  const intern = interner()
  const known = new Map<string, { readonly entry: CatalogueEntry; readonly batch: string }>()
  for (const { path, batch } of files) {
    const text = (await unpack(await readFile(path))).toString()
    for (const line of text.split('\n')) {
      if (line === '') continue
      const table = JSON.parse(line) as TableInfo
      const before = known.get(table.id)
      const areas = before?.batch === batch ? before.entry.collectArea : []
      known.set(table.id, { entry: entryOf(table, areas, intern), batch })
    }
  }
  return Array.from(known.values(), ({ entry }) => entry)
}

/** What hundreds of thousands of listings repeat is kept once. */
function entryOf(table: TableInfo, areas: readonly string[], intern: <Value>(value: Value) => Value): CatalogueEntry {
  return {
    ...table,
    statName: intern(table.statName),
    govOrg: intern(table.govOrg),
    statisticsName: intern(table.statisticsName),
    title: intern(table.title),
    cycle: intern(table.cycle),
    surveyDate: intern(table.surveyDate),
    openDate: intern(table.openDate),
    updatedDate: intern(table.updatedDate),
    collectArea: intern([...new Set([...areas, ...table.collectArea])]),
    mainCategory: intern(table.mainCategory),
    subCategory: intern(table.subCategory),
    description: NONE,
    bundled: false,
  }
}

const NONE: readonly string[] = []

function interner(): <Value>(value: Value) => Value {
  const kept = new Map<string, unknown>()
  return <Value>(value: Value): Value => {
    const key = typeof value === 'string' ? value : JSON.stringify(value)
    if (!kept.has(key)) kept.set(key, value)
    return kept.get(key) as Value
  }
}
