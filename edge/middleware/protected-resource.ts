import { Hono } from 'hono'
import type { OAuthSettings } from '../../shared/identity.ts'
import { METADATA_PATHS, resourceMetadata } from '../domain/oauth-resource.ts'
import type { EdgeEnv } from '../env.ts'

export interface ProtectedResourceOptions {
  readonly oauth: OAuthSettings
  /** Scheme and host of this server; null: what the request says. */
  readonly publicUrl: string | null
}

/** OAuth 2.0 Protected Resource Metadata (RFC 9728), at the path of the endpoint and at the root. */
export function protectedResource({ oauth, publicUrl }: ProtectedResourceOptions): Hono<EdgeEnv> {
  const routes = new Hono<EdgeEnv>()
  for (const path of METADATA_PATHS)
    routes.get(path, (c) => c.json(resourceMetadata(path, publicUrl ?? new URL(c.req.url).origin, oauth)))
  return routes
}
