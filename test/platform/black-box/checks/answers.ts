/** What an answer is: cached or fetched, framed, protected, traceable. */
import type { Check } from '../target.ts'
import { ALL, assert, call, execute, freshQuery, passedFor, post, raw, READ } from './ask.ts'

export const ANSWERS: readonly Check[] = [
  {
    name: 'a search: MISS, then HIT for every form of it',
    async run(target) {
      const key = await target.issueKey(READ)
      const query = freshQuery()
      const before = target.relay.passed.length
      const first = await execute(target, key, 'search_estat_data', { query })
      assert.equal(first.response.headers.get('x-cache'), 'MISS')
      const again = await post(target, '/mcp', call('search_estat_data', { query: ` ${query} ` }), { 'x-api-key': key })
      assert.equal(again.headers.get('x-cache'), 'HIT')
      assert.match(again.headers.get('age') ?? '', /^\d+$/)
      assert.match(await again.text(), /total_found/)
      const searches = target.relay.passed.slice(before).filter(({ path }) => path === '/execute')
      assert.equal(searches.length, 1, 'the origin was asked more than once')
    },
  },
  {
    name: 'twenty equal searches at once: the origin is asked once',
    async run(target) {
      const key = await target.issueKey({ ...READ, limit: 1000 })
      const query = freshQuery()
      const before = target.relay.passed.length
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => execute(target, key, 'search_estat_data', { query })),
      )
      assert.equal(new Set(answers.map(({ text }) => text)).size, 1)
      assert.equal(target.relay.passed.slice(before).filter(({ path }) => path === '/execute').length, 1)
    },
  },
  {
    name: 'GET /search: Cache-Control, ETag, Vary, 304',
    async run({ url, issueKey }) {
      const headers = { 'x-api-key': await issueKey(READ) }
      const address = `${url}/search?q=${encodeURIComponent(freshQuery())}`
      const first = await fetch(address, { headers })
      assert.equal(first.status, 200, (await first.text()).slice(0, 200))
      const etag = first.headers.get('etag')
      assert.ok(etag, 'no ETag')
      assert.match(first.headers.get('cache-control') ?? '', /private/)
      assert.ok(first.headers.get('vary'))
      const again = await fetch(address, { headers: { ...headers, 'if-none-match': etag } })
      assert.equal(again.status, 304)
    },
  },
  {
    name: 'a purge by an administrator, and by nobody else',
    async run(target) {
      const [reader, admin] = [await target.issueKey(READ), await target.issueKey(ALL)]
      assert.equal((await post(target, '/admin/purge', {}, { 'x-api-key': reader })).status, 403)
      const query = freshQuery()
      await execute(target, reader, 'search_estat_data', { query })
      const purged = await post(target, '/admin/purge', {}, { 'x-api-key': admin })
      assert.equal(purged.status, 200, (await purged.text()).slice(0, 200))
      const again = await execute(target, reader, 'search_estat_data', { query })
      assert.equal(again.response.headers.get('x-cache'), 'MISS')
    },
  },
  {
    name: 'a saved file by its link: whole, a range, 304, HEAD',
    async run(target) {
      const key = await target.issueKey(ALL)
      const saved = await execute(target, key, 'save_dataset_as_csv', { dataset_id: '0003410379' })
      const { result } = await execute(target, key, 'get_csv_download_url', { s3_path: saved.result['s3_path'] })
      const link = String(result['download_url'] ?? result['url'])
      const { pathname, search } = new URL(link)
      const address = `${target.url}${pathname}${search}`
      const whole = await fetch(address)
      const bytes = new Uint8Array(await whole.arrayBuffer())
      assert.equal(whole.status, 200)
      assert.match(whole.headers.get('content-disposition') ?? '', /^attachment/)
      // The byte order mark that Excel needs has survived the way.
      assert.deepEqual(bytes.slice(0, 3), Uint8Array.of(0xef, 0xbb, 0xbf))
      const part = await fetch(address, { headers: { range: 'bytes=0-9' } })
      assert.deepEqual([part.status, new Uint8Array(await part.arrayBuffer())], [206, bytes.slice(0, 10)])
      const etag = whole.headers.get('etag')
      assert.ok(etag, 'no ETag')
      assert.equal((await fetch(address, { headers: { 'if-none-match': etag } })).status, 304)
      assert.equal((await fetch(address, { method: 'HEAD' })).headers.get('content-length'), String(bytes.length))
      // Not its last character, of which base64 leaves some bits unused.
      const altered = `${address.slice(0, -9)}${address.at(-9) === 'A' ? 'B' : 'A'}${address.slice(-8)}`
      assert.ok([401, 403].includes((await fetch(altered)).status), 'an altered link opened')
    },
  },
  {
    name: 'a batch, answered member by member',
    async run(target) {
      const key = await target.issueKey(READ)
      const body = [
        call('get_estat_table_url', { dataset_id: '0003410379' }, 'a'),
        call('get_estat_table_url', { dataset_id: '0000020201' }, 'b'),
      ]
      const response = await post(target, '/mcp', body, { 'x-api-key': key, 'mcp-protocol-version': '2025-03-26' })
      const text = await response.text()
      assert.equal(response.status, 200, text.slice(0, 200))
      for (const id of ['"a"', '"b"']) assert.ok(text.includes(`"id":${id}`), text.slice(0, 200))
    },
  },
  {
    name: 'the preflight of a page that may call',
    async run({ url }) {
      const response = await fetch(`${url}/mcp`, {
        method: 'OPTIONS',
        headers: {
          origin: 'http://localhost:6274',
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'mcp-protocol-version',
        },
      })
      assert.equal(response.status, 204)
      assert.equal(response.headers.get('access-control-allow-origin'), 'http://localhost:6274')
      assert.match(response.headers.get('access-control-allow-headers') ?? '', /mcp-protocol-version/)
      assert.match(response.headers.get('vary') ?? '', /Origin/)
    },
  },
  {
    name: 'HEAD: as GET, without a body, and no stream',
    async run({ url, issueKey }) {
      const response = await fetch(`${url}/health`, { method: 'HEAD' })
      assert.deepEqual([response.status, await response.text()], [200, ''])
      const headers = { 'x-api-key': await issueKey(READ), accept: 'text/event-stream' }
      assert.equal((await fetch(`${url}/mcp`, { method: 'HEAD', headers })).status, 405)
    },
  },
  {
    name: 'security headers on every answer, HSTS on none without TLS',
    async run({ url }) {
      for (const path of ['/', '/health', '/nothing', '/tools']) {
        const { headers } = await fetch(`${url}${path}`)
        assert.equal(headers.get('x-content-type-options'), 'nosniff')
        assert.match(headers.get('content-security-policy') ?? '', /default-src 'none'/)
        assert.equal(headers.get('referrer-policy'), 'no-referrer')
        assert.ok(headers.get('cache-control'))
        assert.equal(headers.get('strict-transport-security'), null)
      }
    },
  },
  {
    name: 'a request id of our own, a trace that goes on, and timings',
    async run(target) {
      const key = await target.issueKey(READ)
      const trace = '4bf92f3577b34da6a3ce929d0e0e4736'
      const sent = { 'x-api-key': key, 'x-request-id': 'forged', traceparent: `00-${trace}-00f067aa0ba902b7-01` }
      const response = await post(target, '/mcp', call('get_estat_table_url', { dataset_id: '0003410379' }), sent)
      await response.text()
      assert.match(response.headers.get('x-request-id') ?? '', /^[0-9a-f-]{36}$/)
      const { headers } = passedFor(target, response)
      assert.match(String(headers['traceparent']), new RegExp(`^00-${trace}-(?!00f067aa0ba902b7)[0-9a-f]{16}-01$`))
      assert.match(response.headers.get('server-timing') ?? '', /edge;dur=/)
    },
  },
  {
    name: 'malformed HTTP gets an answer or a closed door, never a crash',
    needs: 'raw-http',
    async run(target) {
      const { host } = new URL(target.url)
      const smuggled = `POST /mcp HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /health HTTP/1.1\r\nHost: ${host}\r\n\r\n`
      const answer = await Promise.race([
        raw(target, smuggled),
        new Promise<string>((r) => setTimeout(() => r(''), 2000)),
      ])
      assert.ok(!answer.includes('"healthy"'), 'a smuggled request was answered')
      await raw(target, `GET / HTTP/1.1\r\nHost: ${host}\r\nX-Long: ${'a'.repeat(100_000)}\r\n\r\n`).catch(() => '')
      await raw(target, '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n').catch(() => '')
      const { status } = await fetch(`${target.url}/health`)
      assert.equal(status, 200)
    },
  },
]
