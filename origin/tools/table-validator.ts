/** Until when an answer about one table holds: until its update date changes. */
import { parseTableId } from '../estat/table-url.ts'
import type { Ports } from '../ports.ts'
import type { CallContext } from './define-tool.ts'

const JAPAN_MS = 9 * 3_600_000

/**
 * Table and update date, from class lists at hand or one getMetaInfo. Null where nothing can be told from them: e-Stat
 * gives no date; the date is today's in Japan, and a second update the same day would go unseen (RFC 9110, 8.8.2.2); or
 * the figures are the bundled ones, which change with the server.
 *
 * @throws Fault as `StatsSource.describe` says.
 */
export async function tableValidator(
  input: { readonly dataset_id: string; readonly lang: 'J' | 'E' },
  { stats }: Pick<Ports, 'stats'>,
  { signal, now }: Pick<CallContext, 'signal' | 'now'>,
): Promise<string | null> {
  if (stats.origin === 'sample') return null
  const { info } = await stats.describe(parseTableId(input.dataset_id), { lang: input.lang, signal })
  const today = new Date(now + JAPAN_MS).toISOString().slice(0, 10)
  return info.updatedDate === null || info.updatedDate >= today ? null : `${info.id} ${info.updatedDate}`
}
