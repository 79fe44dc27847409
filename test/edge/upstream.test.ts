import { expect, it } from 'vitest'
import { upstream } from '../../edge/upstream.ts'
import { verifyCallerToken } from '../../shared/caller-token.ts'
import { CALLER_HEADER } from '../../shared/server-info.ts'
import { newSigningKey } from '../platform/workerd.ts'

/** A platform may let a client send a body with GET; the Request of fetch may have none. */
it.each(['GET', 'HEAD'])('asks without the body that came with a %s, and signs none', async (method) => {
  const signingKey = await newSigningKey()
  const { d: _secret, ...publicKey } = signingKey
  const now = (): number => Date.parse('2026-11-20T00:00:00Z')
  const heard: Request[] = []
  const ask = upstream({
    originUrl: 'http://origin.test',
    signingKey,
    send: async (request) => {
      heard.push(request)
      return Response.json({ ok: true })
    },
    now,
    newId: () => crypto.randomUUID(),
    timeoutMs: 1_000,
    report: () => {},
  })
  const response = await ask({
    method,
    path: '/mcp',
    headers: new Headers(),
    body: new TextEncoder().encode('{}'),
    caller: { id: 'someone1', tenant: 'estat', scopes: ['read'] },
    requestId: crypto.randomUUID(),
    trace: { traceparent: `00-${'1'.repeat(32)}-${'2'.repeat(16)}-00`, tracestate: null },
    signal: null,
  })
  expect(response.status).toBe(200)
  const [request] = heard
  expect(request?.body).toBeNull()
  const token = request?.headers.get(CALLER_HEADER) ?? ''
  const bound = { method, path: '/mcp', body: new Uint8Array() }
  expect(await verifyCallerToken(token, { keys: [publicKey], request: bound, now: now() })).toMatchObject({
    caller: { id: 'someone1' },
  })
})
