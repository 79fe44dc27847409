/**
 * An authorization server that lets everybody in at once: the code flow of OAuth 2.1 with PKCE for one public client that
 * was registered before, as most identity providers of organisations have it (no registration, no metadata documents).
 */
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { accessClaims, newSigningKey, signed } from '../edge/identity/issuer.ts'

export interface AuthorizationServer {
  /** The issuer. */
  readonly url: string
  /** What was asked for, by `authorize` and `token`. */
  readonly asked: readonly Readonly<Record<string, string>>[]
  close(): Promise<void>
}

/** @param audience of the tokens. */
export async function startAuthorizationServer(clientId: string, audience: string): Promise<AuthorizationServer> {
  const key = await newSigningKey()
  const asked: Record<string, string>[] = []
  const challenges = new Map<string, string>()
  const routes: Readonly<Record<string, (asked: Readonly<Record<string, string>>) => Promise<Answer> | Answer>> = {
    '/.well-known/oauth-authorization-server': () => [
      200,
      {
        issuer: url,
        authorization_endpoint: `${url}/authorize`,
        token_endpoint: `${url}/token`,
        jwks_uri: `${url}/keys`,
        response_types_supported: ['code'],
        grant_types_supported: ['authorization_code'],
        code_challenge_methods_supported: ['S256'],
        token_endpoint_auth_methods_supported: ['none'],
      },
    ],
    '/keys': () => [200, { keys: [key.publicJwk] }],
    '/authorize': ({ client_id, redirect_uri = '', state = '', code_challenge = '', code_challenge_method }) => {
      if (client_id !== clientId || code_challenge_method !== 'S256') return [400, { error: 'invalid_request' }]
      const code = crypto.randomUUID()
      challenges.set(code, code_challenge)
      const back = new URL(redirect_uri)
      back.search = String(new URLSearchParams({ code, state }))
      return [302, {}, back.href]
    },
    '/token': async ({ client_id, code = '', code_verifier = '' }) => {
      const challenge = createHash('sha256').update(code_verifier).digest('base64url')
      const known = client_id === clientId && challenges.get(code) === challenge
      challenges.delete(code)
      if (!known) return [400, { error: 'invalid_grant' }]
      const claims = accessClaims(url, Date.now(), { aud: audience, scope: 'read lake' })
      return [200, { access_token: await signed(key, claims), token_type: 'Bearer', expires_in: 3600 }]
    },
  }
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://server')
    void text(request).then(async (body) => {
      const fields = Object.fromEntries([...searchParams, ...new URLSearchParams(body)])
      if (pathname === '/authorize' || pathname === '/token') asked.push(fields)
      const [status, json, location] = (await routes[pathname]?.(fields)) ?? [404, {}]
      const headers = { 'content-type': 'application/json', ...(location === undefined ? {} : { location }) }
      response.writeHead(status, headers).end(JSON.stringify(json))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    asked,
    close() {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

type Answer = readonly [status: number, json: object, location?: string]
