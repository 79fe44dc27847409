/** The adapters that the settings ask for, for every platform that is not Cloudflare. */
import type { EdgeServerConfig } from '../../../shared/config.ts'
import { memoryCache } from '../../adapters/cache-memory.ts'
import { memoryCounter } from '../../adapters/counter-memory.ts'
import { memoryKeys } from '../../adapters/keys-memory.ts'
import type { Report } from '../../env.ts'
import type { PlatformParts } from '../edge-of.ts'

export type Environment = Readonly<Record<string, string | undefined>>
export type Stores = Pick<PlatformParts, 'keys' | 'counter' | 'cache'>

export interface StoresOptions {
  readonly config: EdgeServerConfig
  readonly env: Environment
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly report: Report
}

export function storesOf({ now }: StoresOptions): Stores {
  return { keys: memoryKeys(new Map()), counter: memoryCounter({ now }), cache: memoryCache({ now }) }
}
