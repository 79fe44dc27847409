import type { EdgeConfig } from '../../shared/config.ts'
import { identityOf } from '../../shared/identity.ts'
import { CACHEABLE } from '../../shared/cacheable/index.ts'
import manifest from '../../shared/tool-manifest.json' with { type: 'json' }
import { type FilesChoiceOptions, filesOf } from '../adapters/files-choice.ts'
import { originFiles } from '../adapters/files-origin.ts'
import { memoryFlights } from '../adapters/flights-memory.ts'
import { memoryCounter } from '../adapters/counter-memory.ts'
import { recordKeys } from '../adapters/keys-records.ts'
import { createEdge, type EdgeOptions, TIMEOUTS } from '../app.ts'
import { ToolManifest } from '../domain/tools.ts'
import { executor, type Run } from '../execute.ts'
import { generations } from '../generation.ts'
import { httpsOf, type SchemeSource } from './https-of.ts'
import { leasedCounter } from '../leased-counter.ts'
import { recentRecords } from '../recent-records.ts'
import { revokedLinks } from '../revoked-links.ts'
import { upstream } from '../upstream.ts'

/** What differs from platform to platform. Without flights of the platform's own, those of one process. */
export type PlatformParts = Pick<
  EdgeOptions,
  'records' | 'counter' | 'cache' | 'clientAddress' | 'send' | 'now' | 'background' | 'report'
> &
  Partial<
    Pick<EdgeOptions, 'flights' | 'seen' | 'metrics' | 'sendToIssuer'> &
      Pick<FilesChoiceOptions, 'credentials'> &
      SchemeSource
  >

/** The edge of every platform: its settings in the app's words, and what the platform has for the ports. */
export const edgeOf = (config: EdgeConfig, parts: PlatformParts): ReturnType<typeof createEdge> =>
  createEdge(edgeOptions(config, parts))

export function edgeOptions(config: EdgeConfig, parts: PlatformParts): EdgeOptions {
  const bucket = filesOf(config, { credentials: null, ...parts })
  return {
    originUrl: config.ORIGIN_URL,
    ...identityOf(config),
    https: httpsOf(config, parts),
    allowedHosts: config.ALLOWED_HOSTS,
    allowedOrigins: config.ALLOWED_ORIGINS,
    perMinute: config.RATE_LIMIT_PER_MINUTE,
    signingKey: config.CALLER_SIGNING_KEY,
    linkKeys: config.LINK_PUBLIC_KEYS,
    files: (origin) => bucket ?? originFiles({ upstream: origin }),
    manifest: ToolManifest.parse(manifest),
    cacheables: CACHEABLE,
    localCounter: memoryCounter({ now: parts.now }),
    flights: (run) => memoryFlights({ run, now: parts.now }),
    sendToIssuer: (request) => fetch(request),
    newId: () => crypto.randomUUID(),
    ...parts,
    ...overRecords(config, parts),
    counter: leasedCounter(parts),
  }
}

/** What an operator changes while the edge runs: keys, links, the cache's generation. */
function overRecords(config: EdgeConfig, { records: behind, now, report }: PlatformParts) {
  const records = recentRecords({ records: behind, now, report })
  const newId = (): string => crypto.randomUUID()
  return {
    records,
    keys: recordKeys({ records, report }),
    isRevoked: revokedLinks(records).isRevoked,
    generations: generations({ records: behind, configured: config.CACHE_GENERATION, now, newId, report }),
  }
}

/** How the edge of these settings carries out an order, for where flights are flown outside of it. */
export const runOf = (config: EdgeConfig, parts: Pick<PlatformParts, 'send' | 'now' | 'report'>): Run =>
  executor(
    upstream({
      originUrl: config.ORIGIN_URL,
      signingKey: config.CALLER_SIGNING_KEY,
      newId: () => crypto.randomUUID(),
      timeoutMs: TIMEOUTS.origin,
      ...parts,
    }),
  )
