/** The adapters that the settings ask for, for every platform that is not Cloudflare. */
import type { EdgeServerConfig } from '../../../shared/config.ts'
import { memoryCache } from '../../adapters/cache-memory.ts'
import { memoryCounter } from '../../adapters/counter-memory.ts'
import { memoryKeys } from '../../adapters/keys-memory.ts'
import type { PlatformParts } from '../edge-of.ts'

export type Stores = Pick<PlatformParts, 'keys' | 'counter' | 'cache'>

export function storesOf(_config: EdgeServerConfig, now: () => number): Stores {
  return { keys: memoryKeys(new Map()), counter: memoryCounter({ now }), cache: memoryCache({ now }) }
}
