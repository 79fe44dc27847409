/** Tables to test against: the bundled ones as a client sees them, and small ones made by hand. */
import { statsHttp } from '../../../origin/adapters/stats-http.ts'
import type { Axis, ClassItem, Extent, TableInfo, TableMeta } from '../../../origin/estat/model.ts'
import type { StatsSource } from '../../../origin/ports.ts'
import { loadSample } from '../../../origin/sample/load-sample.ts'
import { createStandin } from '../../../origin/standin/standin.ts'
import { NOTHING_KNOWN } from '../../../origin/estat/nothing-known.ts'

const sample = loadSample()

/** The bundled figures through the stand-in: what an origin without an application ID asks. */
export const sampleStats: StatsSource = statsHttp({
  send: createStandin({ tables: sample.tables, accepts: ['local'], now: () => 0 }),
  appId: 'local',
  origin: 'sample',
  extents: sample.extents,
  recorded: sample.retrieved,
  knownIds: new Set(sample.catalogue.entries().map(({ id }) => id)),
  now: () => 0,
})

export const ask = { lang: 'J', signal: new AbortController().signal } as const
export const sampleMeta = async (id: string): Promise<TableMeta> => await sampleStats.describe(id, ask)
export const sampleIds: readonly string[] = sample.tables.map(({ id }) => id)

export const info: TableInfo = {
  id: '0000000001',
  statName: { code: '00200521', name: '国勢調査' },
  govOrg: { code: '00200', name: '総務省' },
  statisticsName: '国勢調査',
  title: '男女別人口',
  ...NOTHING_KNOWN,
}

export type ShortItem = readonly [code: string, name: string, more?: Partial<ClassItem>]

export const axis = (id: string, name: string, items: readonly ShortItem[]): Axis => ({
  id,
  name,
  description: null,
  items: items.map(([code, name, more]) => ({ code, name, level: null, unit: null, parentCode: null, ...more })),
})

export const table = (
  axes: readonly Axis[],
  more: Partial<TableInfo> = {},
  extent: Extent | null = null,
): TableMeta => ({
  info: { ...info, ...more },
  axes,
  extent,
})
