/** Who comes to the house: nobody, strangers, and callers of two tenants with every scope and kind of credential. */
import type { Scope } from '../../shared/server-info.ts'
import { posting, toolCall } from '../edge/fixture.ts'
import type { House } from './house.ts'

export interface HouseCaller {
  readonly name: string
  /** Null: no credential of his opens anything. */
  readonly tenant: string | null
  readonly scopes: readonly Scope[]
  readonly headers: Readonly<Record<string, string>>
  /** Where this kind of credential speaks MCP. */
  readonly mcp: '/mcp' | '/k/mcp'
}

/** @param link The token of a link to a file of tenant `alpha`. */
export async function houseCallers(house: House, link: string): Promise<readonly HouseCaller[]> {
  const nobody = { tenant: null, scopes: [], mcp: '/k/mcp' } as const
  const withKey = async (tenant: string, scope: Scope): Promise<HouseCaller> => ({
    name: `a key of ${tenant} with ${scope}`,
    tenant,
    scopes: [scope],
    headers: { 'x-api-key': await house.issueKey(tenant, [scope]) },
    mcp: '/k/mcp',
  })
  const withToken = async (tenant: string, scopes: readonly Scope[]): Promise<HouseCaller> => ({
    name: `a token of ${tenant} with ${scopes.join(' ')}`,
    tenant,
    scopes,
    headers: { authorization: `Bearer ${await house.issueToken(tenant, scopes)}` },
    mcp: '/mcp',
  })
  const someone = await house.issueKey('alpha', ['admin'])
  const [header = '', claims = ''] = (await house.issueToken('alpha', ['admin'])).split('.')
  return [
    { ...nobody, name: 'nobody', headers: {} },
    { ...nobody, name: 'a wrong secret', headers: { 'x-api-key': `${someone.split('.')[0]}.${'A'.repeat(43)}` } },
    { ...nobody, name: 'an unsigned token', headers: { authorization: `Bearer ${header}.${claims}.` }, mcp: '/mcp' },
    { ...nobody, name: 'a link in place of a token', headers: { authorization: `Bearer ${link}` }, mcp: '/mcp' },
    { ...nobody, name: 'a link in place of a key', headers: { 'x-api-key': link } },
    { ...nobody, name: 'the key of the origin', headers: { 'x-api-key': house.origin.adminKey } },
    await withKey('alpha', 'read'),
    await withKey('alpha', 'lake'),
    await withKey('beta', 'read'),
    await withKey('beta', 'lake'),
    await withKey('beta', 'admin'),
    await withToken('beta', ['read']),
    await withToken('beta', ['read', 'lake']),
  ]
}

export interface Heard {
  readonly status: number
  /** The fault's code; null for an answer. */
  readonly code: string | null
  /** The whole answer as text. */
  readonly text: string
  readonly cache: string | null
}

/** One call of a tool by each way in: plain HTTP, with the tool in the body or in the path, and MCP as older clients speak it. */
export async function callOver(house: House, way: Way, who: Who, tool: string, args: unknown): Promise<Heard> {
  const ways: Readonly<Record<Way, readonly [path: string, body: unknown]>> = {
    plain: ['/execute', { tool_name: tool, arguments: args }],
    named: [`/tools/${tool}`, args],
    mcp: [who.mcp, toolCall(tool, args)],
  }
  const [path, body] = ways[way]
  return heard(await house.request(path, posting(body, { ...who.headers })))
}

export type Way = 'plain' | 'named' | 'mcp'
export const WAYS: readonly Way[] = ['plain', 'named', 'mcp']
type Who = Pick<HouseCaller, 'headers' | 'mcp'>

export async function heard(response: Response): Promise<Heard> {
  const text = await response.text()
  return {
    status: response.status,
    code: codeIn(text),
    text,
    cache: response.headers.get('x-cache'),
  }
}

/** Of a fault in any of its forms: plain, JSON-RPC error, result of a tool. */
const codeIn = (text: string): string | null => /"code":"([A-Z_]+)"/.exec(text)?.[1] ?? null
