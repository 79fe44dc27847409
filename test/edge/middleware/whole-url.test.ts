import { expect, it } from 'vitest'
import { testEdge } from '../fixture.ts'

it.each([
  ['two Host headers as workerd joins them', 'http://127.0.0.1, evil.example/tools'],
  ['the target of a whole server', '*'],
])('a request without a URL is refused, logged and no failure of ours: %s', async (_what, url) => {
  const seen: unknown[] = []
  const edge = await testEdge({ seen: (one) => void seen.push([one.route, one.status]) })
  const request = new Request('http://127.0.0.1/')
  // No client can make such a Request; workerd's own has what was sent.
  Object.defineProperty(request, 'url', { value: url })
  const response = await edge.fetch(request)
  expect([response.status, await response.json()]).toMatchObject([400, { error: { code: 'INVALID_PARAMETER' } }])
  expect(response.headers.get('x-request-id')).toMatch(/^[\w-]{36}$/)
  expect(seen).toEqual([['other', 400]])
  expect([edge.reported, edge.heard]).toEqual([[], []])
})
