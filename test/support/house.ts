/**
 * The whole house in one process: the real origin behind the edge that every platform has, with memory for stores, keys
 * and tokens of whatever tenants, and no socket.
 */
import type { JWK } from 'jose'
import { fileLinks } from '../../origin/adapters/file-links.ts'
import { memoryCache } from '../../edge/adapters/cache-memory.ts'
import { memoryCounter } from '../../edge/adapters/counter-memory.ts'
import { memoryRecords } from '../../edge/adapters/records-memory.ts'
import { createEdge, type EdgeOptions } from '../../edge/app.ts'
import { edgeOptions } from '../../edge/platform/edge-of.ts'
import { EdgeConfig, parseConfig } from '../../shared/config.ts'
import { signFileLink } from '../../shared/file-link.ts'
import { newKey, recordName } from '../../shared/keys.ts'
import type { Scope } from '../../shared/server-info.ts'
import { accessClaims, newSigningKey as newIssuerKey, signed } from '../edge/identity/issuer.ts'
import { openOrigin, type TestOrigin, type TestOriginOptions } from '../origin/support/origin.ts'
import { newSigningKey } from '../platform/workerd.ts'

const ISSUER = 'http://127.0.0.1:1'

export interface House {
  readonly edge: ReturnType<typeof createEdge>
  readonly origin: TestOrigin
  /** The private key of the edge: what a forger would need. */
  readonly signingKey: JWK
  /** What the edge asked the origin; health is not counted. */
  readonly passed: readonly Request[]
  /** An API key, `id.secret`. */
  issueKey(tenant: string, scopes: readonly Scope[]): Promise<string>
  /** An OAuth access token of an issuer that this edge trusts. */
  issueToken(tenant: string, scopes: readonly Scope[]): Promise<string>
  /** The token of a link to a kept file of a tenant, for ten minutes. */
  linkTo(key: string): Promise<string>
  /** Asks the edge, and waits for what it does behind its replies. */
  request(path: string, init?: RequestInit): Promise<Response>
  close(): Promise<void>
}

export interface HouseOptions {
  readonly origin?: TestOriginOptions
  /** Changes what the edge is made of. */
  readonly edge?: (made: EdgeOptions) => Partial<EdgeOptions>
}

/** Tokens at `/mcp`, keys at `/k/mcp`, either elsewhere; a limit that nobody reaches. */
export async function openHouse({ origin: wanted = {}, edge: change = () => ({}) }: HouseOptions = {}): Promise<House> {
  const [signingKey, linkKey, issuerKey] = [await newSigningKey(), await newSigningKey(), await newIssuerKey()]
  const links = fileLinks({ signingKey: linkKey, publicUrl: null, newId: () => crypto.randomUUID() })
  const origin = await openOrigin({ ...wanted, edgeKeys: [publicHalf(signingKey)], ports: { links, ...wanted.ports } })
  const now = (): number => Date.now()
  const records = memoryRecords({ now })
  const passed: Request[] = []
  const tasks: Promise<void>[] = []
  const config = parseConfig(EdgeConfig, {
    ORIGIN_URL: 'http://origin.test',
    AUTH_MODE: 'oauth+key',
    OAUTH_ISSUERS: JSON.stringify([{ issuer: ISSUER, jwks_uri: `${ISSUER}/keys`, tenant_claim: 'tenant' }]),
    CALLER_SIGNING_KEY: JSON.stringify(signingKey),
    LINK_PUBLIC_KEYS: JSON.stringify([publicHalf(linkKey)]),
    RATE_LIMIT_PER_MINUTE: 1_000_000,
  })
  const made = edgeOptions(config, {
    records,
    counter: memoryCounter({ now }),
    cache: memoryCache({ now }),
    clientAddress: () => null,
    async send(request) {
      if (!request.url.endsWith('/health')) passed.push(request.clone())
      return origin.fetch(request)
    },
    now,
    background: (_c, task) => void tasks.push(task),
    report: (error) => {
      throw error
    },
  })
  const sendToIssuer = async (): Promise<Response> => Response.json({ keys: [issuerKey.publicJwk] })
  const edge = createEdge({ ...made, sendToIssuer, ...change(made) })
  return {
    edge,
    origin,
    signingKey,
    passed,
    async issueKey(tenant, scopes) {
      const random = (count: number) => crypto.getRandomValues(new Uint8Array(count))
      const { id, text, record } = await newKey(random, { tenant, scopes })
      await records.put(recordName(id), JSON.stringify(record))
      return text
    },
    issueToken: (tenant, scopes) =>
      signed(issuerKey, accessClaims(ISSUER, now(), { sub: `user-of-${tenant}`, tenant, scope: scopes.join(' ') })),
    linkTo: (key) =>
      signFileLink({
        signingKey: linkKey,
        key,
        tenant: key.split('/')[0] ?? '',
        name: key.split('/').at(-1) ?? '',
        sub: 'maker',
        now: now(),
        seconds: 600,
        jti: crypto.randomUUID(),
      }),
    async request(path, init) {
      const response = await edge.request(new Request(`http://127.0.0.1:8787${path}`, init))
      await Promise.all(tasks)
      return response
    },
    close: () => origin.close(),
  }
}

const publicHalf = ({ d: _secret, ...open }: JWK): JWK => open
