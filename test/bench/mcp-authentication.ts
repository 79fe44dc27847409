/** What it costs the origin to know who asks: CPU time of this process, with nothing else at work in it. */
import { authenticator } from '../../origin/authenticate.ts'
import { signCallerToken } from '../../shared/caller-token.ts'
import type { NewKey } from '../../shared/keys.ts'
import { CALLER_HEADER } from '../../shared/server-info.ts'
import { newSigningKey } from '../platform/workerd.ts'

const URL_OF_MCP = 'http://127.0.0.1/mcp'

/** Milliseconds for each request. The tokens are signed before: that is the edge's to pay. */
export async function authenticationCost(
  admin: NewKey,
  calls: number,
): Promise<{ readonly adminMs: number; readonly tokenMs: number }> {
  const signing = await newSigningKey()
  const { d: _secret, ...publicKey } = signing
  const now = (): number => Date.now()
  const adminKeys = [{ id: admin.id, hash: admin.record.hash }]
  const authenticate = authenticator({ edgeKeys: [publicKey], adminKeys, now })
  const body = new TextEncoder().encode('{"jsonrpc":"2.0","id":1,"method":"tools/list"}')
  const caller = { id: 'k1', tenant: 'estat', scopes: ['read'] as const }
  const request = { method: 'POST', path: '/mcp', body }
  const tokens: string[] = []
  for (let at = 0; at < calls; at++)
    tokens.push(await signCallerToken({ key: signing, caller, request, now: now(), jti: crypto.randomUUID() }))

  async function cost(headers: readonly Readonly<Record<string, string>>[]): Promise<number> {
    const requests = headers.map((one) => new Request(URL_OF_MCP, { method: 'POST', headers: one }))
    const before = process.cpuUsage()
    for (const one of requests) await authenticate(one, body)
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1000 / requests.length
  }
  const keys = tokens.map(() => ({ 'x-api-key': admin.text }))
  await cost(keys)
  return { tokenMs: await cost(tokens.map((token) => ({ [CALLER_HEADER]: token }))), adminMs: await cost(keys) }
}
