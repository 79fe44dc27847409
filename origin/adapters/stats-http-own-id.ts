/** Two sources behind one port: e-Stat itself for callers who bring an application ID, the configured one for the rest. */
import type { Ask, StatsSource } from '../ports.ts'

export function statsByAppId(configured: StatsSource, live: StatsSource): StatsSource {
  const sourceFor = ({ appId }: Ask): StatsSource => (appId === undefined ? configured : live)
  return {
    ...configured,
    describe: (id, ask) => sourceFor(ask).describe(id, ask),
    count: (query, ask) => sourceFor(ask).count(query, ask),
    page: (query, range, ask) => sourceFor(ask).page(query, range, ask),
    packed: (query, range, ask) => sourceFor(ask).packed(query, range, ask),
  }
}
