/** An edge that takes the tokens of a test issuer. */
import type { EdgeOptions } from '../../../edge/app.ts'
import { OAuthIssuer } from '../../../shared/settings/identity.ts'
import { posting, type TestEdge, testEdge } from '../fixture.ts'

export const oauthEdge = (entries: readonly object[], change: Partial<EdgeOptions> = {}): Promise<TestEdge> =>
  testEdge({
    mode: 'oauth',
    oauth: { issuers: entries.map((entry) => OAuthIssuer.parse(entry)), firstScopes: ['read', 'lake'] },
    ...change,
  })

export const PING = { jsonrpc: '2.0', id: 9, method: 'ping' }

/** A POST to the endpoint with a token. */
export const ask = (edge: TestEdge, token: string, body: unknown = PING, path = '/mcp'): Promise<Response> =>
  edge.request(path, posting(body, { authorization: `Bearer ${token}` }))

/** Why the edge refused a token: the last word of its message. */
export async function reasonOf(response: Response): Promise<string | undefined> {
  const { error } = (await response.json()) as { error: { message: string; data?: { message: string } } }
  return /refused: (\w+)/.exec(error.data?.message ?? error.message)?.[1]
}
