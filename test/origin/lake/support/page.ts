/** Pages of getStatsData for the lake's tests: recorded ones, and ones made up for what no recording shows. */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import type { Axis, TableInfo, TableMeta } from '../../../../origin/estat/model.ts'
import type { ParquetJob } from '../../../../origin/lake/ports.ts'
import type { ObjectStore } from '../../../../origin/ports.ts'
import { NOTHING_KNOWN } from '../../../../origin/estat/nothing-known.ts'

/** One VALUE as it travels. */
export type Cell = Readonly<Record<string, string>>
export interface ClassObject {
  readonly '@id': string
  readonly '@name': string
  readonly CLASS: unknown
}

/** The recorded answers; a clone of the project alone does not have them. */
export const RECORDINGS: string = fileURLToPath(new URL('../../../../../shared/data/estat/', import.meta.url))
export const recordingsPresent: boolean = existsSync(RECORDINGS)

/** One element comes as an object, several as a list (reference/estat-api.md, 3.1). */
export const listOf = <T extends object>(value: T | readonly T[] | undefined): readonly T[] =>
  value === undefined ? [] : Array.isArray(value) ? (value as readonly T[]) : [value as T]

/** Axes of CLASS_OBJ by a reader of the test's own. */
export const axesOf = (objects: readonly ClassObject[]): readonly Axis[] =>
  objects.map((object) => ({
    id: object['@id'],
    name: object['@name'],
    description: null,
    items: listOf(object.CLASS as Cell | readonly Cell[]).map((item) => ({
      code: item['@code'] as string,
      name: item['@name'] as string,
      level: item['@level'] ? Number(item['@level']) : null,
      unit: item['@unit'] ?? null,
      parentCode: item['@parentCode'] ?? null,
    })),
  }))

export const metaOf = (id: string, axes: readonly Axis[]): TableMeta => ({ info: infoOf(id), axes, extent: null })

/** An axis whose codes are named `<code> の名`. */
export const axis = (id: string, name: string, codes: readonly string[]): Axis => ({
  id,
  name,
  description: null,
  items: codes.map((code) => ({ code, name: `${code} の名`, level: 1, unit: null, parentCode: null })),
})

/** A body around `value`, which is a row, a list of rows, or undefined for none. */
export const bodyOf = (
  value: unknown,
  more: { readonly annotation?: unknown; readonly from?: number } = {},
): string => {
  const from = more.from ?? 1
  const rows = listOf(value as Cell | readonly Cell[] | undefined).length
  const range = rows === 0 ? {} : { FROM_NUMBER: from, TO_NUMBER: from + rows - 1 }
  const dataInf = { ANNOTATION: more.annotation, VALUE: value }
  return JSON.stringify({
    GET_STATS_DATA: { STATISTICAL_DATA: { RESULT_INF: { TOTAL_NUMBER: rows, ...range }, DATA_INF: dataInf } },
  })
}

/** Keeps bodies as raw pages. @returns their keys. */
export async function keepPages(store: ObjectStore, id: string, bodies: readonly string[]): Promise<readonly string[]> {
  const keys = bodies.map((_, at) => `raw/${id}/f1/page-${String(at + 1).padStart(5, '0')}.json.gz`)
  for (const [at, body] of bodies.entries()) await store.put(keys[at] as string, gzipSync(body))
  return keys
}

export const jobOf = (meta: TableMeta, pages: readonly string[], more: Partial<ParquetJob> = {}): ParquetJob => ({
  pages,
  meta,
  notes: [],
  roles: {},
  fetchId: 'f1',
  retrievedAt: '2026-11-20T19:00:00.123+09:00',
  dataType: 'generic',
  properties: {},
  key: `estat/parquet/${meta.info.id}/${Math.random().toString(36).slice(2)}.parquet`,
  ...more,
})

function infoOf(id: string): TableInfo {
  const none = { code: '', name: '' }
  return {
    id,
    statName: none,
    govOrg: none,
    statisticsName: '',
    title: '',
    ...NOTHING_KNOWN,
  }
}
