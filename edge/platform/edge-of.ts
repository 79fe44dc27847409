import type { EdgeConfig } from '../../shared/config.ts'
import { identityOf } from '../../shared/identity.ts'
import { CACHEABLE } from '../../shared/cacheable/index.ts'
import manifest from '../../shared/tool-manifest.json' with { type: 'json' }
import { type FilesChoiceOptions, filesOf } from '../adapters/files-choice.ts'
import { memoryFlights } from '../adapters/flights-memory.ts'
import { memoryCounter } from '../adapters/counter-memory.ts'
import { memoryRecords } from '../adapters/records-memory.ts'
import { createEdge, type EdgeOptions, TIMEOUTS } from '../app.ts'
import { ToolManifest } from '../domain/tools.ts'
import { executor, type Run } from '../execute.ts'
import { httpsOf, type SchemeSource } from './https-of.ts'
import { leasedCounter } from '../leased-counter.ts'
import { upstream } from '../upstream.ts'

/** What differs from platform to platform. Without flights of the platform's own, those of one process. */
export type PlatformParts = Pick<
  EdgeOptions,
  'keys' | 'counter' | 'cache' | 'clientAddress' | 'send' | 'now' | 'background' | 'report'
> &
  Partial<
    Pick<EdgeOptions, 'flights' | 'records' | 'isRevoked'> & Pick<FilesChoiceOptions, 'credentials'> & SchemeSource
  >

/** The edge of every platform: its settings in the app's words, and what the platform has for the ports. */
export const edgeOf = (config: EdgeConfig, parts: PlatformParts): ReturnType<typeof createEdge> =>
  createEdge({
    originUrl: config.ORIGIN_URL,
    ...identityOf(config),
    https: httpsOf(config, parts),
    allowedHosts: config.ALLOWED_HOSTS,
    allowedOrigins: config.ALLOWED_ORIGINS,
    perMinute: config.RATE_LIMIT_PER_MINUTE,
    signingKey: config.CALLER_SIGNING_KEY,
    linkKeys: config.LINK_PUBLIC_KEYS,
    files: filesOf(config, { credentials: null, ...parts }),
    cacheGeneration: config.CACHE_GENERATION,
    manifest: ToolManifest.parse(manifest),
    cacheables: CACHEABLE,
    records: memoryRecords({ now: parts.now }),
    localCounter: memoryCounter({ now: parts.now }),
    flights: (run) => memoryFlights({ run, now: parts.now }),
    sendToIssuer: (request) => fetch(request),
    newId: () => crypto.randomUUID(),
    ...parts,
    counter: leasedCounter(parts),
  })

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
