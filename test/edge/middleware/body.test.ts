import { beforeEach, describe, expect, it } from 'vitest'
import { posting, type TestEdge, testEdge } from '../fixture.ts'

let edge: TestEdge
let headers: Record<string, string>
beforeEach(async () => {
  edge = await testEdge()
  headers = { 'x-api-key': await edge.issueKey(['read']) }
})

/** A body without a length, in pieces. */
function chunked(total: number, piece = 65_536): RequestInit & { duplex: 'half' } {
  let left = total
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const size = Math.min(piece, left)
      left -= size
      if (size === 0) controller.close()
      else controller.enqueue(new Uint8Array(size).fill(32))
    },
  })
  return { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body, duplex: 'half' }
}

describe('body', () => {
  it('passes up to 1 MB and not a byte more, whether it says its length or not', async () => {
    for (const [size, status] of [
      [1_000_000, 200],
      [1_000_001, 413],
    ] as const) {
      expect((await edge.request('/mcp', posting(' '.repeat(size), headers))).status).toBe(status)
      expect((await edge.request('/mcp', chunked(size))).status).toBe(status)
    }
    expect(edge.heard).toHaveLength(2)
  })

  it('waits for a body that dribbles, but not for ever, and reaches nobody with half of it', async () => {
    const patient = await testEdge({ timeouts: { body: 50 } })
    let given = 0
    let cancelled = false
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        given += 1
        if (given === 1) controller.enqueue(new TextEncoder().encode('{"jsonrpc":'))
        else return new Promise<never>(() => undefined)
        return undefined
      },
      cancel: () => void (cancelled = true),
    })
    const key = await patient.issueKey(['read'])
    const headers = { 'x-api-key': key, 'content-type': 'application/json' }
    const sent: RequestInit & { duplex: 'half' } = { method: 'POST', headers, body, duplex: 'half' }
    const answer = await patient.request('/mcp', sent)
    expect([answer.status, cancelled, patient.heard.length]).toEqual([400, true, 0])
    expect(await answer.text()).toContain('did not come in time')
  })

  it('believes no length that is too small', async () => {
    const init = chunked(2_000_000)
    const response = await edge.request('/mcp', {
      ...init,
      headers: { ...(init.headers as object), 'content-length': '5' },
    })
    expect(response.status).toBe(413)
    expect(await response.json()).toMatchObject({ id: null, error: { data: { code: 'TOO_LARGE' } } })
  })

  it('refuses too much by its length alone', async () => {
    const init = posting('{}', { ...headers, 'content-length': '2000000' })
    expect((await edge.request('/execute', init)).status).toBe(413)
  })

  it('refuses what the checks could not read', async () => {
    const response = await edge.request('/mcp', posting('{}', { ...headers, 'content-encoding': 'gzip' }))
    expect(response.status).toBe(400)
    expect(edge.heard).toEqual([])
  })

  it('refuses a long batch before anything is done for it, in a few bytes', async () => {
    const ping = { jsonrpc: '2.0', id: 1, method: 'ping' }
    const ask = (count: number, key: object) =>
      edge.request(
        '/mcp',
        posting(
          Array.from({ length: count }, () => ping),
          { ...key },
        ),
      )
    expect((await ask(50, headers)).status).toBe(200)
    for (const key of [headers, {}]) {
      const response = await ask(51, key)
      expect(response.status).toBe(400)
      expect(await response.json()).toMatchObject({
        jsonrpc: '2.0',
        id: null,
        error: { data: { code: 'INVALID_PARAMETER', message: expect.stringContaining('51') } },
      })
    }
    const many = `[${Array(99_000).fill('{"id":1}').join(',')}]`
    expect((await (await edge.request('/mcp', posting(many))).text()).length).toBeLessThan(1_000)
  })

  it('takes a client that leaves in the middle for no failure of ours', async () => {
    const body = new ReadableStream({ pull: (controller) => controller.error(new Error('reset')) })
    const init = { method: 'POST', headers, body, duplex: 'half' } as RequestInit
    expect((await edge.request('/mcp', init)).status).toBe(499)
    expect(edge.reported).toEqual([])
  })

  it('sends on the very bytes that came', async () => {
    const text = ' {"jsonrpc":"2.0",\r\n"id":1.0,"method":"ping","é":"\\u00e9"} '
    let came = ''
    edge.origin(async ({ request }) => {
      came = await request.text()
      return Response.json({})
    })
    expect((await edge.request('/mcp', posting(text, headers))).status).toBe(200)
    expect(came).toBe(text)
  })
})
