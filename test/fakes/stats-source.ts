/** A StatsSource over rows made up by a test: exact counts, pages cut as e-Stat cuts them, and a log of what was asked. */
import { gzipSync } from 'node:zlib'
import { fault } from '../../shared/fault.ts'
import type { TableInfo, TableMeta, WireValue } from '../../origin/estat/model.ts'
import type { StatsPage, StatsSource } from '../../origin/ports.ts'
import { NOTHING_KNOWN } from '../../origin/estat/nothing-known.ts'

export interface FakeTable {
  readonly meta: TableMeta
  readonly values: readonly WireValue[]
}

export interface FakeStats extends StatsSource {
  /** `count`, or `page <start>+<limit>`, in order. */
  readonly asked: string[]
  /** Called before each page; may throw, wait, or change the table. */
  beforePage: (start: number) => Promise<void> | void
  table: FakeTable
}

export const infoOf = (id: string, updatedDate = '2026-01-01'): TableInfo => ({
  id,
  statName: { code: '00200521', name: '国勢調査' },
  govOrg: { code: '00200', name: '総務省' },
  statisticsName: '国勢調査',
  title: '人口',
  ...NOTHING_KNOWN,
  updatedDate,
})

/** A table with one axis `area` and as many rows as areas. */
export function fakeTable(id: string, rows: number): FakeTable {
  const codes = Array.from({ length: rows }, (_, at) => String(at).padStart(6, '0'))
  const items = codes.map((code) => ({ code, name: `地域${code}`, level: 1, unit: null, parentCode: null }))
  return {
    meta: { info: infoOf(id), axes: [{ id: 'area', name: '地域', description: null, items }], extent: null },
    values: codes.map((code, at) => ({ '@area': code, '@unit': '人', $: String(at) })),
  }
}

/** Narrowing by codes alone; e-Stat's own order. */
export function fakeStats(table: FakeTable): FakeStats {
  const select = (narrow: Parameters<StatsSource['count']>[0]['narrow']): readonly WireValue[] =>
    fake.table.values.filter((value) =>
      narrow.every(({ axis, codes }) => codes?.includes(value[`@${axis}`] ?? '') ?? true),
    )
  const fake: FakeStats = {
    table,
    asked: [],
    beforePage: () => {},
    origin: 'live',
    describe: async () => fake.table.meta,
    async count({ narrow }, { signal }) {
      signal.throwIfAborted()
      fake.asked.push('count')
      return select(narrow).length
    },
    async page({ id, narrow }, { start, limit }, { signal }): Promise<StatsPage> {
      fake.asked.push(`page ${start}+${limit}`)
      await fake.beforePage(start)
      signal.throwIfAborted()
      const all = select(narrow)
      if (all.length === 0) throw fault('NO_DATA', `No row of ${id} matches.`)
      const values = all.slice(start - 1, start - 1 + limit)
      const to = start - 1 + values.length
      const nextKey = to < all.length ? to + 1 : null
      const { info } = fake.table.meta
      return {
        total: all.length,
        from: start,
        to,
        nextKey,
        info,
        notes: [],
        annotations: {},
        values,
      }
    },
    async packed(query, range, ask) {
      const { values, annotations: _, ...page } = await fake.page(query, range, ask)
      const packed = gzipSync(bodyOf(page.info, values, page.total, page.from))
      return { ...page, rows: values.length, packed }
    },
  }
  return fake
}

/** As much of a getStatsData body as reading it back needs. */
function bodyOf(info: TableInfo, values: readonly WireValue[], total: number, from: number): Uint8Array {
  const body = {
    GET_STATS_DATA: {
      RESULT: { STATUS: 0 },
      STATISTICAL_DATA: {
        RESULT_INF: { TOTAL_NUMBER: total, FROM_NUMBER: from, TO_NUMBER: from + values.length - 1 },
        TABLE_INF: { '@id': info.id },
        DATA_INF: { VALUE: values },
      },
    },
  }
  return new TextEncoder().encode(JSON.stringify(body))
}
