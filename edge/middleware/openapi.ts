import type { Handler } from 'hono'
import { strongTag } from '../../shared/entity-tag.ts'
import type { Identity } from '../../shared/identity.ts'
import { openApiSecurity } from '../../shared/openapi-security.ts'
import { conditionOf } from '../../shared/preconditions.ts'
import type { EdgeEnv } from '../env.ts'
import type { Upstream } from '../upstream.ts'

export interface OpenApiOptions extends Pick<Identity, 'mode' | 'publicUrl'> {
  readonly upstream: Upstream
}

interface Document {
  readonly components: object
}

/**
 * `GET /openapi.json`: the origin's document, in which a client of this edge is told how to say who it is. Anybody's
 * cache may keep it where nobody is asked; elsewhere it shows what this caller may use.
 */
export function openApi({ upstream, mode, publicUrl }: OpenApiOptions): Handler<EdgeEnv> {
  const { security, securitySchemes } = openApiSecurity(mode)
  const told = {
    'content-type': 'application/json',
    'cache-control': `${mode === 'open' ? 'public' : 'private'}, max-age=300`,
    ...(mode === 'open' ? {} : { vary: 'Authorization, X-API-Key, Cf-Access-Jwt-Assertion' }),
  }
  return async function openApi(c) {
    const { caller, requestId, trace } = c.var
    const answer = await upstream({
      method: 'GET',
      path: '/openapi.json',
      headers: new Headers({ accept: 'application/json' }),
      body: new Uint8Array(),
      caller,
      requestId,
      trace,
      signal: c.req.raw.signal,
      base: publicUrl ?? new URL(c.req.url).origin,
    })
    const text = await answer.text()
    if (!answer.ok) return c.newResponse(text, answer.status as 500, { 'content-type': 'application/json' })
    const document = JSON.parse(text) as Document
    const body = JSON.stringify({ ...document, security, components: { ...document.components, securitySchemes } })
    const headers = { ...told, etag: await strongTag(body) }
    const condition = { get: (name: string) => (name === 'if-none-match' ? (c.req.header(name) ?? null) : null) }
    if (conditionOf(condition, { etag: headers.etag, modified: 0 }) === 'not modified')
      return c.newResponse(null, 304, headers)
    return c.newResponse(body, 200, headers)
  }
}
