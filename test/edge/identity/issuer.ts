/** An authorization server as far as a resource server sees it: metadata, keys, and tokens, over real HTTP. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'

export interface SigningKey {
  readonly privateKey: CryptoKey
  readonly publicJwk: JWK
  readonly kid: string
  readonly alg: string
}

export interface TestIssuer {
  /** Without a slash at its end. */
  readonly url: string
  /** Paths that were asked for. */
  readonly requests: readonly string[]
  key(): SigningKey
  /** Publishes another key, with or without the one before it. */
  rotate(keepOld?: boolean): Promise<SigningKey>
  /** What it answers for a path, in place of its own; undefined: its own. */
  answer(path: string, answer: (() => { status: number; body: string }) | undefined): void
  /** Answers 503 to everything. */
  down(isDown: boolean): void
  /** Takes requests and never answers. */
  hang(hangs: boolean): void
  /** An access token for `aud`, an hour long, of `sub` "user-1", changed as said; undefined takes a claim away. */
  token(
    at: number,
    claims?: Readonly<Record<string, unknown>>,
    header?: Readonly<Record<string, unknown>>,
  ): Promise<string>
  close(): Promise<void>
}

export const MCP_URL = 'http://127.0.0.1:8787/mcp'

export interface IssuerOptions {
  /** After the host, as Keycloak and Entra ID have one. */
  readonly path?: string
  /** `oauth`: RFC 8414 alone. `oidc`: OpenID Connect alone. */
  readonly publishes?: 'oauth' | 'oidc'
  readonly alg?: string
}

export async function newSigningKey(alg = 'ES256'): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  const kid = crypto.randomUUID()
  return { privateKey, kid, alg, publicJwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } }
}

export async function testIssuer({
  path = '',
  publishes = 'oauth',
  alg = 'ES256',
}: IssuerOptions = {}): Promise<TestIssuer> {
  const requests: string[] = []
  const own = new Map<string, () => { status: number; body: string }>()
  const changed = new Map<string, () => { status: number; body: string }>()
  let keys = [await newSigningKey(alg)]
  let [isDown, hangs] = [false, false]
  const server: Server = createServer((request, response) => {
    const asked = request.url ?? ''
    requests.push(asked)
    if (hangs) return
    const answer = isDown ? { status: 503, body: 'down' } : (changed.get(asked) ?? own.get(asked))?.()
    const { status, body } = answer ?? { status: 404, body: '{}' }
    response.writeHead(status, { 'content-type': 'application/json' }).end(body)
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const host = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const url = `${host}${path}`
  const metadata = {
    issuer: url,
    authorization_endpoint: `${url}/authorize`,
    token_endpoint: `${url}/token`,
    jwks_uri: `${url}/keys`,
    response_types_supported: ['code'],
    code_challenge_methods_supported: ['S256'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: [alg],
  }
  const place =
    publishes === 'oauth'
      ? `/.well-known/oauth-authorization-server${path}`
      : `${path}/.well-known/openid-configuration`
  own.set(place, () => ({ status: 200, body: JSON.stringify(metadata) }))
  own.set(`${path}/keys`, () => ({
    status: 200,
    body: JSON.stringify({ keys: keys.map(({ publicJwk }) => publicJwk) }),
  }))
  const key = (): SigningKey => keys.at(-1) as SigningKey

  return {
    url,
    requests,
    key,
    async rotate(keepOld = false) {
      keys = [...(keepOld ? keys : []), await newSigningKey(alg)]
      return key()
    },
    answer: (asked, answer) => void (answer ? changed.set(asked, answer) : changed.delete(asked)),
    down: (down) => void (isDown = down),
    hang: (silent) => void (hangs = silent),
    token: (at, claims = {}, header = {}) => signed(key(), accessClaims(url, at, claims), header),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

export function accessClaims(iss: string, at: number, change: Readonly<Record<string, unknown>> = {}): object {
  const iat = Math.floor(at / 1000)
  return { iss, aud: MCP_URL, sub: 'user-1', scope: 'read', iat, exp: iat + 3600, ...change }
}

export const signed = (
  { privateKey, kid, alg }: SigningKey,
  claims: object,
  header: Readonly<Record<string, unknown>> = {},
): Promise<string> =>
  new SignJWT(JSON.parse(JSON.stringify(claims)))
    .setProtectedHeader({ alg, kid, typ: 'at+jwt', ...header })
    .sign(privateKey)

/** A token of any header and signature whatsoever. */
export const handmade = (header: object, claims: object, signature = ''): string =>
  [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.') + signature
