/** How a client says who it is, in the words of OpenAPI 3.1 (Security Scheme Object), for each way of asking. */
import type { AuthMode } from './settings/identity.ts'

export interface OpenApiSecurity {
  /** Any one of these is enough; empty where nobody is asked. */
  readonly security: readonly Readonly<Record<string, readonly string[]>>[]
  readonly securitySchemes: Readonly<Record<string, object>>
}

const KEY = {
  apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key', description: 'A key, `id.secret`, from the operator.' },
  bearerKey: { type: 'http', scheme: 'bearer', description: 'The same key as a bearer token.' },
} as const
const TOKEN = {
  accessToken: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description:
      'An access token of an issuer that /.well-known/oauth-protected-resource names (RFC 9728), with the scope "read", "lake" or "admin" that an operation needs.',
  },
} as const
/** Cloudflare Access, service tokens: both headers together; a person's browser carries a cookie instead. */
const ACCESS = {
  accessClientId: { type: 'apiKey', in: 'header', name: 'CF-Access-Client-Id', description: 'Of a service token.' },
  accessClientSecret: { type: 'apiKey', in: 'header', name: 'CF-Access-Client-Secret', description: 'Goes with it.' },
} as const

export function openApiSecurity(mode: AuthMode): OpenApiSecurity {
  if (mode === 'open') return { security: [], securitySchemes: {} }
  if (mode === 'key') return anyOf(KEY)
  if (mode === 'oauth') return anyOf(TOKEN)
  if (mode === 'oauth+key') return anyOf({ ...KEY, ...TOKEN })
  return { security: [{ accessClientId: [], accessClientSecret: [] }], securitySchemes: ACCESS }
}

const anyOf = (securitySchemes: Readonly<Record<string, object>>): OpenApiSecurity => ({
  security: Object.keys(securitySchemes).map((name) => ({ [name]: [] })),
  securitySchemes,
})
