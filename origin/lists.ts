/** What the server says of its lists, the same in `server/discover`, `initialize` and the lists themselves. */
import type { McpServerOptions } from '@modelcontextprotocol/server'

/** Nobody is told of changes: every request stands alone, and tools and prompts change with a deploy only. */
const FIXED = { listChanged: false } as const

export const CAPABILITIES = {
  tools: FIXED,
  resources: FIXED,
  prompts: FIXED,
  completions: {},
} as const satisfies McpServerOptions['capabilities']

/** `private`: what is listed follows the caller's scope (MCP 2026-07-28, caching). */
const DEPLOYED = { ttlMs: 3_600_000, cacheScope: 'private' } as const

export const CACHE_HINTS = {
  'server/discover': DEPLOYED,
  'tools/list': DEPLOYED,
  'prompts/list': DEPLOYED,
  'resources/templates/list': DEPLOYED,
  // The tenant's tables and files are in it, which the tenant's next call may change.
  'resources/list': { ttlMs: 5_000, cacheScope: 'private' },
} as const satisfies McpServerOptions['cacheHints']
