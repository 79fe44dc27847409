import type { EdgeConfig } from '../../shared/config.ts'
import { CACHEABLE } from '../../shared/cacheable/index.ts'
import manifest from '../../shared/tool-manifest.json' with { type: 'json' }
import { memoryFlights } from '../adapters/flights-memory.ts'
import { memoryCounter } from '../adapters/counter-memory.ts'
import { createEdge, type EdgeOptions } from '../app.ts'
import { ToolManifest } from '../domain/tools.ts'
import { leasedCounter } from '../leased-counter.ts'
import { httpsOf, type SchemeSource } from './https-of.ts'

/** What differs from platform to platform. Without flights of the platform's own, those of one process. */
export type PlatformParts = Pick<
  EdgeOptions,
  'keys' | 'counter' | 'cache' | 'clientAddress' | 'send' | 'now' | 'background' | 'report'
> &
  Partial<Pick<EdgeOptions, 'flights'> & SchemeSource>

/** The edge of every platform: its settings in the app's words, and what the platform has for the ports. */
export const edgeOf = (config: EdgeConfig, parts: PlatformParts): ReturnType<typeof createEdge> =>
  createEdge({
    originUrl: config.ORIGIN_URL,
    mode: config.AUTH_MODE,
    allowOpen: config.ALLOW_OPEN === '1',
    https: httpsOf(config, parts),
    allowedHosts: config.ALLOWED_HOSTS,
    allowedOrigins: config.ALLOWED_ORIGINS,
    perMinute: config.RATE_LIMIT_PER_MINUTE,
    signingKey: config.CALLER_SIGNING_KEY,
    cacheGeneration: config.CACHE_GENERATION,
    manifest: ToolManifest.parse(manifest),
    cacheables: CACHEABLE,
    localCounter: memoryCounter({ now: parts.now }),
    newId: () => crypto.randomUUID(),
    flights: (run) => memoryFlights({ run, now: parts.now }),
    ...parts,
    counter: leasedCounter(parts),
  })
