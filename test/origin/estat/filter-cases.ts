/** Filters resolved, and what is said of those that cannot be. */
import { resolveFilters } from '../../../origin/estat/filters.ts'
import type { TableMeta } from '../../../origin/estat/model.ts'
import { Fault } from '../../../shared/fault.ts'
import { sampleMeta } from './tables.ts'

export const codesIn = (meta: TableMeta, key: string, value: unknown): readonly string[] =>
  resolveFilters(meta, { [key]: value }).selections[0]?.items.map(({ code }) => code) ?? []

export const codes = async (id: string, key: string, value: unknown): Promise<readonly string[]> =>
  codesIn(await sampleMeta(id), key, value)

export function faultOf(run: () => unknown): Fault {
  try {
    run()
  } catch (error) {
    if (error instanceof Fault) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

export const faultFor = async (id: string, filters: Record<string, unknown>): Promise<Fault> => {
  const meta = await sampleMeta(id)
  return faultOf(() => resolveFilters(meta, filters))
}
