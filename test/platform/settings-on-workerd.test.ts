/** What the Worker makes of its environment. */
import { describe, expect, it } from 'vitest'
import { fakeOrigin, sendJson } from './fake-origin.ts'
import { startEdge } from './workerd.ts'

describe('settings', () => {
  it('say what is wrong in the log, by name alone, and nothing to a client', async () => {
    const broken = await startEdge({ originUrl: 'not a URL', vars: { AUTH_MODE: 'oauth2' } })
    try {
      const response = await fetch(`${broken.url}/health`)
      expect(response.status).toBe(500)
      expect(await response.json()).toMatchObject({ success: false, error: { code: 'INTERNAL_ERROR' } })
      const log = broken.logs().join('\n')
      expect(log).toContain('ORIGIN_URL')
      expect(log).toContain('AUTH_MODE')
      expect(log).not.toContain('not a URL')
    } finally {
      await broken.close()
    }
  })

  it('may open the server to this machine for reading', async () => {
    const origin = await fakeOrigin()
    const open = await startEdge({ originUrl: origin.url, vars: { AUTH_MODE: 'open', RATE_LIMIT_PER_MINUTE: '3' } })
    origin.trust(open.publicKey)
    try {
      origin.answer((_heard, response) => sendJson(response, 200, { jsonrpc: '2.0', id: 1, result: {} }))
      const ask = (name: string, address: string) =>
        fetch(`${open.url}/mcp`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'cf-connecting-ip': address },
          body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: {} } }),
        })
      expect((await ask('load_to_iceberg', '1.1.1.1')).status).toBe(403)
      const statuses: number[] = []
      for (const address of ['1.1.1.1', '2.2.2.2', '3.3.3.3', '4.4.4.4'])
        statuses.push((await ask('describe_dataset', address)).status)
      expect(statuses).toEqual([200, 200, 200, 429])
      expect(origin.heard.at(-1)?.verified.caller).toEqual({ id: 'ip:127.0.0.1', tenant: 'estat', scopes: ['read'] })
    } finally {
      await open.close()
      await origin.close()
    }
  })
})
