/** The official client finds its way from our refusal to the issuer. */
import {
  Client,
  discoverAuthorizationServerMetadata,
  discoverOAuthProtectedResourceMetadata,
  discoverOAuthServerInfo,
  extractWWWAuthenticateParams,
  selectResourceURL,
  StreamableHTTPClientTransport,
  UnauthorizedError,
} from '@modelcontextprotocol/client'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { posting, type TestEdge } from '../fixture.ts'
import { oauthEdge, PING } from './edge.ts'
import { MCP_URL, testIssuer, type TestIssuer } from './issuer.ts'

let issuer: TestIssuer
let edge: TestEdge
beforeAll(async () => {
  issuer = await testIssuer()
  edge = await oauthEdge([{ issuer: issuer.url, scope_prefix: 'estat/' }])
})
afterAll(() => issuer.close())

/** The edge for its own URL, the network for the issuer's. */
const either = async (url: string | URL, init?: RequestInit): Promise<Response> => {
  const { origin, pathname } = new URL(url)
  return origin === new URL(MCP_URL).origin ? edge.request(pathname, init) : fetch(url, init)
}

it('reads our challenge, our metadata and the issuer’s', async () => {
  const { resourceMetadataUrl, scope, error } = extractWWWAuthenticateParams(await edge.request('/mcp', posting(PING)))
  expect([scope, error]).toEqual(['estat/read estat/lake', undefined])
  const resource = await discoverOAuthProtectedResourceMetadata(
    MCP_URL,
    resourceMetadataUrl ? { resourceMetadataUrl } : {},
    either,
  )
  expect(resource).toMatchObject({ resource: MCP_URL, scopes_supported: ['estat/read', 'estat/lake'] })
  const server = await discoverAuthorizationServerMetadata(resource.authorization_servers?.[0] ?? '', {
    fetchFn: either,
  })
  expect(server).toMatchObject({ issuer: issuer.url, token_endpoint: `${issuer.url}/token` })
})

it('finds the same without the challenge, at the path and, where it has the root alone, there', async () => {
  const found = await discoverOAuthServerInfo(MCP_URL, { fetchFn: either })
  expect(found).toMatchObject({ authorizationServerUrl: issuer.url, resourceMetadata: { resource: MCP_URL } })
  const rootOnly = (url: string | URL, init?: RequestInit) =>
    String(url).endsWith('/mcp') ? Promise.resolve(new Response(null, { status: 404 })) : either(url, init)
  const atRoot = await discoverOAuthServerInfo(MCP_URL, { fetchFn: rootOnly })
  const provider = {} as Parameters<typeof selectResourceURL>[1]
  const resource = await selectResourceURL(MCP_URL, provider, atRoot.resourceMetadata)
  // What it then asks a token for is one of the names that we answer to.
  const token = await issuer.token(edge.now(), { aud: resource?.href, scope: 'estat/read' })
  expect((await edge.request('/mcp', posting(PING, { authorization: `Bearer ${token}` }))).status).toBe(200)
})

it('is told by its transport that it has to sign in', async () => {
  const client = new Client({ name: 'test', version: '1' })
  const transport = new StreamableHTTPClientTransport(new URL(MCP_URL), {
    fetch: either,
    authProvider: { token: () => Promise.resolve(undefined) },
  })
  await expect(client.connect(transport)).rejects.toThrow(UnauthorizedError)
})
