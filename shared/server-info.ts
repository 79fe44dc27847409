/** How both halves name themselves, and the headers they agree on. */

/**
 * MCP `Implementation` (schema 2026-07-28): short, because modern replies repeat it in `_meta`. For the same reason
 * without icons, and tools have none either: the list of tools has no tokens to spare for pictures.
 */
export const SERVER_INFO = { name: 'estat-mcp', version: '0.1.0', title: 'e-Stat 政府統計' } as const

/** `_meta` key under which an error reply carries its envelope (code, message, hint, candidates) for programs. */
export const ERROR_META_KEY = 'estat-mcp/error'

/** Carries the caller token from the edge to the origin; see `caller-token.ts`. A client's own is dropped by the edge. */
export const CALLER_HEADER = 'x-estat-caller'
/** One id for a request on its whole way, in logs and replies. */
export const REQUEST_ID_HEADER = 'x-request-id'

/** What a caller may do (PRODUCT.md section 5). `read`: search, describe, fetch. `lake`: keep and query. `admin`: the rest. */
export const SCOPES = ['read', 'lake', 'admin'] as const
export type Scope = (typeof SCOPES)[number]

/** Who asks. `id` names the key or subject and is safe to log; it is never the secret. */
export interface Caller {
  readonly id: string
  readonly tenant: string
  readonly scopes: readonly Scope[]
  /** At the origin: scheme and host under which this caller reached the edge. Absent where the origin was asked directly. */
  readonly base?: string
}

/** The single-tenant default. */
export const DEFAULT_TENANT = 'estat'

/** Revisions of the protocol that both halves speak, oldest first (reference: MCP specification, schema folders). */
export const PROTOCOL_REVISIONS = ['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28'] as const
/** The first stateless revision: from here on `_meta` and headers carry the version of each request. */
export const MODERN_REVISION = '2026-07-28'
